package io.throughline.scenarios.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A line of a file that another command wrote: one JSON object. */
public final class DocumentLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Hands over every line in order, but blank ones.
     *
     * @throws IOException as {@link #parsed}, or if the file cannot be read
     */
    public static void read(Path file, Consumer<JsonNode> take) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    take.accept(parsed(line, file, number));
                }
            }
        }
    }

    /**
     * A blank line is an object without fields.
     *
     * @param number of the line, from 1
     * @throws IOException if it is no JSON, as where the file was cut off; says where
     */
    public static JsonNode parsed(String line, Path file, int number) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // Without the cause, which would speak for itself and knows no file.
            throw new IOException(file + ":" + number + " is no JSON: " + e.getOriginalMessage());
        }
    }

    private DocumentLine() {}
}
