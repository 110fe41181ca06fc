package io.throughline.scenarios.story;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.domain.ingest.Accepted;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.Validation;
import io.throughline.domain.stitch.Customers;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.ingest.JsonTouchpoints;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.scenarios.simulator.TouchpointJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each story's people.json says by hand whose each touchpoint is, and in how many sessions; the rules have to agree. */
class StoryPeopleTest {
    private static final IngestConfig INGEST = IngestConfig.DEFAULTS;
    private static final Validation VALIDATION = new Validation(INGEST, new LibPhoneNumbers());
    private static final JsonTouchpoints JSON = new JsonTouchpoints(INGEST.maxRecordBytes());

    record Life(int sessions, List<String> touchpoints) {}

    @ParameterizedTest
    @MethodSource("names")
    void stitchingFindsThePeopleOfTheStory(String name) throws IOException {
        List<Touchpoint> touchpoints = accepted(Story.named(name));
        Map<String, Life> people = people(name);

        Map<String, String> customers = Customers.of(touchpoints, List.of(), StitchConfig.DEFAULTS);

        Set<Set<String>> found = new HashSet<>(touchpoints.stream()
                .map(Touchpoint::touchpointId)
                .collect(groupingBy(customers::get, mapping(id -> id, toCollection(TreeSet::new))))
                .values());
        Set<Set<String>> told = new HashSet<>();
        people.values().forEach(life -> told.add(new TreeSet<>(life.touchpoints())));
        assertThat(found).isEqualTo(told);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theirSilencesMakeTheSessionsOfTheStory(String name) throws IOException {
        Map<String, Touchpoint> byId = new HashMap<>();
        accepted(Story.named(name)).forEach(touchpoint -> byId.put(touchpoint.touchpointId(), touchpoint));

        Map<String, Integer> found = new TreeMap<>();
        Map<String, Integer> told = new TreeMap<>();
        people(name).forEach((who, life) -> {
            told.put(who, life.sessions());
            found.put(who, sessions(life.touchpoints().stream().map(byId::get).toList()));
        });
        assertThat(found).isEqualTo(told);
    }

    /** Inbound touchpoints whose intervals [time, time + gap] touch belong together, until a logout. */
    private static int sessions(List<Touchpoint> touchpoints) {
        List<Touchpoint> inOrder = new ArrayList<>(touchpoints);
        inOrder.removeIf(Touchpoint::outbound);
        inOrder.sort(Comparator.comparingLong(Touchpoint::eventTime));
        int sessions = 0;
        long openUntil = Long.MIN_VALUE;
        for (Touchpoint touchpoint : inOrder) {
            if (touchpoint.eventTime() > openUntil) {
                sessions++;
                openUntil = Long.MIN_VALUE;
            }
            openUntil = touchpoint.kind().equals("logout")
                    ? Long.MIN_VALUE
                    : Math.max(openUntil, touchpoint.eventTime() + StitchConfig.DEFAULTS.gapOf(touchpoint.channel()));
        }
        return sessions;
    }

    private static List<Touchpoint> accepted(Story story) {
        List<Touchpoint> touchpoints = new ArrayList<>();
        for (io.throughline.schemas.Touchpoint told : story.touchpoints()) {
            if (JSON.decode(TouchpointJson.write(told)) instanceof RawTouchpoint raw
                    && VALIDATION.check(raw, null) instanceof Accepted accepted) {
                touchpoints.add(accepted.touchpoint());
            }
        }
        return touchpoints;
    }

    static Map<String, Life> people(String name) throws IOException {
        return new ObjectMapper()
                .readValue(Files.readString(Path.of("stories", name, "people.json")), new TypeReference<>() {});
    }

    private static List<String> names() {
        return Story.names();
    }
}
