package io.throughline.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code examples/} holds one realistic document of every schema, in the JSON form people write and the index holds. */
class ExamplesTest {

    private static final Map<String, Schema> CURRENT = SchemaFolder.read(SchemaFolder.CURRENT);

    static Set<String> everySchema() {
        return CURRENT.keySet();
    }

    @Test
    void thereIsOneOfEverySchemaAndNothingElse() throws IOException {
        try (Stream<Path> files = Files.list(SchemaFolder.EXAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", ""))
                            .collect(Collectors.toSet()))
                    .isEqualTo(CURRENT.keySet());
        }
    }

    @ParameterizedTest
    @MethodSource("everySchema")
    void itIsWhatTheSchemaSaysAndBecomesTheGeneratedRecord(String name) throws IOException {
        Schema schema = CURRENT.get(name);

        GenericRecord example = SimpleJson.toRecord(
                schema,
                new ObjectMapper()
                        .readTree(SchemaFolder.EXAMPLES.resolve(name + ".json").toFile()));

        assertThat(GenericData.get().validate(schema, example)).isTrue();
        assertThat(generated(example).getClass().getSimpleName()).isEqualTo(schema.getName());
    }

    private static SpecificRecord generated(GenericRecord example) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<>(example.getSchema()).write(example, encoder);
        return new SpecificDatumReader<SpecificRecord>(example.getSchema())
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }
}
