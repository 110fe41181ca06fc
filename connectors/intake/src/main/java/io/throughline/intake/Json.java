package io.throughline.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloudevents.jackson.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.regex.Pattern;

/** Reads JSON as strictly as ingest does: a field named twice and something after the value are faults. */
final class Json {

    /** What the parser says to programmers, who could make it read what is no JSON. */
    private static final Pattern ADVICE =
            Pattern.compile(": (enable `|maybe a \\(non-standard\\)|expected close marker).*", Pattern.DOTALL);

    static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(JsonFormat.getCloudEventJacksonModule())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // What a message quotes of the record could be personal.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws Misfit if it is not JSON in UTF-8 */
    static JsonNode read(byte[] bytes) {
        return read(text(bytes, UTF_8), "");
    }

    /** @param what names the text in messages, with a colon and a space behind it */
    static JsonNode read(String text, String what) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node.isMissingNode()) {
                throw Misfit.malformed(what + "is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw Misfit.malformed(what + "not JSON: " + said(e));
        }
    }

    /** @throws Misfit if the bytes are no text in that encoding */
    static String text(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw Misfit.malformed("is no text in " + charset.name());
        }
    }

    /** The first line of what a parser says, without what is in quotes of the record. */
    static String said(JsonProcessingException e) {
        String line = ADVICE.matcher(String.valueOf(e.getOriginalMessage()))
                .replaceFirst("")
                .lines()
                .findFirst()
                .orElse("");
        return line.length() > 160 ? line.substring(0, 160) : line;
    }

    private Json() {}
}
