package io.throughline.intake;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a touchpoint's fields come from. What a mapping does not say, the one below it does: a user's lies over that of
 * the vocabulary.
 *
 * @param event where an event's name is; empty: where the vocabulary has it
 * @param events rules by the name of the event, spelled as {@link #spelled}
 * @param unlisted what becomes of events without a rule; null: as below
 * @param identifiers by type, where its values are; a type named here replaces the one below, by nothing if it is empty
 * @param experiments by the name of the experiment, where the variant is
 * @param properties whose values, and those within them, are kept as properties; null: as below
 * @param omit of those, what is not kept; in addition to what is omitted below
 * @param idPrefix what is put before every id; empty where ids are unique among all sources
 */
public record Mapping(
        List<String> event,
        Map<String, EventRule> events,
        @Nullable Unlisted unlisted,
        Fields fields,
        Map<String, List<String>> identifiers,
        Map<String, String> experiments,
        @Nullable List<String> properties,
        List<String> omit,
        String idPrefix) {

    /** Says nothing. */
    public static final Mapping NONE =
            new Mapping(List.of(), Map.of(), null, Fields.NONE, Map.of(), Map.of(), null, List.of(), "");

    public Mapping {
        event = List.copyOf(event);
        Map<String, EventRule> spelledEvents = new HashMap<>();
        events.forEach((name, rule) -> spelledEvents.put(spelled(name), rule));
        events = Map.copyOf(spelledEvents);
        identifiers = Map.copyOf(identifiers);
        experiments = Map.copyOf(experiments);
        properties = properties == null ? null : List.copyOf(properties);
        omit = List.copyOf(omit);
    }

    /** This one with further rules. */
    Mapping and(Map<String, EventRule> rules) {
        Map<String, EventRule> all = new HashMap<>(events);
        all.putAll(rules);
        return new Mapping(event, all, unlisted, fields, identifiers, experiments, properties, omit, idPrefix);
    }

    /** This one that omits more. */
    Mapping omitting(List<String> paths) {
        List<String> all = new ArrayList<>(omit);
        all.addAll(paths);
        return new Mapping(event, events, unlisted, fields, identifiers, experiments, properties, all, idPrefix);
    }

    /** What becomes of an event that no rule names and whose record names no kind. */
    public enum Unlisted {
        /** It is a touchpoint whose kind is its name. */
        KEEP,
        /** It is ignored and counted. */
        IGNORE
    }

    /**
     * Where a value is.
     *
     * @param factor what a number found there is multiplied by
     */
    public record From(String path, int factor) {
        public From(String path) {
            this(path, 1);
        }
    }

    /**
     * What fields are set to.
     *
     * @param from where to look for a field's value; the first place that has one counts
     * @param constants what a field is where none has
     */
    public record Fields(Map<TouchpointField, List<From>> from, Map<TouchpointField, String> constants) {

        public static final Fields NONE = new Fields(Map.of(), Map.of());

        public Fields {
            from = from.isEmpty() ? Map.of() : new EnumMap<>(from);
            constants = constants.isEmpty() ? Map.of() : new EnumMap<>(constants);
        }
    }

    /**
     * What an event of one name is.
     *
     * @param ignored whether it is no touchpoint
     */
    public record EventRule(Fields fields, boolean ignored) {

        public static final EventRule IGNORED = new EventRule(Fields.NONE, true);
    }

    /** The form in which names of events are compared: trimmed, lower case, spaces and hyphens as underscores. */
    public static String spelled(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        StringBuilder spelled = new StringBuilder(lower.length());
        boolean between = false;
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean separates = c == '-' || Character.isWhitespace(c);
            if (!separates) {
                spelled.append(c);
            } else if (!between) {
                spelled.append('_');
            }
            between = separates;
        }
        return spelled.toString();
    }
}
