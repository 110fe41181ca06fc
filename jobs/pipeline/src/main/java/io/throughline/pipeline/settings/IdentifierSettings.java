package io.throughline.pipeline.settings;

import io.throughline.domain.ingest.IdentifierRule;
import io.throughline.domain.ingest.IdentifierRule.Form;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.stitch.IdentifierType;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.StitchConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code stitch.identifiers}: named once, used by ingest, stitching and sessionizing.
 *
 * @param rules how values are normalised, strongest type first
 * @param types how values link, by name, strongest first
 */
record IdentifierSettings(List<IdentifierRule> rules, Map<String, IdentifierType> types) {

    static IdentifierSettings read(Section stitch) {
        Map<String, IdentifierType> typeDefaults = StitchConfig.DEFAULTS.types();
        Map<String, IdentifierRule> ruleDefaults = new HashMap<>();
        IngestConfig.DEFAULTS.identifiers().forEach(rule -> ruleDefaults.put(rule.name(), rule));
        Map<String, IdentifierRule> rules = new HashMap<>();
        List<IdentifierType> types = new ArrayList<>();
        Map<Integer, String> priorities = new HashMap<>();
        stitch.sections("identifiers", typeDefaults.keySet()).forEach((name, section) -> {
            Names.check(section, name);
            IdentifierType type = typeDefaults.getOrDefault(
                    name, new IdentifierType(name, types.size(), false, 0, 0, Scope.PERSON, 10));
            Scope scope = section.choice("scope", Scope.class, type.scope());
            IdentifierRule rule =
                    ruleDefaults.getOrDefault(name, new IdentifierRule(name, Form.TEXT, scope == Scope.PERSON));
            types.add(new IdentifierType(
                    name,
                    section.integer("priority", type.priority(), 0),
                    section.flag("unique", type.unique()),
                    section.integer("max_per_customer", type.maxPerCustomer(), 0),
                    section.durationOrZero("window", type.windowMs()),
                    scope,
                    section.integer("max_customers", type.maxCustomers(), 1)));
            rules.put(
                    name,
                    new IdentifierRule(
                            name,
                            section.choice("form", Form.class, rule.form()),
                            section.flag("personal", rule.personal())));
            int priority = types.get(types.size() - 1).priority();
            String other = priorities.putIfAbsent(priority, name);
            if (other != null) {
                section.problem("priority", priority + " is the priority of " + other + " already");
            }
        });
        types.sort(Comparator.comparingInt(IdentifierType::priority));
        Map<String, IdentifierType> byName = new LinkedHashMap<>();
        List<IdentifierRule> strongestFirst = new ArrayList<>();
        for (IdentifierType type : types) {
            byName.put(type.name(), type);
            IdentifierRule rule = rules.get(type.name());
            if (rule != null) {
                strongestFirst.add(rule);
            }
        }
        // Where two share a priority there is a problem already; a type must not appear to be lost as well.
        return new IdentifierSettings(strongestFirst, priorities.size() == byName.size() ? byName : typeDefaults);
    }
}
