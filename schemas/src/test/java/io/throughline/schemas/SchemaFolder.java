package io.throughline.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The schemas of one folder by file name without extension, and the folders of this module. */
final class SchemaFolder {

    static final Path CURRENT = Path.of("src/main/avro");
    static final Path RELEASED = Path.of("released");
    static final Path EXAMPLES = Path.of("examples");
    static final Path TOPICS = Path.of("src/main/resources/topics.yaml");

    private SchemaFolder() {}

    static SortedMap<String, Schema> read(Path folder) {
        SortedMap<String, Schema> schemas = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".avsc")).toList()) {
                String name = file.getFileName().toString();
                schemas.put(
                        name.substring(0, name.length() - ".avsc".length()),
                        new Schema.Parser().parse(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemas;
    }
}
