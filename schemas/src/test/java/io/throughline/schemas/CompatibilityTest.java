package io.throughline.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompatibilityTest {

    private static final Schema SESSION =
            SchemaFolder.read(SchemaFolder.CURRENT).get("session");
    private static final Schema TOUCHPOINT =
            SchemaFolder.read(SchemaFolder.CURRENT).get("touchpoint");

    static Stream<Arguments> everyReleasedSchemaOfEveryTopic() throws IOException {
        Map<String, Schema> current = SchemaFolder.read(SchemaFolder.CURRENT);
        List<Arguments> pairs = new ArrayList<>();
        try (Stream<Path> releases = Files.list(SchemaFolder.RELEASED).filter(Files::isDirectory)) {
            releases.sorted().forEach(release -> SchemaFolder.read(release)
                    .forEach((name, earlier) -> TopicsFile.topics().stream()
                            .filter(topic -> name.equals(topic.schema()))
                            .forEach(topic -> pairs.add(Arguments.of(
                                    release.getFileName().toString(), topic, current.get(name), earlier)))));
        }
        return pairs.stream();
    }

    @ParameterizedTest(name = "{1} against {0}")
    @MethodSource("everyReleasedSchemaOfEveryTopic")
    void theCurrentSchemaKeepsWhatItsTopicPromisedWithTheRelease(
            String release, TopicsFile.Topic topic, Schema current, Schema earlier) {
        assertThat(topic.compatibility().broken(current, earlier)).isEmpty();
    }

    @Test
    void everyReleasedSchemaStillHasATopic() throws IOException {
        try (Stream<Path> releases = Files.list(SchemaFolder.RELEASED).filter(Files::isDirectory)) {
            assertThat(releases.flatMap(release -> SchemaFolder.read(release).keySet().stream()))
                    .isNotEmpty()
                    .isSubsetOf(TopicsFile.schemas());
        }
    }

    @Test
    void aNewFieldWithADefaultBreaksNothing() {
        Schema next = withFields(SESSION, fields -> {
            fields.add(new Field(
                    "mood",
                    Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING)),
                    "Mood.",
                    JsonProperties.NULL_VALUE));
            return fields;
        });

        assertThat(Compatibility.FULL_TRANSITIVE.broken(next, SESSION)).isEmpty();
    }

    @Test
    void aNewFieldWithoutADefaultIsRefusedOnInputsAndOutputs() {
        UnaryOperator<List<Field>> addRequired = fields -> {
            fields.add(new Field("mood", Schema.create(Schema.Type.STRING), "Mood."));
            return fields;
        };

        assertThat(Compatibility.BACKWARD_TRANSITIVE.broken(withFields(TOUCHPOINT, addRequired), TOUCHPOINT))
                .singleElement()
                .asString()
                .contains("current version cannot read", "READER_FIELD_MISSING_DEFAULT_VALUE");
        assertThat(Compatibility.FULL_TRANSITIVE.broken(withFields(SESSION, addRequired), SESSION))
                .hasSize(1);
    }

    @Test
    void aDroppedFieldWithoutADefaultIsRefusedOnOutputsOnly() {
        UnaryOperator<List<Field>> dropChannel = fields -> {
            fields.removeIf(
                    field -> field.name().equals("channel") || field.name().equals("channels"));
            return fields;
        };

        assertThat(Compatibility.BACKWARD_TRANSITIVE.broken(withFields(TOUCHPOINT, dropChannel), TOUCHPOINT))
                .isEmpty();
        assertThat(Compatibility.FULL_TRANSITIVE.broken(withFields(SESSION, dropChannel), SESSION))
                .singleElement()
                .asString()
                .contains("earlier version cannot read", "channels");
    }

    @Test
    void aFieldOfAnotherTypeIsRefused() {
        Schema next = withFields(TOUCHPOINT, fields -> {
            fields.replaceAll(field -> field.name().equals("touchpoint_id")
                    ? new Field("touchpoint_id", Schema.create(Schema.Type.LONG), "Number.")
                    : field);
            return fields;
        });

        assertThat(Compatibility.BACKWARD_TRANSITIVE.broken(next, TOUCHPOINT))
                .singleElement()
                .asString()
                .contains("TYPE_MISMATCH");
    }

    private static Schema withFields(Schema record, UnaryOperator<List<Field>> change) {
        List<Field> fields = new ArrayList<>();
        record.getFields().forEach(field -> fields.add(new Field(field, field.schema())));
        return Schema.createRecord(
                record.getName(), record.getDoc(), record.getNamespace(), false, change.apply(fields));
    }
}
