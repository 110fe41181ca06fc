package io.throughline.dashboard.web;

import io.javalin.http.Context;
import io.throughline.dashboard.read.PageReader;
import io.throughline.dashboard.read.Period;
import io.throughline.dashboard.read.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for. Whatever cannot be used falls back to what is usual, with a note for the page: a mistyped
 * address shows something and says what.
 */
final class Asked {

    private static final int LONGEST = 200;
    /** What the names are of, and six of the longest that ingest takes, each with what divides it from the next. */
    private static final int LONGEST_NAMES = 7 * 257;

    private static final int FURTHEST = 9_975;

    private final Context request;
    private final List<String> notes = new ArrayList<>();

    Asked(Context request) {
        this.request = request;
    }

    /** What was not taken as it was asked. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** @param dataEnd where a period ends that names no end */
    Period period(Instant dataEnd) {
        String code = text("window");
        Optional<Window> window = code == null ? Optional.of(Window.DAY) : Window.of(code);
        if (window.isEmpty()) {
            notes.add("The window \"" + shown(code) + "\" is none of 1h, 24h, 7d, 30d; these are 24 hours.");
        }
        Instant until = instant("until");
        return new Period(window.orElse(Window.DAY), until == null ? dataEnd : until);
    }

    @Nullable
    Instant instant(String name) {
        String given = text(name);
        if (given == null) {
            return null;
        }
        try {
            Instant instant = Instant.parse(given);
            if (instant.isAfter(Instant.parse("2000-01-01T00:00:00Z"))
                    && instant.isBefore(Instant.parse("2200-01-01T00:00:00Z"))) {
                return instant;
            }
        } catch (DateTimeException noInstant) {
            // Said below.
        }
        notes.add("\"" + shown(given) + "\" is no time like 2026-03-01T12:00:00Z; the newest data is shown.");
        return null;
    }

    /** Null where it is absent, blank or longer than any value is. */
    @Nullable
    String text(String name) {
        return text(name, LONGEST);
    }

    private @Nullable String text(String name, int longest) {
        String given = request.queryParam(name);
        if (given == null || given.isBlank()) {
            return null;
        }
        if (given.length() > longest) {
            notes.add("What is given as " + name + " is longer than " + longest + " characters and was left out.");
            return null;
        }
        return given;
    }

    /** Values with commas between. */
    List<String> texts(String name) {
        String given = text(name);
        return given == null
                ? List.of()
                : Arrays.stream(given.split(","))
                        .map(String::strip)
                        .filter(value -> !value.isEmpty())
                        .limit(10)
                        .toList();
    }

    /** Those of the values that are allowed. */
    List<String> someOf(String name, Collection<String> allowed) {
        List<String> known = new ArrayList<>();
        for (String value : texts(name)) {
            if (allowed.contains(value)) {
                known.add(value);
            } else {
                notes.add("\"" + shown(value) + "\" is no " + name + " there is; it was left out.");
            }
        }
        return known;
    }

    /** Null where it is none of them. */
    @Nullable
    String oneOf(String name, Collection<String> allowed) {
        return usable(name, text(name), allowed::contains);
    }

    /** Several names after one another; null where it is not usable. */
    @Nullable
    String names(String name, Predicate<String> usable) {
        return usable(name, text(name, LONGEST_NAMES), usable);
    }

    private @Nullable String usable(String name, @Nullable String given, Predicate<String> usable) {
        if (given == null || usable.test(given)) {
            return given;
        }
        notes.add("\"" + shown(given) + "\" is no " + name + " there is; it was left out.");
        return null;
    }

    String oneOf(String name, Collection<String> allowed, String usual) {
        String given = text(name);
        if (given == null || allowed.contains(given)) {
            return given == null ? usual : given;
        }
        notes.add("\"" + shown(given) + "\" is no " + name + " there is; \"" + usual + "\" is shown.");
        return usual;
    }

    @Nullable
    Double number(String name) {
        String given = text(name);
        if (given == null) {
            return null;
        }
        try {
            double number = Double.parseDouble(given);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // Said below.
        }
        notes.add("\"" + shown(given) + "\" is no number; " + name + " was left out.");
        return null;
    }

    /** The first document of the page of a list. */
    int from() {
        String given = text("page");
        if (given == null) {
            return 0;
        }
        if (given.matches("[0-9]{1,4}") && Integer.parseInt(given) >= 1) {
            int from = (Integer.parseInt(given) - 1) * PageReader.PER_PAGE;
            if (from <= FURTHEST) {
                return from;
            }
        }
        notes.add("There is no page \"" + shown(given) + "\" that could be shown; this is the first.");
        return 0;
    }

    private static String shown(@Nullable String given) {
        String text = String.valueOf(given);
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
