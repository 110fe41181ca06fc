package io.throughline.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SchemaTest {

    private static final Map<String, Schema> CURRENT = SchemaFolder.read(SchemaFolder.CURRENT);

    @Test
    void everyRecordAndEveryFieldSaysWhatItIs() {
        List<String> undocumented = new ArrayList<>();
        CURRENT.values().forEach(schema -> collectUndocumented(schema, undocumented, new HashSet<>()));

        assertThat(undocumented).isEmpty();
    }

    @Test
    void aMissingDocIsNoticed() {
        Schema inner = Schema.createRecord("Inner", "Inner.", "x", false, List.of(field("a", null)));
        Schema outer = Schema.createRecord(
                "Outer", null, "x", false, List.of(new Schema.Field("b", Schema.createArray(inner), " ")));
        List<String> undocumented = new ArrayList<>();

        collectUndocumented(outer, undocumented, new HashSet<>());

        assertThat(undocumented).containsExactlyInAnyOrder("x.Outer", "x.Outer.b", "x.Inner.a");
    }

    @Test
    void everyFieldIsInSnakeCaseAndEveryTimeInMilliseconds() {
        CURRENT.values().stream()
                .flatMap(schema -> records(schema, new HashSet<>()).stream())
                .flatMap(record -> record.getFields().stream())
                .forEach(field -> {
                    assertThat(field.name()).matches("[a-z][a-z0-9]*(_[a-z0-9]+)*");
                    if (field.schema().getLogicalType() != null) {
                        assertThat(field.schema().getLogicalType().getName()).isEqualTo("timestamp-millis");
                    }
                });
    }

    @Test
    void topicsNameExactlyTheSchemasThereAre() {
        assertThat(TopicsFile.schemas()).isEqualTo(CURRENT.keySet());
    }

    private static Schema.Field field(String name, String doc) {
        return new Schema.Field(name, Schema.create(Schema.Type.STRING), doc);
    }

    private static void collectUndocumented(Schema schema, List<String> undocumented, Set<String> seen) {
        for (Schema record : records(schema, seen)) {
            if (isBlank(record.getDoc())) {
                undocumented.add(record.getFullName());
            }
            record.getFields().stream()
                    .filter(field -> isBlank(field.doc()))
                    .forEach(field -> undocumented.add(record.getFullName() + "." + field.name()));
        }
    }

    private static boolean isBlank(String doc) {
        return doc == null || doc.isBlank();
    }

    /** The schema's records, itself included, each once. */
    private static List<Schema> records(Schema schema, Set<String> seen) {
        List<Schema> found = new ArrayList<>();
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    found.add(schema);
                    schema.getFields().forEach(field -> found.addAll(records(field.schema(), seen)));
                }
            }
            case ARRAY -> found.addAll(records(schema.getElementType(), seen));
            case MAP -> found.addAll(records(schema.getValueType(), seen));
            case UNION -> schema.getTypes().forEach(branch -> found.addAll(records(branch, seen)));
            default -> {
                // Nothing nested in the other types.
            }
        }
        return found;
    }
}
