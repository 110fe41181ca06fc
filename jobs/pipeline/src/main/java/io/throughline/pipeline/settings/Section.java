package io.throughline.pipeline.settings;

import io.throughline.domain.stage.Requirements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of the configuration file, asked key by key. A value that cannot be used is noted as a problem and the
 * default returned, so that one pass finds everything that is wrong. Keys that nobody asked for are problems too. An
 * absent key, an empty value and {@code ~} all mean the default.
 */
public final class Section {

    private static final Pattern NAMES_A_KEY = Pattern.compile("([a-z][a-z0-9_]*(?:\\.[a-z0-9_-]+)*)(?::| )");

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9](?:_*[0-9])*(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

    private static final Pattern MILLIS = Pattern.compile("\\b([0-9]{1,18}) ms\\b");

    /** Whole numbers beyond it are shown with an exponent. */
    private static final double FAR_FROM_WHOLE = 1e15;

    private final Reading reading;
    private final String path;
    private final String key;
    private final int line;
    private final Map<String, Node> entries = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();

    Section(Reading reading, String path, String key, @Nullable MappingNode node) {
        this.reading = reading;
        this.path = path;
        this.key = key;
        this.line = node == null ? 0 : Reading.line(node);
        if (node != null) {
            reading.placed(path, node.getStartMark());
            node.getValue().forEach(this::add);
        }
        reading.register(this);
    }

    /** A duration in milliseconds, at least one. */
    public long duration(String name, long defaultMs) {
        return duration(name, defaultMs, 1);
    }

    /** A duration in milliseconds, zero included. */
    public long durationOrZero(String name, long defaultMs) {
        return duration(name, defaultMs, 0);
    }

    /** A duration in milliseconds, zero included, or none. */
    public @Nullable Long optionalDuration(String name, @Nullable Long defaultMs) {
        return orNone(name, read(name, text -> millis(text, 0)), defaultMs, DurationText::format);
    }

    private long duration(String name, long defaultMs, long min) {
        return orDefault(name, read(name, text -> millis(text, min)), defaultMs, DurationText::format);
    }

    private static long millis(String text, long min) {
        long millis = DurationText.parse(text);
        require(millis >= min, (min > 0 ? "must be positive" : "must not be negative") + ", was " + text);
        return millis;
    }

    public int integer(String name, int defaultValue, int min) {
        return integer(name, defaultValue, min, Integer.MAX_VALUE);
    }

    /** @param max the largest value allowed */
    public int integer(String name, int defaultValue, int min, int max) {
        return orDefault(name, read(name, text -> whole(text, min, max)), defaultValue, String::valueOf);
    }

    /** A whole number, or none. */
    public @Nullable Integer optionalInteger(String name, @Nullable Integer defaultValue, int min, int max) {
        return orNone(name, read(name, text -> whole(text, min, max)), defaultValue, String::valueOf);
    }

    /** A number, or none. */
    public @Nullable Double optionalDecimal(String name, @Nullable Double defaultValue, double min, double max) {
        return orNone(name, read(name, text -> number(text, min, max)), defaultValue, String::valueOf);
    }

    /** A number with a decimal point or without. */
    public double decimal(String name, double defaultValue, double min, double max) {
        return orDefault(name, read(name, text -> number(text, min, max)), defaultValue, Section::plain);
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < FAR_FROM_WHOLE
                ? String.valueOf((long) number)
                : String.valueOf(number);
    }

    private static int whole(String text, int min, int max) {
        String digits = text.replace("_", "");
        require(digits.matches("-?[0-9]+"), "must be a whole number, was " + quoted(text));
        long number = digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
        require(number >= min, "must be at least " + min + ", was " + text);
        require(number <= max, "must be at most " + max + ", was " + text);
        return (int) number;
    }

    private static double number(String text, double min, double max) {
        // Java reads 3d and 0x1p3 as numbers, too.
        require(NUMBER.matcher(text).matches(), "must be a number, was " + quoted(text));
        double number = Double.parseDouble(text.replace("_", ""));
        require(number >= min && number <= max, "must be from " + min + " to " + max + ", was " + text);
        return number;
    }

    /** The value read, else the default, noted as in force. */
    private <T> T orDefault(String name, @Nullable T read, T defaultValue, Function<T, String> shown) {
        T value = read == null ? defaultValue : read;
        inForce(name, shown.apply(value));
        return value;
    }

    /** The same where there need not be a default. */
    private <T> @Nullable T orNone(String name, @Nullable T read, @Nullable T defaultValue, Function<T, String> shown) {
        T value = read == null ? defaultValue : read;
        inForce(name, value == null ? "" : shown.apply(value));
        return value;
    }

    public boolean flag(String name, boolean defaultValue) {
        Boolean value = read(name, text -> {
            require(text.equals("true") || text.equals("false"), "must be true or false, was " + quoted(text));
            return text.equals("true");
        });
        return orDefault(name, value, defaultValue, String::valueOf);
    }

    public String text(String name, String defaultValue) {
        String value = optionalText(name, defaultValue);
        return value == null ? defaultValue : value;
    }

    /** @param expected what a valid text is, for the message */
    public String text(String name, String defaultValue, Predicate<String> valid, String expected) {
        String value = optionalText(name, defaultValue, valid, expected);
        return value == null ? defaultValue : value;
    }

    public @Nullable String optionalText(String name, @Nullable String defaultValue) {
        String value = read(name, text -> text);
        String result = value == null ? defaultValue : value;
        inForce(name, shown(name, result));
        return result;
    }

    /** A name that touchpoints are compared with, spelled as ingest spells theirs. */
    public @Nullable String optionalName(String name, @Nullable String defaultValue) {
        return orNone(name, read(name, Names::spelled), defaultValue, text -> text);
    }

    /** @param expected what a valid text is, for the message */
    public @Nullable String optionalText(
            String name, @Nullable String defaultValue, Predicate<String> valid, String expected) {
        String value = read(name, text -> {
            require(valid.test(text), "must be " + expected + ", was " + quoted(text));
            return text;
        });
        String result = value == null ? defaultValue : value;
        inForce(name, shown(name, result));
        return result;
    }

    /** A text that no explanation and no message shows. */
    public @Nullable String secret(String name) {
        String value = read(name, text -> text);
        inForce(name, value == null ? "" : "(secret)");
        return value;
    }

    /** One of the enum's names in lower case. */
    public <E extends Enum<E>> E choice(String name, Class<E> type, E defaultValue) {
        E[] choices = type.getEnumConstants();
        E value = read(name, text -> Arrays.stream(choices)
                .filter(choice -> word(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(choices).map(Section::word).collect(Collectors.joining(", ")) + ", was "
                        + quoted(text))));
        return orDefault(name, value, defaultValue, Section::word);
    }

    /** Some of the enum's names in lower case; null where one is none of them, which has been noted then. */
    public <E extends Enum<E>> @Nullable List<E> choices(String name, Class<E> type, Collection<E> defaultValues) {
        Map<String, E> known = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(choice -> known.put(word(choice), choice));
        List<E> values = new ArrayList<>();
        for (String word : texts(name, defaultValues.stream().map(Section::word).toList())) {
            E choice = known.get(word);
            if (choice == null) {
                problem(name, "must be some of " + String.join(", ", known.keySet()) + ", was " + quoted(word));
                return null;
            }
            values.add(choice);
        }
        return values;
    }

    /** A list of texts, which replaces the default as a whole. */
    public List<String> texts(String name, Collection<String> defaultValues) {
        return texts(name, defaultValues, text -> text);
    }

    /** A text or a list of texts; null where the key is absent. */
    public @Nullable List<String> oneOrMore(String name) {
        Node node = entry(name);
        if (node == null) {
            return null;
        }
        if (node instanceof SequenceNode) {
            return texts(name, List.of());
        }
        String text = scalar(path(name), node);
        inForce(name, text == null ? "" : flow(List.of(text)));
        return text == null ? List.of() : List.of(text);
    }

    /** The keys the file sets, in its order. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /**
     * A list of names that touchpoints are compared with, spelled as ingest spells theirs; it replaces the default as a
     * whole.
     */
    public List<String> names(String name, Collection<String> defaultValues) {
        return texts(name, defaultValues, Names::spelled);
    }

    private List<String> texts(String name, Collection<String> defaultValues, UnaryOperator<String> form) {
        Node node = entry(name);
        List<String> values = node == null
                ? List.copyOf(defaultValues)
                : texts(path(name), node).stream().map(form).toList();
        inForce(name, flow(values));
        return values;
    }

    /** A list of lists of texts, which replaces the default as a whole. */
    public List<List<String>> lists(String name, List<List<String>> defaultValues) {
        Node node = entry(name);
        List<List<String>> values = new ArrayList<>();
        if (node == null) {
            values.addAll(defaultValues);
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> values.add(texts(path(name), item)));
        } else {
            wrongKind(path(name), "a list of lists", node);
        }
        inForce(name, "[" + values.stream().map(Section::flow).collect(Collectors.joining(", ")) + "]");
        return values;
    }

    /** Names to texts, for properties handed on as they are. Explanations show the names only. */
    public Map<String, String> properties(String name) {
        Map<String, String> values = new TreeMap<>();
        Node node = entry(name);
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode word)) {
                    noWord(path(name), tuple);
                    continue;
                }
                String property = word.getValue();
                String value = scalar(path(name) + "." + property, tuple.getValueNode());
                if (value != null && values.put(property, value) != null) {
                    reading.problem(path(name) + "." + property, "set twice", Reading.line(tuple.getKeyNode()));
                }
            }
        } else if (node != null) {
            wrongKind(path(name), "a mapping", node);
        }
        inForce(name, flow(values.keySet()));
        return values;
    }

    /** The section under a key; an empty one where there is none. */
    public Section section(String name) {
        return subsection(name, name, entry(name));
    }

    /** The sections under a key by their names, which may be any, in the order of the file. */
    public Map<String, Section> sections(String name) {
        return sections(name, List.of());
    }

    /** @param always names that there shall be a section of even if the file has none */
    public Map<String, Section> sections(String name, Collection<String> always) {
        Node node = entry(name);
        Section parent = new Section(reading, path(name), key(name), node instanceof MappingNode m ? m : null);
        if (node != null && !(node instanceof MappingNode)) {
            wrongKind(path(name), "a mapping", node);
        }
        Set<String> names = new LinkedHashSet<>(always);
        names.addAll(parent.entries.keySet());
        Map<String, Section> result = new LinkedHashMap<>();
        for (String each : names) {
            result.put(each, parent.subsection(each, "*", parent.entry(each)));
        }
        return result;
    }

    /** The sections of a list, null where the key is absent. */
    public @Nullable List<Section> items(String name) {
        Node node = entry(name);
        if (node == null) {
            return null;
        }
        List<Section> result = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                String position = "[" + result.size() + "]";
                if (item instanceof MappingNode mapping) {
                    result.add(new Section(reading, path(name) + position, key(name) + "[]", mapping));
                } else {
                    wrongKind(path(name) + position, "a mapping", item);
                }
            }
        } else {
            wrongKind(path(name), "a list", node);
        }
        return result;
    }

    /** An empty item of a list that the file does not have, so that the keys of its items are known all the same. */
    public Section defaultItem(String name, int position) {
        return new Section(reading, path(name) + "[" + position + "]", key(name) + "[]", null);
    }

    /**
     * Makes a configuration from values read; what its constructor objects to becomes a problem.
     *
     * @param fallback what to go on with then
     */
    public <T> T build(Supplier<T> configuration, T fallback) {
        try {
            return configuration.get();
        } catch (Requirements.UnmetException e) {
            e.problems().forEach(this::configurationProblem);
            return fallback;
        } catch (IllegalArgumentException e) {
            configurationProblem(String.valueOf(e.getMessage()));
            return fallback;
        }
    }

    private void configurationProblem(String inMillis) {
        // Constructors know their keys, not how people write durations.
        String message =
                MILLIS.matcher(inMillis).replaceAll(millis -> DurationText.format(Long.parseLong(millis.group(1))));
        for (String own : List.of(path + ": ", "alert." + path + ": ")) {
            // A rule in a file of its own has no section above it.
            if (message.startsWith(own)) {
                reading.problem(path, message.substring(own.length()), line);
                return;
            }
        }
        Matcher named = NAMES_A_KEY.matcher(message);
        boolean namesAKey = named.lookingAt() && named.group(1).contains(".");
        String rest = namesAKey ? message.substring(named.end()).strip() : message;
        reading.problem(namesAKey ? named.group(1) : path, rest, namesAKey ? lineOf(named.group(1)) : line);
    }

    /** Reads a text in a language of its own. */
    public interface Language<T> {
        /** Null where the text cannot be used; what is wrong with it has been noted then. */
        @Nullable
        T read(String text, Flaws flaws);
    }

    /** Takes what is wrong with a text. */
    public interface Flaws {
        /** @param line in the text, from 1; {@code column} likewise */
        void add(String message, int line, int column);

        /** Takes what a text that was accepted before may have, for it means something all the same. */
        void addMistake(String message, int line, int column);
    }

    /** What a language makes of a text; its problems are noted where they are in the file. */
    public <T> @Nullable T written(String name, @Nullable T defaultValue, Language<T> language) {
        Node node = entry(name);
        String text = node == null ? null : scalar(path(name), node);
        T value = text == null
                ? defaultValue
                : language.read(text, new Flaws() {
                    @Override
                    public void add(String message, int line, int column) {
                        flaw(name, node, text, message, line, column);
                    }

                    @Override
                    public void addMistake(String message, int line, int column) {
                        if (!reading.ofThePast()) {
                            add(message, line, column);
                        }
                    }
                });
        inForce(name, value == null ? "" : String.valueOf(value));
        return value;
    }

    private void flaw(String name, @Nullable Node node, String text, String message, int lineInText, int columnInText) {
        if (!(node instanceof ScalarNode scalar)) {
            problem(name, message);
            return;
        }
        // What stands for a value of the environment is not in the file.
        int[] place = text.equals(scalar.getValue()) ? reading.place(scalar, lineInText, columnInText) : null;
        if (place != null) {
            reading.problem(path(name), message, place[0], place[1]);
            return;
        }
        boolean elsewhere = lineInText > 1 || columnInText > 1;
        problem(name, elsewhere ? message + ", in the text that begins there" : message);
    }

    /** Notes something wrong with one of this section's keys, or with the section where the name is empty. */
    public void problem(String name, String message) {
        Node node = entries.get(name);
        reading.problem(name.isEmpty() ? path : path(name), message, node == null ? line : Reading.line(node));
    }

    /** Notes a mistake that what was accepted before may have, for it means something all the same. */
    public void mistake(String name, String message) {
        if (!reading.ofThePast()) {
            problem(name, message);
        }
    }

    /** Notes that keys may stand here, although their values are not asked for. */
    public void knows(Collection<String> names) {
        asked.addAll(names);
    }

    /** Whether the file sets the key. */
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** The line of one of this section's keys, given by its whole path; this section's where it is no such key. */
    private int lineOf(String keyPath) {
        if (!keyPath.startsWith(path + ".")) {
            return line;
        }
        String name = keyPath.substring(path.length() + 1);
        Node node = entries.get(name);
        if (node != null) {
            return Reading.line(node);
        }
        int dot = name.indexOf('.');
        if (dot > 0 && entries.get(name.substring(0, dot)) instanceof MappingNode inner) {
            for (NodeTuple tuple : inner.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name.substring(dot + 1))) {
                    return Reading.line(tuple.getValueNode());
                }
            }
        }
        return line;
    }

    void reportUnknownKeys() {
        for (Map.Entry<String, Node> entry : entries.entrySet()) {
            if (!asked.contains(entry.getKey())) {
                String hint = Spelling.nearest(entry.getKey(), asked)
                        .map(near -> ", did you mean " + near + "?")
                        .orElse(asked.isEmpty() ? "" : ", known are " + String.join(", ", asked));
                reading.problem(path(entry.getKey()), "unknown key" + hint, Reading.line(entry.getValue()));
            }
        }
    }

    private interface Parser<T> {
        T parse(String text);
    }

    private <T> @Nullable T read(String name, Parser<T> parser) {
        Node node = entry(name);
        String text = node == null ? null : scalar(path(name), node);
        if (node == null || text == null) {
            return null;
        }
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException e) {
            reading.problem(path(name), String.valueOf(e.getMessage()), Reading.line(node));
            return null;
        }
    }

    private @Nullable String scalar(String where, Node node) {
        if (node instanceof ScalarNode scalar) {
            return reading.resolved(where, scalar.getValue(), Reading.line(node));
        }
        wrongKind(where, "a single value", node);
        return null;
    }

    private List<String> texts(String where, Node node) {
        List<String> values = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                String value = scalar(where, item);
                if (value != null) {
                    values.add(value);
                }
            }
        } else {
            wrongKind(where, "a list", node);
        }
        return values;
    }

    private Section subsection(String name, String pattern, @Nullable Node node) {
        if (node != null && !(node instanceof MappingNode)) {
            wrongKind(path(name), "a mapping", node);
        }
        return new Section(reading, path(name), key(pattern), node instanceof MappingNode m ? m : null);
    }

    private void wrongKind(String where, String expected, Node node) {
        String was =
                node instanceof MappingNode ? "a mapping" : node instanceof SequenceNode ? "a list" : "a single value";
        reading.problem(where, "must be " + expected + ", was " + was, Reading.line(node));
    }

    private void add(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
            noWord(path, tuple);
            return;
        }
        if (entries.containsKey(name.getValue())) {
            reading.problem(path(name.getValue()), "set twice", Reading.line(name));
            return;
        }
        entries.put(name.getValue(), tuple.getValueNode());
        reading.placed(path(name.getValue()), tuple.getValueNode().getStartMark());
    }

    private void noWord(String where, NodeTuple tuple) {
        reading.problem(where, "a key must be a single word", Reading.line(tuple.getKeyNode()));
    }

    /** The node under a key, null where it is absent or empty. */
    private @Nullable Node entry(String name) {
        asked.add(name);
        Node node = entries.get(name);
        return node == null || Tag.NULL.equals(node.getTag()) ? null : node;
    }

    private void inForce(String name, String value) {
        Node node = entries.get(name);
        reading.inForce(path(name), key(name), value, node == null ? 0 : Reading.line(node));
    }

    /** The value, or the reference it came from: what it refers to is not for everybody's eyes. */
    private String shown(String name, @Nullable String value) {
        Node node = entry(name);
        if (node instanceof ScalarNode scalar && scalar.getValue().contains("${")) {
            return scalar.getValue();
        }
        return value == null ? "" : value;
    }

    private String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String key(String name) {
        return key.isEmpty() ? name : key + "." + name;
    }

    private static String flow(Collection<String> values) {
        return values.stream().map(Section::flowItem).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String flowItem(String value) {
        return value.matches("[A-Za-z0-9_./@-]+") ? value : quoted(value);
    }

    private static String quoted(String value) {
        return '"' + value + '"';
    }

    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
