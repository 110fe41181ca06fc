package io.throughline.scenarios.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoryTest {
    private static final Path STORIES = Path.of("stories");

    @Test
    void theIndexNamesEveryFolder() throws IOException {
        try (Stream<Path> folders = Files.list(STORIES)) {
            assertThat(Story.names())
                    .containsExactlyElementsOf(folders.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString())
                            .sorted()
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyLineIsAValidTouchpoint(String name) {
        Story story = Story.named(name);

        assertThat(story.touchpoints()).extracting(Touchpoint::getTouchpointId).doesNotHaveDuplicates();
        assertThat(story.touchpoints()).extracting(Story::received).isSorted();
        assertThat(Story.in(STORIES.resolve(name))).isEqualTo(story);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theStorySaysInWordsWhatToExpect(String name) throws IOException {
        String words = Files.readString(STORIES.resolve(name).resolve("story.md"));

        assertThat(name).matches("[a-z]+(-[a-z]+)*");
        assertThat(words).startsWith("# ").contains("## What to expect", "**Customers:** ");
    }

    @Test
    void noTwoStoriesShareATouchpointOrAPerson() {
        Set<String> ids = new HashSet<>();
        Set<String> people = new HashSet<>();
        for (String name : Story.names()) {
            Set<String> mine = new HashSet<>();
            for (Touchpoint touchpoint : Story.named(name).touchpoints()) {
                assertThat(ids.add(touchpoint.getTouchpointId()))
                        .as(touchpoint.getTouchpointId())
                        .isTrue();
                touchpoint.getIdentifiers().stream()
                        .filter(i -> Set.of("customer_number", "email", "phone").contains(i.getType()))
                        .map(i -> i.getValue().toLowerCase(Locale.ROOT))
                        .filter(value -> !JUNK.contains(value))
                        .forEach(mine::add);
            }
            assertThat(people).as(name).doesNotContainAnyElementsOf(mine);
            people.addAll(mine);
        }
    }

    @Test
    void aMovedStoryKeepsItsShapeAndGetsItsOwnTouchpoints() {
        Story story = Story.named("home-loan");
        Story moved = story.movedBy(Duration.ofDays(3));

        assertThat(moved.touchpoints()).hasSameSizeAs(story.touchpoints());
        assertThat(moved.firstReceived()).isEqualTo(story.firstReceived().plus(Duration.ofDays(3)));
        assertThat(moved.touchpoints())
                .extracting(Touchpoint::getTouchpointId)
                .doesNotContainAnyElementsOf(story.touchpoints().stream()
                        .map(Touchpoint::getTouchpointId)
                        .toList());
        assertThat(moved.touchpoints())
                .flatExtracting(Touchpoint::getIdentifiers)
                .containsExactlyElementsOf(story.touchpoints().stream()
                        .flatMap(touchpoint -> touchpoint.getIdentifiers().stream())
                        .toList());
    }

    @Test
    void dueDatesMoveAlong() {
        Touchpoint promise = Story.named("answered-but-silent")
                .movedBy(Duration.ofDays(1))
                .touchpoints()
                .get(3);

        assertThat(Instant.parse(promise.getProperties().get("due"))).isEqualTo(Instant.parse("2026-06-10T10:00:00Z"));
    }

    @Test
    void surveysStillPointAtTheirTouchpoint() {
        Story moved = Story.named("bot-to-approval").movedBy(Duration.ofHours(1));
        List<String> ids =
                moved.touchpoints().stream().map(Touchpoint::getTouchpointId).toList();

        assertThat(moved.touchpoints())
                .filteredOn(touchpoint -> touchpoint.getSurvey() != null)
                .isNotEmpty()
                .allSatisfy(touchpoint -> assertThat(ids)
                        .contains(touchpoint.getSurvey().getAbout().getTouchpointId()));
    }

    @Test
    void aWrongLineIsNamed(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("touchpoints.ndjson"), "{\"touchpoint_id\":\"x\"}\n");

        assertThatThrownBy(() -> Story.in(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("touchpoints.ndjson:1: touchpoint.event_time: is missing");
    }

    private static List<String> names() {
        return Story.names();
    }

    private static final Set<String> JUNK =
            Set.of("anonymous", "guest", "null", "undefined", "0000", "0000000000", "test@test.com");
}
