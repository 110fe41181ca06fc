package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code link} without Kafka: what people may ask for, and the file to try it with. */
class LinkCommandTest {

    private static final String HEX = "8a1f0c52d6e94b7788c3a5f4e1d2b390";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void aDecisionIsAppendedToTheFileWithPseudonymsOnly() throws Exception {
        Path file = Files.writeString(directory.resolve("decisions.ndjson"), "{\"an\":\"earlier line\"}");

        Invocation link = link(
                "--never",
                "email: Ada@Example.com",
                "customer_number:#" + HEX,
                "--reason",
                "father and son",
                "--author",
                "j.marsh",
                "--effective-from",
                "2026-01-31T12:00:00Z",
                "--output",
                file.toString());

        assertThat(link.exit()).isZero();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2).first().isEqualTo("{\"an\":\"earlier line\"}");
        JsonNode decision = JSON.readTree(lines.get(1));
        assertThat(decision.get("verdict").asText()).isEqualTo("never");
        assertThat(decision.get("effective_from").asText()).isEqualTo("2026-01-31T12:00:00Z");
        assertThat(decision.get("reason").asText()).isEqualTo("father and son");
        assertThat(decision.get("author").asText()).isEqualTo("j.marsh");
        assertThat(List.of(decision.get("one"), decision.get("other")))
                .extracting(identifier -> identifier.get("value").asText())
                .allMatch(value -> value.matches("#[0-9a-f]{32}"))
                .contains("#" + HEX);
        assertThat(link.out()).hasSize(3);
        assertThat(link.out().get(0))
                .startsWith("never: ")
                .contains("customer_number:#" + HEX, "email:#", " and ")
                .doesNotContain("xample");
        assertThat(link.out().get(1)).isEqualTo("effective from 2026-01-31T12:00:00Z");
        assertThat(link.out().get(2)).isEqualTo("appended to " + file);
    }

    @Test
    void withoutATimeItIsEffectiveFromNowAndWithoutAnAuthorItIsWhoRunsTheCommand() throws Exception {
        Instant before = Instant.now().minusMillis(1);

        Invocation link =
                link("--always", "phone:+49 30 123456", "account_id:7", "--reason", "told us", "--output", "-");

        assertThat(link.exit()).isZero();
        JsonNode decision = JSON.readTree(link.out().get(0));
        assertThat(link.out()).hasSize(1);
        assertThat(Instant.parse(decision.get("effective_from").asText())).isBetween(before, Instant.now());
        assertThat(decision.get("author").asText()).isEqualTo(System.getProperty("user.name"));
    }

    @Test
    void theKeyEverybodyKnowsIsWarnedOf() throws Exception {
        String[] asked = {"--withdraw", "phone:+4930123456", "account_id:7", "--reason", "r", "--output", "-"};
        Path config = Files.writeString(
                directory.resolve("throughline.yaml"), "ingest:\n  pseudonym_key: a-key-that-nobody-knows\n");

        assertThat(link(asked).err())
                .singleElement()
                .asString()
                .startsWith("link: warning: ingest.pseudonym_key is not set");
        List<String> withKey = new ArrayList<>(List.of(asked));
        withKey.addAll(List.of("--config", config.toString()));
        assertThat(link(withKey.toArray(String[]::new)).err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shoe_size:43             | B: \"shoe_size\" is not a configured type; types of persons are customer_number,",
                "cookie:c-1               | B: a cookie names a device, and only persons can be decided on;",
                "phone:1234               | B: the value cannot be a phone number: it needs a country",
                "email:nobody             | B: the value cannot be an e-mail address: it needs something before and after an @",
                "email:anonymous          | B: the value is a placeholder that names nobody",
                "email:#8a1f              | B: what follows # must be a pseudonym, 32 hexadecimal digits",
                "customer number: 1042    | B: is the same identifier as one; name two",
                "tp-4711                  | B: must be TYPE:VALUE, such as email:ada@example.com; touchpoint ids are not accepted",
                "email:                   | B: must be TYPE:VALUE",
            })
    void anIdentifierNobodyCanDecideOnIsOneLine(String identifier, String complaint) {
        Invocation link = link("--always", "customer_number:1042", identifier, "--reason", "r", "--output", "-");

        assertThat(link.exit()).isEqualTo(2);
        assertThat(link.out()).isEmpty();
        assertThat(link.err()).singleElement().asString().startsWith("link: " + complaint);
    }

    @Test
    void everyErrorHasALineOfItsOwn() {
        Invocation link =
                link("--always", "--never", "device_id:d", "email:x", "--effective-from", "2199-01-01T00:00:00Z");

        assertThat(link.exit()).isEqualTo(2);
        assertThat(link.err())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .isEqualTo("link: --always and --never exclude each other; say one of them"),
                        line -> assertThat(line).startsWith("link: A: a device_id names a device"),
                        line -> assertThat(line).startsWith("link: B: the value cannot be an e-mail address"),
                        line -> assertThat(line).startsWith("link: --effective-from: lies in the future"),
                        line -> assertThat(line).isEqualTo("link: --reason: required, but absent or blank"));
    }

    @Test
    void nothingSaidIsSaid() {
        Invocation link = link();

        assertThat(link.exit()).isEqualTo(2);
        assertThat(link.err())
                .containsExactly(
                        "link: say what is decided: --always, --never or --withdraw",
                        "link: name two identifiers, A and B, as TYPE:VALUE; there are 0",
                        "link: --reason: required, but absent or blank");
        assertThat(link("--always", "a:1", "b:2", "c:3", "--reason", "r").err())
                .containsExactly("link: name two identifiers, A and B, as TYPE:VALUE; there are 3");
    }

    @Test
    void aFileThatCannotBeWrittenIsAnError() {
        Path nowhere = directory.resolve("none").resolve("decisions.ndjson");
        Invocation link =
                link("--always", "email:a@x.org", "account_id:7", "--reason", "r", "--output", nowhere.toString());

        assertThat(link.exit()).isEqualTo(2);
        assertThat(link.err())
                .contains("link: --output " + nowhere
                        + " must be a file that can be written, in a directory that exists");
    }

    @Test
    void theHelpSaysWhatItTakes() {
        Invocation help = link("--help");

        assertThat(help.exit()).isZero();
        assertThat(String.join(" ", help.out()).replaceAll("\\s+", " "))
                .contains("link --always|--never|--withdraw A B --reason TEXT", "Touchpoint ids are not accepted");
    }

    private static Invocation link(String... arguments) {
        List<String> all = new ArrayList<>(List.of("link"));
        all.addAll(List.of(arguments));
        return Invocation.of(all.toArray(String[]::new));
    }
}
