package io.throughline.pipeline.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** What is shared by all sections of one file while it is read: problems, values in force, the environment. */
final class Reading {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]*)}");

    /** What references to variables stand for; null where no references are read, neither to variables nor to files. */
    private final @Nullable Map<String, String> environment;

    private final List<Problem> problems = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Setting> settings = new TreeMap<>();
    private final Set<String> keys = new LinkedHashSet<>();
    /** Where the values of keys begin; empty where columns are not told. */
    private final Map<String, Integer> columns = new HashMap<>();

    private String file = "";

    private final boolean tellsColumns;
    private final boolean ofThePast;

    /** Reads the configuration. */
    Reading(Map<String, String> environment) {
        this(environment, false, false);
    }

    /**
     * Reads rules on their own, which tell their problems by line and column. They may come from whoever may write to a
     * topic, so they refer to nothing: else the content of any file that the job can read could be asked for as a title.
     *
     * @param ofThePast whether they were accepted before, perhaps by a version of the program that asked for less
     */
    static Reading ofRules(boolean ofThePast) {
        return new Reading(null, true, ofThePast);
    }

    private Reading(@Nullable Map<String, String> environment, boolean tellsColumns, boolean ofThePast) {
        this.environment = environment;
        this.tellsColumns = tellsColumns;
        this.ofThePast = ofThePast;
    }

    boolean ofThePast() {
        return ofThePast;
    }

    /** The whole file as a section; an empty one where it is no YAML mapping, which is a problem then. */
    Section root(String yaml) {
        file = yaml;
        LoaderOptions options = new LoaderOptions();
        options.setAllowRecursiveKeys(false);
        try {
            Node node = new Yaml(options).compose(new StringReader(yaml));
            if (node == null || node instanceof MappingNode) {
                return new Section(this, "", "", (MappingNode) node);
            }
            problem("", "must be a mapping of keys to values", line(node));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            placed("", mark);
            problem("", "not YAML: " + e.getProblem(), mark == null ? 0 : mark.getLine() + 1);
        } catch (YAMLException e) {
            problem("", "not YAML: " + e.getMessage(), 0);
        }
        return new Section(this, "", "", null);
    }

    void register(Section section) {
        sections.add(section);
    }

    void problem(String path, String message, int line) {
        problem(path, message, line, line == 0 ? 0 : columns.getOrDefault(path, 0));
    }

    void problem(String path, String message, int line, int column) {
        problems.add(new Problem(path, message, line, tellsColumns ? column : 0));
    }

    /** Notes where the value of a key begins. */
    void placed(String path, @Nullable Mark mark) {
        if (tellsColumns && mark != null) {
            columns.put(path, mark.getColumn() + 1);
        }
    }

    /** Line and column of a character of a text, by its own there; null where that cannot be told. */
    int @Nullable [] place(ScalarNode scalar, int lineInText, int columnInText) {
        TextPlaces places = TextPlaces.of(file, scalar);
        return places == null ? null : places.at(lineInText, columnInText);
    }

    void inForce(String path, String key, String value, int line) {
        settings.put(path, new Setting(path, value, line));
        keys.add(key);
    }

    /** Whether a problem was found so far at a path that begins like this. */
    boolean isWrong(String path) {
        return problems.stream().anyMatch(problem -> problem.path().startsWith(path));
    }

    /** All problems by line, unknown keys included. To be called when everything has been read. */
    List<Problem> problems() {
        sections.forEach(Section::reportUnknownKeys);
        sections.clear();
        return problems.stream().distinct().sorted().toList();
    }

    List<Setting> settings() {
        return List.copyOf(settings.values());
    }

    /** Every key that was asked for, {@code *} standing for names, {@code []} for list entries. */
    Set<String> keys() {
        return keys;
    }

    /** The text with {@code ${env:NAME}} and {@code ${file:PATH}} replaced by what they refer to. */
    @Nullable
    String resolved(String path, String text, int line) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            if (environment == null) {
                problem(path, matcher.group() + " is read in the configuration alone, a rule stands for itself", line);
                return null;
            }
            String name = matcher.group(2);
            String value = matcher.group(1).equals("env")
                    ? variable(environment, path, name, line)
                    : content(path, name, line);
            if (value == null) {
                return null;
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }

    private @Nullable String variable(Map<String, String> environment, String path, String name, int line) {
        String value = environment.get(name);
        if (value == null) {
            problem(path, "the environment variable " + name + " is not set", line);
        }
        return value;
    }

    /** Without the line end that editors put behind a secret. */
    private @Nullable String content(String path, String name, int line) {
        try {
            return Files.readString(Path.of(name)).stripTrailing();
        } catch (IOException | RuntimeException e) {
            problem(
                    path,
                    "the file " + name + " cannot be read: " + e.getClass().getSimpleName(),
                    line);
            return null;
        }
    }

    static int line(Node node) {
        return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
    }
}
