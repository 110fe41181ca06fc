package io.throughline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.throughline.schemas.Touchpoint;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** What the module {@code schema-registry-client} promises: Confluent's client by its own names, on this project's Avro. */
class SchemaRegistryClientTest {

    @Test
    void parsesAnAvroSchemaIntoTheAvroOnTheClassPath() throws Exception {
        try (SchemaRegistryClient client = new CachedSchemaRegistryClient("http://127.0.0.1:1", 10)) {
            Schema parsed = client.parseSchema(AvroSchema.TYPE, Touchpoint.SCHEMA$.toString(), List.of())
                    .map(schema -> ((AvroSchema) schema).rawSchema())
                    .orElseThrow();

            assertThat(parsed).isEqualTo(Touchpoint.SCHEMA$);
        }
    }

    @Test
    void theInMemoryRegistryGivesBackWhatWasRegistered() throws Exception {
        SchemaRegistryClient registry = new MockSchemaRegistryClient();

        int id = registry.register("touchpoints-value", new AvroSchema(Touchpoint.SCHEMA$));

        assertThat(registry.getSchemaById(id).canonicalString()).isEqualTo(Touchpoint.SCHEMA$.toString());
    }
}
