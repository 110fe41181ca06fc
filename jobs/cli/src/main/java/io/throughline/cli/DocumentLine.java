package io.throughline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/** A line of a file that another command wrote: one JSON object. */
final class DocumentLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A blank line is an object without fields.
     *
     * @param number of the line, from 1
     * @throws IOException if it is no JSON, as where the file was cut off; says where
     */
    static JsonNode parsed(String line, Path file, int number) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // Without the cause, which would speak for itself and knows no file.
            throw new IOException(file + ":" + number + " is no JSON: " + e.getOriginalMessage());
        }
    }

    private DocumentLine() {}
}
