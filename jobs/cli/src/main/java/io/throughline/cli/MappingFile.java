package io.throughline.cli;

import io.throughline.intake.CsvFormat;
import io.throughline.intake.Mapping;
import io.throughline.intake.Mapping.EventRule;
import io.throughline.intake.Mapping.Fields;
import io.throughline.intake.Mapping.From;
import io.throughline.intake.Mapping.Unlisted;
import io.throughline.intake.TimeFormat;
import io.throughline.intake.TouchpointField;
import io.throughline.intake.ValueFormat;
import io.throughline.pipeline.settings.Section;
import io.throughline.pipeline.settings.SettingsException;
import io.throughline.pipeline.settings.SettingsFile;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --mapping} names. It is read here, where connectors and the strict reader of YAML are both known: a connector
 * knows nothing of the jobs, and the pipeline nothing of intake.
 */
final class MappingFile {

    /** @param csv how a table is written; as if nothing were said of it where the input is none */
    record Read(Mapping mapping, CsvFormat csv) {}

    private static final Pattern TYPE = Pattern.compile("[a-z0-9_]+");

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,15}(\\.[0-9]{1,15})?");

    /** How lengths of time may be given, as a number of what. */
    private enum DurationUnit {
        MS(1),
        S(1_000),
        MIN(60_000);

        private final int millis;

        DurationUnit(int millis) {
            this.millis = millis;
        }
    }

    /**
     * @param file none where there is no mapping
     * @param table whether the input is a table, of which nothing is known but what the mapping says
     * @throws UsageException listing everything that is wrong with the file
     */
    static Read read(@Nullable Path file, boolean table) {
        if (file == null) {
            if (table) {
                throw new UsageException("--from csv needs --mapping FILE, which says what the columns mean");
            }
            return new Read(Mapping.NONE, CsvFormat.DEFAULTS);
        }
        try {
            return SettingsFile.read(file, section -> read(section, table), System.getenv());
        } catch (SettingsException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static Read read(Section root, boolean table) {
        List<String> event = root.oneOrMore("event");
        Map<String, EventRule> events = new HashMap<>();
        root.sections("events").forEach((name, section) -> {
            if (events.put(Mapping.spelled(name), rule(section)) != null) {
                section.problem(
                        "", "means the same event as another rule: names are compared as " + Mapping.spelled(name));
            }
        });
        Unlisted unlisted = root.has("unlisted") ? root.choice("unlisted", Unlisted.class, Unlisted.KEEP) : null;
        Fields fields = new Fields(from(root.section("fields")), constants(root.section("constants")));
        Mapping mapping = new Mapping(
                event == null ? List.of() : event,
                events,
                unlisted,
                fields,
                identifiers(root.section("identifiers")),
                experiments(root.section("experiments")),
                root.oneOrMore("properties"),
                root.texts("omit", List.of()),
                root.text("id_prefix", ""));
        CsvFormat csv = CsvFormat.DEFAULTS;
        if (table) {
            csv = csv(root.section("csv"));
            requireWhatATouchpointNeeds(root, mapping);
        } else if (root.has("csv")) {
            root.knows(List.of("csv"));
            root.problem("csv", "is about --from csv");
        }
        return new Read(mapping, csv);
    }

    private static EventRule rule(Section section) {
        boolean ignored = section.flag("ignore", false);
        Map<TouchpointField, List<From>> from = from(section.section("fields"));
        Map<TouchpointField, String> constants = constants(section);
        if (ignored && section.names().size() > 1) {
            section.problem("ignore", "what is ignored is nothing else");
        }
        return new EventRule(new Fields(from, constants), ignored);
    }

    private static Map<TouchpointField, List<From>> from(Section section) {
        Map<TouchpointField, List<From>> from = new EnumMap<>(TouchpointField.class);
        for (TouchpointField field : TouchpointField.values()) {
            List<String> paths = section.oneOrMore(field.fieldName());
            if (paths != null) {
                from.put(field, paths.stream().map(From::new).toList());
            }
        }
        return from;
    }

    private static Map<TouchpointField, String> constants(Section section) {
        Map<TouchpointField, String> constants = new EnumMap<>(TouchpointField.class);
        for (TouchpointField field : TouchpointField.values()) {
            String name = field.fieldName();
            String text = section.optionalText(name, null);
            if (text == null) {
                continue;
            }
            constants.put(field, text);
            if (text.isBlank()) {
                section.problem(name, "is blank");
            } else if (field == TouchpointField.TOUCHPOINT_ID || field.form() == TouchpointField.Form.TIME) {
                section.problem(name, "cannot be the same for all");
            } else if (field.form() != TouchpointField.Form.TEXT
                    && !NUMBER.matcher(text).matches()) {
                section.problem(name, "must be a number, was \"" + text + '"');
            }
        }
        return constants;
    }

    private static Map<String, List<String>> identifiers(Section section) {
        Map<String, List<String>> identifiers = new TreeMap<>();
        for (String type : section.names()) {
            List<String> paths = section.oneOrMore(type);
            if (!TYPE.matcher(type).matches()) {
                section.problem(type, "must be a type of identifier: lower-case letters, digits and underscores");
            }
            identifiers.put(type, paths == null ? List.of() : paths);
        }
        return identifiers;
    }

    private static Map<String, String> experiments(Section section) {
        Map<String, String> experiments = new TreeMap<>();
        for (String name : section.names()) {
            String path = section.optionalText(name, null);
            if (path != null) {
                experiments.put(name, path);
            }
        }
        return experiments;
    }

    private static CsvFormat csv(Section section) {
        String delimiter =
                section.text("delimiter", ",", text -> text.length() == 1, "one character, such as ; or \"\\t\"");
        Charset charset = charset(section);
        ZoneId zone = zone(section);
        String format = section.text("time_format", "iso");
        TimeFormat time = section.build(
                () -> timeFormat(format, section.has("zone") && zone == null ? ZoneId.of("UTC") : zone),
                TimeFormat.ISO);
        ValueFormat values = new ValueFormat(
                time,
                section.flag("decimal_comma", false),
                section.choice("duration_unit", DurationUnit.class, DurationUnit.MS).millis);
        List<String> columns = new ArrayList<>(section.texts("columns", List.of()));
        return section.build(() -> new CsvFormat(delimiter.charAt(0), charset, columns, values), CsvFormat.DEFAULTS);
    }

    private static TimeFormat timeFormat(String format, @Nullable ZoneId zone) {
        try {
            return TimeFormat.of(format, zone);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("csv.time_format: " + e.getMessage(), e);
        }
    }

    private static Charset charset(Section section) {
        String name = section.text("charset", "utf-8");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            section.problem("charset", "is no encoding that Java knows");
            return CsvFormat.DEFAULTS.charset();
        }
    }

    private static @Nullable ZoneId zone(Section section) {
        String name = section.optionalText("zone", null);
        try {
            return name == null ? null : ZoneId.of(name);
        } catch (DateTimeException e) {
            section.problem("zone", "must be a time zone such as Europe/Berlin, was \"" + name + '"');
            return null;
        }
    }

    /** Of other vocabularies records have it, or may have it. */
    private static void requireWhatATouchpointNeeds(Section root, Mapping mapping) {
        if (!mapping.fields().from().containsKey(TouchpointField.EVENT_TIME)) {
            root.section("fields").problem("event_time", "the column with the time is missing");
        }
        for (TouchpointField field : List.of(TouchpointField.CHANNEL, TouchpointField.KIND)) {
            boolean byEvent = !mapping.event().isEmpty()
                    && (field == TouchpointField.KIND
                            || mapping.events().values().stream()
                                    .anyMatch(rule -> rule.fields().constants().containsKey(field)));
            if (!byEvent
                    && !mapping.fields().from().containsKey(field)
                    && !mapping.fields().constants().containsKey(field)) {
                root.section("fields")
                        .problem(field.fieldName(), "a column, or a constant under constants, is missing");
            }
        }
        if (!mapping.events().isEmpty() && mapping.event().isEmpty()) {
            root.problem("event", "the column that names events is missing");
        }
        if (mapping.identifiers().values().stream().allMatch(List::isEmpty)) {
            root.problem("identifiers", "at least one column must identify the customer");
        }
    }

    private MappingFile() {}
}
