package io.throughline.domain.alert;

import io.throughline.domain.alert.AlertState.Current;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that a touchpoint may matter to by what it is, so that what a touchpoint costs does not grow with rules
 * that look at other things.
 */
final class RuleIndex {

    /** One way of one rule to look at a touchpoint. */
    private record Role(int number, int rule, int role, Match match) {}

    private final List<AlertRule> rules;
    /** Rule ids, then versions, to their place among the rules. */
    private final Map<String, Map<Integer, Integer>> places = new HashMap<>();
    /** By rule: what distinguishes it from all others. */
    private final String[] keys;
    /** By rule: event time at which its next version takes over. */
    private final long[] until;
    /** By rule: event time from which on what it looks at is held. */
    private final long[] heldFrom;
    /** By number. */
    private final List<Role> roles = new ArrayList<>();

    private final Map<String, List<Role>> byKind = new HashMap<>();
    private final Map<String, List<Role>> byKindAndChannel = new HashMap<>();
    private final Map<String, List<Role>> byMetric = new HashMap<>();
    private final Map<String, List<Role>> byOutcome = new HashMap<>();
    private final Map<String, List<Role>> byChannel = new HashMap<>();
    private final List<Role> ofAnswers = new ArrayList<>();
    private final List<Role> ofWaits = new ArrayList<>();
    private final List<Role> ofSentiment = new ArrayList<>();
    private final List<Role> ofAnything = new ArrayList<>();

    /** @param rules those that look at the touchpoints of one customer, in a fixed order */
    RuleIndex(List<AlertRule> rules) {
        this.rules = rules;
        this.until = new long[rules.size()];
        this.heldFrom = new long[rules.size()];
        this.keys = new String[rules.size()];
        Arrays.fill(until, Long.MAX_VALUE);
        for (int i = 0; i < rules.size(); i++) {
            AlertRule rule = rules.get(i);
            places.computeIfAbsent(rule.ruleId(), id -> new HashMap<>()).put(rule.version(), i);
            keys[i] = key(rule.ruleId(), rule.version());
            for (int j = 0; j < i; j++) {
                // By version, and so by effective_from: the configuration sees to that.
                if (rules.get(j).ruleId().equals(rule.ruleId())) {
                    until[j] = Math.min(until[j], rule.effectiveFrom());
                }
            }
            if (rule.mode() != AlertRule.Mode.DISABLED) {
                List<Match> matches = rule.pattern().roles();
                for (int role = 0; role < matches.size(); role++) {
                    Role numbered = new Role(roles.size(), i, role, matches.get(role));
                    roles.add(numbered);
                    add(numbered);
                }
            }
        }
        for (int i = 0; i < rules.size(); i++) {
            heldFrom[i] = findHeldFrom(i);
        }
    }

    /** All rules that look at scores look at the same, so each knows what others had held until it took over. */
    private long findHeldFrom(int place) {
        long from = rules.get(place).effectiveFrom();
        if (!looksAtScores(place)) {
            return from;
        }
        for (boolean moved = true; moved; ) {
            moved = false;
            for (int other = 0; other < rules.size(); other++) {
                long begins = rules.get(other).effectiveFrom();
                if (looksAtScores(other) && begins < from && until[other] >= from) {
                    from = begins;
                    moved = true;
                }
            }
        }
        return from;
    }

    private boolean looksAtScores(int place) {
        AlertRule rule = rules.get(place);
        return rule.mode() != AlertRule.Mode.DISABLED && rule.pattern() instanceof Pattern.Experience;
    }

    static String key(String ruleId, int version) {
        return ruleId + "@" + version;
    }

    String key(int place) {
        return keys[place];
    }

    AlertRule rule(int place) {
        return rules.get(place);
    }

    int size() {
        return rules.size();
    }

    /** The place of a version of a rule; null where there is no such. */
    @Nullable
    Integer place(String ruleId, int version) {
        Map<Integer, Integer> versions = places.get(ruleId);
        return versions == null ? null : versions.get(version);
    }

    /** When the next version of a rule takes over; {@link Long#MAX_VALUE}: never. */
    long until(int place) {
        return until[place];
    }

    /**
     * Event time from which on everything a rule looks at is held: as a function of the versions there are, so that it is the
     * same in a replay, which could know more.
     */
    long heldFrom(int place) {
        return heldFrom[place];
    }

