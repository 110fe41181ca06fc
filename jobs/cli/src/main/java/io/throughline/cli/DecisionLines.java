package io.throughline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.Subject;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads people's decisions, one JSON object a line: {@code verdict} (always, never, withdrawn), {@code one} and
 * {@code other} ({@code {"type": ..., "value": ...}}, the value raw or a pseudonym after #), {@code effective_from},
 * {@code reason}, {@code author}.
 */
final class DecisionLines {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FIELDS =
            Set.of("verdict", "one", "other", "effective_from", "reason", "author", "decided_at");

    private final TypedSubject subjects;
    private final Settings settings;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private DecisionLines(Settings settings) {
        this.subjects = new TypedSubject(settings.ingest(), new LibPhoneNumbers());
        this.settings = settings;
    }

    /** @throws UsageException listing everything that is wrong with the file */
    static List<Decision> read(@Nullable Path file, Settings settings) throws IOException {
        if (file == null) {
            return List.of();
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UsageException("--decisions " + file + " is not a file that can be read");
        }
        DecisionLines lines = new DecisionLines(settings);
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    lines.add(file + ":" + number, line);
                }
            }
        } catch (CharacterCodingException e) {
            lines.problems.add(file + ": is not UTF-8 text; write one JSON object a line");
        }
        if (!lines.problems.isEmpty()) {
            throw new UsageException(String.join("\n", lines.problems));
        }
        return lines.decisions;
    }

    private void add(String place, String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            problems.add(place + ": is not JSON; write one object a line");
            return;
        }
        int before = problems.size();
        json.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                problems.add(place + ": " + Refused.quote(field) + " is not a field of a decision");
            }
        });
        Decision.Verdict verdict = verdict(place, json);
        Identifier one = identifier(place, json, "one");
        Identifier other = identifier(place, json, "other");
        Long effectiveFrom = time(place, json);
        if (one != null && one.equals(other)) {
            problems.add(place + ": one and other are the same identifier; name two");
        }
        if (problems.size() == before && verdict != null && one != null && other != null && effectiveFrom != null) {
            decisions.add(new Decision(
                    verdict,
                    one,
                    other,
                    effectiveFrom,
                    json.path("reason").asText(),
                    json.path("author").asText()));
        }
    }

    private Decision.@Nullable Verdict verdict(String place, JsonNode json) {
        String word = json.path("verdict").asText();
        for (Decision.Verdict verdict : Decision.Verdict.values()) {
            if (verdict.name().toLowerCase(Locale.ROOT).equals(word)) {
                return verdict;
            }
        }
        problems.add(place + ": verdict must be always, never or withdrawn, was " + Refused.quote(word));
        return null;
    }

    /** Names no value: it may be personal. */
    private @Nullable Identifier identifier(String place, JsonNode json, String field) {
        String type = json.path(field).path("type").asText();
        String value = json.path(field).path("value").asText();
        Subject subject = subjects.read(type + ":" + value);
        if (subject instanceof Subject.Known known) {
            if (settings.stitch().typeOf(known.identifier()).scope() == Scope.PERSON) {
                return known.identifier();
            }
            problems.add(place + ": " + field + " is of type " + type + "; only identifiers of persons are decided on");
        } else if (subject instanceof Subject.Nobody) {
            problems.add(place + ": the value of " + field + " names nobody: it is blocked, or no " + type);
        } else {
            problems.add(place + ": " + field + " must be {\"type\": ..., \"value\": ...} with a configured type, was "
                    + Refused.quote(type));
        }
        return null;
    }

    private @Nullable Long time(String place, JsonNode json) {
        JsonNode time = json.path("effective_from");
        try {
            return time.canConvertToExactIntegral()
                    ? time.asLong()
                    : OffsetDateTime.parse(time.asText()).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            problems.add(place + ": effective_from must be ISO 8601 with an offset, such as 2026-01-31T12:00:00Z, or"
                    + " epoch milliseconds, was " + Refused.quote(time.asText()));
            return null;
        }
    }
}
