package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.ingest.IdentifierNormaliser;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.stitch.Decision;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.replay.WordFile.InvalidException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordFileTest {

    @TempDir
    Path directory;

    @Test
    void rawValuesAndPseudonymsAreDecisionsOnTheSameIdentifiers() throws Exception {
        IdentifierNormaliser ingest = new IdentifierNormaliser(IngestConfig.DEFAULTS, new LibPhoneNumbers());
        String pseudonym = ingest.normalise("email", "a@x.org").value();

        List<Decision> decisions = WordFile.decisions(
                write(
                        """
                        {"verdict":"always","one":{"type":"email","value":" A@x.org"},"other":{"type":"phone","value":"+49 30 123456"},"reason":"told us","effective_from":"2026-01-01T00:00:00Z"}

                        {"verdict":"always","one":{"type":"email","value":"#%s"},"other":{"type":"phone","value":"+4930123456"},"reason":"told us","effective_from":"2026-01-01T00:00:00Z"}
                        """
                                .formatted(pseudonym)),
                Rules.DEFAULTS);

        assertThat(decisions).hasSize(2);
        assertThat(decisions.get(0)).isEqualTo(decisions.get(1));
        assertThat(List.of(decisions.get(0).one(), decisions.get(0).other()))
                .containsExactlyInAnyOrder(
                        ingest.normalise("email", "a@x.org"), ingest.normalise("phone", "+4930123456"));
    }

    @Test
    void everythingThatIsWrongIsNamedWithFileAndLine() throws Exception {
        Path file = write(
                """
                {"verdict":"always","one":{"type":"email","value":"a@x.org"},"other":{"type":"cookie","value":"c"},"effective_from":"2026-01-01T00:00:00Z"}

                no json
                {"verdict":"sometimes"}
                """);

        assertThatThrownBy(() -> WordFile.decisions(file, Rules.DEFAULTS))
                .isInstanceOf(InvalidException.class)
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .allMatch(line -> line.startsWith(file + ":"))
                        .map(line -> line.substring(file.toString().length()))
                        .satisfiesExactly(
                                line -> assertThat(line)
                                        .startsWith(":1: other: a cookie names a device, and only persons can be"
                                                + " decided on; types of persons are customer_number,"),
                                line -> assertThat(line).isEqualTo(":1: reason: required, but absent or blank"),
                                line -> assertThat(line).startsWith(":3: not JSON at column"),
                                line -> assertThat(line).startsWith(":4: verdict: \"sometimes\" is none of"),
                                line -> assertThat(line).startsWith(":4: one: required"),
                                line -> assertThat(line).startsWith(":4: other: required"),
                                line -> assertThat(line).startsWith(":4: effective_from: required"),
                                line -> assertThat(line).startsWith(":4: reason: required")));
    }

    @Test
    void bytesThatAreNoTextAreNoDecisions() throws Exception {
        Path file = Files.write(directory.resolve("decisions.ndjson"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> WordFile.decisions(file, Rules.DEFAULTS))
                .isInstanceOf(InvalidException.class)
                .hasMessage(file + ": is not UTF-8 text; write one JSON object a line");
    }

    private Path write(String lines) throws Exception {
        return Files.writeString(directory.resolve("decisions.ndjson"), lines);
    }
}
