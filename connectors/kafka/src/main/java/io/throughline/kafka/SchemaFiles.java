package io.throughline.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;

/** The schemas on the class path, under {@code avro/}. */
final class SchemaFiles {

    private SchemaFiles() {}

    static Schema read(String name) {
        String file = "avro/" + name + ".avsc";
        try (InputStream in = SchemaFiles.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("topics.yaml names schema " + name + ", but there is no " + file);
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " on the class path cannot be read", e);
        }
    }
}