    /** Whether any rule may look at it, whatever the customer's value tier may become. */
    boolean matters(Signal signal) {
        for (List<Role> bucket : buckets(signal)) {
            for (Role role : bucket) {
                if (inTime(role, signal) && role.match.mayMatch(signal) && admits(role, signal)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The rules that look at any of them. */
    TreeSet<Integer> lookingAt(Collection<Signal> signals, @Nullable String tier) {
        TreeSet<Integer> found = new TreeSet<>();
        for (Signal signal : signals) {
            for (List<Role> bucket : buckets(signal)) {
                for (Role role : bucket) {
                    if (!found.contains(role.rule)
                            && inTime(role, signal)
                            && role.match.test(signal, tier)
                            && admits(role, signal)) {
                        found.add(role.rule);
                    }
                }
            }
        }
        return found;
    }

    /** The numbers of the roles that look at it, ascending. */
    int[] roles(Signal signal, @Nullable String tier) {
        int[] found = new int[roles.size()];
        int n = 0;
        for (List<Role> bucket : buckets(signal)) {
            for (Role role : bucket) {
                if (inTime(role, signal) && role.match.test(signal, tier) && admits(role, signal)) {
                    found[n++] = role.number;
                }
            }
        }
        int[] numbers = Arrays.copyOf(found, n);
        Arrays.sort(numbers);
        return numbers;
    }

    /**
     * What some rules look at, by rule, then role; in the order given. Rules are left out whose pattern begins with none of
     * it.
     */
    TreeMap<Integer, List<List<Current>>> matching(
            Collection<Integer> which, List<Current> all, @Nullable String tier) {
        boolean[] asked = new boolean[rules.size()];
        which.forEach(place -> asked[place] = true);
        boolean[] begun = new boolean[rules.size()];
        for (Current current : all) {
            for (int number : current.roles(this, tier)) {
                Role role = roles.get(number);
                begun[role.rule] |=
                        asked[role.rule] && rules.get(role.rule).pattern().beginsWith(role.role);
            }
        }
        TreeMap<Integer, List<List<Current>>> matching = new TreeMap<>();
        for (int place : which) {
            if (begun[place]) {
                matching.put(place, lists(rules.get(place)));
            }
        }
        if (matching.isEmpty()) {
            return matching;
        }
        for (Current current : all) {
            for (int number : current.roles(this, tier)) {
                Role role = roles.get(number);
                if (begun[role.rule]) {
                    Objects.requireNonNull(matching.get(role.rule))
                            .get(role.role)
                            .add(current);
                }
            }
        }
        return matching;
    }

    private static List<List<Current>> lists(AlertRule rule) {
        List<List<Current>> lists = new ArrayList<>();
        rule.pattern().roles().forEach(role -> lists.add(new ArrayList<>()));
        return lists;
    }

    /** What was to follow may follow under the next version; a score is made of what the version before saw, too. */
    private boolean inTime(Role role, Signal signal) {
        AlertRule rule = rules.get(role.rule);
        return signal.eventTime() >= heldFrom[role.rule]
                && (signal.eventTime() < until[role.rule]
                        || (role.role == 1 && rule.pattern() instanceof Pattern.Absence));
    }

    private boolean admits(Role role, Signal signal) {
        return rules.get(role.rule).pattern().admits(signal);
    }

    private void add(Role role) {
        Match match = role.match;
        if (!match.kinds().isEmpty() && !match.channels().isEmpty()) {
            for (String kind : match.kinds()) {
                for (String channel : match.channels()) {
                    put(byKindAndChannel, kind + ' ' + channel, role);
                }
            }
        } else if (!match.kinds().isEmpty()) {
            match.kinds().forEach(kind -> put(byKind, kind, role));
        } else if (match.surveyMetric() != null) {
            put(byMetric, match.surveyMetric(), role);
        } else if (match.satisfactionAtMost() != null || match.satisfactionAbove() != null) {
            ofAnswers.add(role);
        } else if (!match.outcomes().isEmpty()) {
            match.outcomes().forEach(outcome -> put(byOutcome, outcome, role));
        } else if (match.waitAboveMs() != null) {
            ofWaits.add(role);
        } else if (match.sentimentAtMost() != null) {
            ofSentiment.add(role);
        } else if (!match.channels().isEmpty()) {
            match.channels().forEach(channel -> put(byChannel, channel, role));
        } else {
            ofAnything.add(role);
        }
    }

    private static void put(Map<String, List<Role>> map, String key, Role role) {
        map.computeIfAbsent(key, k -> new ArrayList<>()).add(role);
    }

    private List<List<Role>> buckets(Signal signal) {
        List<List<Role>> buckets = new ArrayList<>(6);
        addIfAny(buckets, byKind.get(signal.kind()));
        if (!byKindAndChannel.isEmpty()) {
            addIfAny(buckets, byKindAndChannel.get(signal.kind() + ' ' + signal.channel()));
        }
        if (signal.survey() != null) {
            addIfAny(buckets, byMetric.get(signal.survey().metric()));
            addIfAny(buckets, ofAnswers);
        }
        if (signal.outcome() != null) {
            addIfAny(buckets, byOutcome.get(signal.outcome()));
        }
        if (signal.waitMs() != null) {
            addIfAny(buckets, ofWaits);
        }
        if (signal.sentiment() != null) {
            addIfAny(buckets, ofSentiment);
        }
        addIfAny(buckets, byChannel.get(signal.channel()));
        addIfAny(buckets, ofAnything);
        return buckets;
    }

    private static void addIfAny(List<List<Role>> buckets, @Nullable List<Role> bucket) {
        if (bucket != null && !bucket.isEmpty()) {
            buckets.add(bucket);
        }
    }
}
