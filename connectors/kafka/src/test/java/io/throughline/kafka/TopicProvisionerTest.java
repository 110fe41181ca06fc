package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.throughline.kafka.TopicProvisioner.Outcome;
import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import io.throughline.schemas.Touchpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicProvisionerTest {

    private static final String MOODS = "topics:\n"
            + "- {name: mood, key: customer_id, schema: touchpoint, partitions: 2, cleanup: delete,"
            + " retention: P7D, compatibility: FULL_TRANSITIVE, internal: false}\n"
            + "- {name: gossip, key: none, schema: null, partitions: 1, cleanup: delete,"
            + " retention: P1D, compatibility: null, internal: true}\n";

    private final RegistryDouble registry = new RegistryDouble();

    @Test
    void registersEverySchemaWithItsLevelOnce() throws Exception {
        assertThat(applySchemas().registered()).containsExactly("mood-value");
        assertThat(applySchemas().registered()).isEmpty();

        assertThat(registry.getAllSubjects()).containsExactly("mood-value");
        assertThat(registry.getCompatibility("mood-value")).isEqualTo("FULL_TRANSITIVE");
        assertThat(registry.getId("mood-value", new AvroSchema(Touchpoint.SCHEMA$)))
                .isPositive();
    }

    @Test
    void raisesTheLevelOfASubjectThatIsThereAlready() throws Exception {
        registry.register("mood-value", new AvroSchema(Touchpoint.SCHEMA$));
        registry.updateCompatibility("mood-value", "NONE");

        assertThat(applySchemas().registered()).isEmpty();

        assertThat(registry.getCompatibility("mood-value")).isEqualTo("FULL_TRANSITIVE");
    }

    @Test
    void saysInOneLineWhyTheRegistryRefused() {
        assertThat(refusal(409, 409))
                .hasMessageStartingWith("subject mood-value: schema touchpoint is not full transitive compatible with"
                        + " the registered versions: add fields with defaults instead")
                .message()
                .doesNotContain("\n");
        assertThat(refusal(404, 404))
                .hasMessage("there is no Schema Registry interface at http://registry: set kafka.registry_url"
                        + " (Apicurio's ends in /apis/ccompat/v7)");
        assertThat(refusal(403, 40301))
                .hasMessage(
                        "Schema Registry at http://registry refused subject mood-value: told to; error code: 40301");
    }

    @Test
    void saysInOneLineThatKafkaIsNotThere() {
        TopicProvisioner impatient = new TopicProvisioner(
                TopicCatalogue.load(), Map.of("default.api.timeout.ms", "300", "request.timeout.ms", "200"), Map.of());

        assertThatThrownBy(() -> impatient.applyTo("127.0.0.1:1", "http://127.0.0.1:1"))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers");
    }

    @Test
    void saysInOneLineThatTheAddressOfKafkaIsNone() {
        assertThatThrownBy(() -> TopicProvisioner.apply("nonsense", "http://127.0.0.1:1"))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageStartingWith("Kafka at nonsense cannot be used: ")
                .hasMessageEndingWith(": check kafka.bootstrap_servers and kafka.properties");
    }

    private ProvisioningException refusal(int status, int errorCode) {
        RegistryDouble refusing = new RegistryDouble() {
            @Override
            public int register(String subject, ParsedSchema schema) throws RestClientException {
                throw RegistryDouble.answer(status, errorCode);
            }
        };
        try {
            provisioner().applySchemas(refusing, "http://registry", outcome());
        } catch (ProvisioningException e) {
            return e;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("not refused");
    }

    private Outcome applySchemas() throws Exception {
        Outcome outcome = outcome();
        provisioner().applySchemas(registry, "http://registry", outcome);
        return outcome;
    }

    private static Outcome outcome() {
        return new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private static TopicProvisioner provisioner() throws IOException {
        return new TopicProvisioner(TopicCatalogue.read(new ByteArrayInputStream(MOODS.getBytes(UTF_8))));
    }
}
