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

/** {@code erase} without Kafka: whom people may erase, and the file to try it with. */
class EraseCommandTest {

    private static final String HEX = "8a1f0c52d6e94b7788c3a5f4e1d2b390";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void anErasureIsAppendedToTheFileWithPseudonymsOnly() throws Exception {
        Path file = Files.writeString(directory.resolve("erasures.ndjson"), "{\"an\":\"earlier line\"}");

        Invocation erase = erase(
                "email: Ada@Example.com",
                "customer_number:#" + HEX,
                "cookie:k-1",
                "--reason",
                "request 4711",
                "--author",
                "j.marsh",
                "--until",
                "2026-01-31T12:00:00Z",
                "--output",
                file.toString());

        assertThat(erase.exit()).isZero();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(4).first().isEqualTo("{\"an\":\"earlier line\"}");
        List<String> values = new ArrayList<>();
        for (String line : lines.subList(1, 4)) {
            JsonNode erasure = JSON.readTree(line);
            assertThat(erasure.get("erased_until").asText()).isEqualTo("2026-01-31T12:00:00Z");
            assertThat(erasure.get("reason").asText()).isEqualTo("request 4711");
            assertThat(erasure.get("author").asText()).isEqualTo("j.marsh");
            values.add(erasure.at("/identifier/value").asText());
        }
        assertThat(values.get(0)).matches("#[0-9a-f]{32}");
        assertThat(values.subList(1, 3)).containsExactly("#" + HEX, "k-1");
        assertThat(erase.out()).hasSize(3);
        assertThat(erase.out().get(1))
                .isEqualTo("customer_number:#" + HEX + " until 2026-01-31T12:00:00Z: appended to " + file);
        assertThat(String.join("", erase.out())).doesNotContain("xample");
    }

    @Test
    void withoutATimeItIsUntilNowAndForGoodIsForEver() throws Exception {
        Instant before = Instant.now().minusMillis(1);

        Invocation now = erase("phone:+49 30 123456", "--reason", "r", "--output", "-");
        Invocation forGood = erase("phone:+49 30 123456", "--reason", "r", "--for-good", "--output", "-");

        assertThat(Instant.parse(
                        JSON.readTree(now.out().get(0)).get("erased_until").asText()))
                .isBetween(before, Instant.now());
        assertThat(JSON.readTree(forGood.out().get(0)).get("erased_until").asText())
                .isEqualTo("2199-12-31T23:59:59.999Z");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        Invocation erase = erase("t-1", "shoe_size:43", "email:null", "--until", "2150-01-01T00:00:00Z");

        assertThat(erase.exit()).isEqualTo(2);
        assertThat(erase.err())
                .anyMatch(line -> line.startsWith("erase: --until: lies in the future"))
                .anyMatch(line -> line.startsWith("erase: IDENTIFIER 1: must be TYPE:VALUE"))
                .anyMatch(line -> line.startsWith("erase: IDENTIFIER 2: \"shoe_size\" is not a configured type"))
                .anyMatch(line -> line.startsWith("erase: IDENTIFIER 3: the value is a placeholder that names nobody"))
                .contains("erase: --reason: required, but absent or blank");
        assertThat(erase("--reason", "r").err())
                .contains("erase: name at least one identifier as TYPE:VALUE, such as email:ada@example.com");
    }

    @Test
    void aCustomerIsErasedWithAllThatIsTheirOwnAndNothingThatOthersShare() throws Exception {
        try (StubIndex index =
                StubIndex.ofCustomer("email:ada@example.com joined", "cookie:k-1 joined", "device_id:tablet shared")) {
            Path config = Files.writeString(
                    directory.resolve("throughline.yaml"), "elasticsearch: {urls: ['" + index.url() + "']}\n");

            Invocation erase = erase(
                    "email:ada@example.com",
                    "--customer",
                    "--reason",
                    "r",
                    "--config",
                    config.toString(),
                    "--output",
                    "-");
            Invocation unknown = erase(
                    "email:eve@example.com",
                    "--customer",
                    "--reason",
                    "r",
                    "--config",
                    config.toString(),
                    "--output",
                    "-");

            assertThat(erase.exit()).isZero();
            assertThat(erase.out()).hasSize(2);
            assertThat(JSON.readTree(erase.out().get(1)).at("/identifier/value").asText())
                    .isEqualTo("k-1");
            assertThat(erase.err())
                    .anyMatch(line -> line.startsWith("erase: left out: device_id:tablet of c-1 is shared"));
            assertThat(unknown.exit()).isEqualTo(1);
            assertThat(unknown.out()).isEmpty();
            assertThat(unknown.err())
                    .anyMatch(line -> line.startsWith("erase: no customer in the live index has email:#"));
        }
    }

    private static Invocation erase(String... arguments) {
        List<String> all = new ArrayList<>(List.of("erase"));
        all.addAll(List.of(arguments));
        return Invocation.of(all.toArray(String[]::new));
    }
}
