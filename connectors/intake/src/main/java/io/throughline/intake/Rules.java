package io.throughline.intake;

import io.throughline.intake.Mapping.EventRule;
import io.throughline.intake.Mapping.Fields;
import io.throughline.intake.Mapping.From;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the mappings of vocabularies down. */
final class Rules {

    private final Map<String, EventRule> byName = new LinkedHashMap<>();

    /** @param words what fields are, as {@link #fields} reads them */
    Rules event(String name, String... words) {
        byName.put(name, new EventRule(fields(words), false));
        return this;
    }

    Rules ignored(String... names) {
        for (String name : names) {
            byName.put(name, EventRule.IGNORED);
        }
        return this;
    }

    Map<String, EventRule> byName() {
        return byName;
    }

    /**
     * {@code field=constant} or {@code field<path}, several paths with bars; {@code field<-path} turns the sign,
     * {@code field<1000*path} makes milliseconds of seconds.
     */
    static Fields fields(String... words) {
        Map<TouchpointField, List<From>> from = new EnumMap<>(TouchpointField.class);
        Map<TouchpointField, String> constants = new EnumMap<>(TouchpointField.class);
        for (String word : words) {
            int sign = word.indexOf('<') > 0 ? word.indexOf('<') : word.indexOf('=');
            TouchpointField field = TouchpointField.named(word.substring(0, sign));
            if (field == null) {
                throw new IllegalArgumentException(word + ": no field of a touchpoint");
            }
            String rest = word.substring(sign + 1);
            if (word.charAt(sign) == '=') {
                constants.put(field, rest);
                continue;
            }
            List<From> paths = new ArrayList<>();
            for (String path : rest.split("\\|")) {
                paths.add(
                        path.startsWith("-")
                                ? new From(path.substring(1), -1)
                                : path.startsWith("1000*")
                                        ? new From(path.substring("1000*".length()), 1000)
                                        : new From(path));
            }
            from.put(field, paths);
        }
        return new Fields(from, constants);
    }
}
