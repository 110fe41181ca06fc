package io.throughline.schemas;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** What the levels of {@code topics.yaml} demand between the current version of a schema and an earlier one. */
enum Compatibility {
    BACKWARD_TRANSITIVE {
        @Override
        List<String> broken(Schema current, Schema earlier) {
            return differences("the current version cannot read the earlier one", current, earlier)
                    .toList();
        }
    },
    FULL_TRANSITIVE {
        @Override
        List<String> broken(Schema current, Schema earlier) {
            return Stream.concat(
                            BACKWARD_TRANSITIVE.broken(current, earlier).stream(),
                            differences("the earlier version cannot read the current one", earlier, current))
                    .toList();
        }
    };

    /** What is broken, one line each; empty where nothing is. */
    abstract List<String> broken(Schema current, Schema earlier);

    private static Stream<String> differences(String what, Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map((Incompatibility difference) -> what + ": " + difference.getType() + " " + difference.getMessage()
                        + " at " + difference.getLocation());
    }
}
