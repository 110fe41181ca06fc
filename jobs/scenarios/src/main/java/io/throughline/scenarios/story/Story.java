package io.throughline.scenarios.story;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.scenarios.simulator.TouchpointReader;
import io.throughline.schemas.Survey;
import io.throughline.schemas.SurveyAbout;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A story by hand: touchpoints in the order they were received.
 *
 * @param name its folder, in kebab case
 */
public record Story(String name, List<Touchpoint> touchpoints) {
    private static final String TOUCHPOINTS = "touchpoints.ndjson";

    public Story {
        touchpoints = List.copyOf(touchpoints);
        if (touchpoints.isEmpty()) {
            throw new IllegalArgumentException("story " + name + " has no touchpoints");
        }
    }

    /** The names of the stories that come with the project, in alphabetical order. */
    public static List<String> names() {
        return text("stories/index.txt").lines().filter(line -> !line.isBlank()).toList();
    }

    /**
     * One of the project's own stories, or a folder with a {@code touchpoints.ndjson}.
     *
     * @throws IllegalArgumentException if there is none of that name, or a line of it is wrong; the message says which
     */
    public static Story named(String nameOrFolder) {
        if (names().contains(nameOrFolder)) {
            return parse(nameOrFolder, text("stories/" + nameOrFolder + "/" + TOUCHPOINTS));
        }
        Path folder = Path.of(nameOrFolder);
        if (Files.isRegularFile(folder.resolve(TOUCHPOINTS))) {
            return in(folder);
        }
        throw new IllegalArgumentException(
                "no story is called '" + nameOrFolder + "'; there are: " + String.join(", ", names()));
    }

    /** The story in a folder outside of the project. */
    public static Story in(Path folder) {
        try {
            Path name = folder.toAbsolutePath().normalize().getFileName();
            return parse(String.valueOf(name), Files.readString(folder.resolve(TOUCHPOINTS)));
        } catch (IOException e) {
            throw new UncheckedIOException("story " + folder + " cannot be read", e);
        }
    }

    private static Story parse(String name, String lines) {
        List<Touchpoint> touchpoints = new ArrayList<>();
        int number = 0;
        for (String line : (Iterable<String>) lines.lines()::iterator) {
            number++;
            try {
                touchpoints.add(TouchpointReader.read(line));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "story " + name + ", " + TOUCHPOINTS + ":" + number + ": " + e.getMessage(), e);
            }
        }
        return new Story(name, touchpoints);
    }

    /** When a touchpoint of the story is received; where it does not say, when it happened. */
    public static Instant received(Touchpoint touchpoint) {
        Instant received = touchpoint.getReceivedTime();
        return received != null ? received : touchpoint.getEventTime();
    }

    public Instant firstReceived() {
        return received(touchpoints.get(0));
    }

    public Instant lastReceived() {
        return received(touchpoints.get(touchpoints.size() - 1));
    }

    /**
     * The same story at another time: all times, due dates included, move by the same amount. Touchpoints get ids of
     * their own, because a second telling is no duplicate of the first; people stay the same people.
     */
    public Story movedBy(Duration shift) {
        if (shift.isZero()) {
            return this;
        }
        String suffix = "~" + Long.toString(shift.toMillis(), 36);
        return new Story(
                name, touchpoints.stream().map(t -> moved(t, shift, suffix)).toList());
    }

    private static Touchpoint moved(Touchpoint touchpoint, Duration shift, String suffix) {
        Map<String, String> properties = new TreeMap<>();
        touchpoint.getProperties().forEach((key, value) -> properties.put(key, movedTime(value, shift)));
        return Touchpoint.newBuilder(touchpoint)
                .setTouchpointId(touchpoint.getTouchpointId() + suffix)
                .setEventTime(touchpoint.getEventTime().plus(shift))
                .setSentTime(plus(touchpoint.getSentTime(), shift))
                .setReceivedTime(plus(touchpoint.getReceivedTime(), shift))
                .setSurvey(moved(touchpoint.getSurvey(), suffix))
                .setProperties(properties)
                .build();
    }

    private static @Nullable Survey moved(@Nullable Survey survey, String suffix) {
        if (survey == null || survey.getAbout() == null || survey.getAbout().getTouchpointId() == null) {
            return survey;
        }
        SurveyAbout about = survey.getAbout();
        return Survey.newBuilder(survey)
                .setAbout(SurveyAbout.newBuilder(about)
                        .setTouchpointId(about.getTouchpointId() + suffix)
                        .build())
                .build();
    }

    private static String movedTime(String value, Duration shift) {
        if (!value.endsWith("Z") || value.indexOf('T') != 10) {
            return value;
        }
        try {
            return Instant.parse(value).plus(shift).toString();
        } catch (DateTimeException notATime) {
            return value;
        }
    }

    private static @Nullable Instant plus(@Nullable Instant time, Duration shift) {
        return time == null ? null : time.plus(shift);
    }

    private static String text(String resource) {
        try (InputStream in = Story.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the scenarios jar");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }
}
