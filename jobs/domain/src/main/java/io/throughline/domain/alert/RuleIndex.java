package io.throughline.domain.alert;

import io.throughline.domain.alert.AlertState.Current;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that a touchpoint may matter to by what it is, so that what a touchpoint costs does not grow with rules
 * that look at other things.
 */
final class RuleIndex {

    /**
     * One way of one rule to look at a touchpoint.
     *
     * @param rest the match without what is known of every touchpoint that is found by it
     * @param condition its number among the different conditions there are; -1: none
     */
    private record Role(int number, int rule, int role, Match match, Match rest, int condition) {}

    private static final int[] NONE = {};

    /**
     * What looks at one touchpoint, found once for all that ask: a condition that several rules have is evaluated once.
     *
     * @param always numbers of the roles that look at it, ascending
     * @param byTier numbers of those that do at some value tiers, ascending
     */
    record Sight(int[] always, int[] byTier) {
        private static final Sight NOTHING = new Sight(NONE, NONE);

        /** Whether any rule may look at it, whatever the customer's value tier may become. */
        boolean matters() {
            return always.length > 0 || byTier.length > 0;
        }
    }

    private final List<AlertRule> rules;
    /** Rule ids, then versions, to their place among the rules. */
    private final Map<String, Map<Integer, Integer>> places = new HashMap<>();
    /** By rule: what distinguishes it from all others. */
    private final String[] keys;

    private final Map<String, Integer> placesByKey = new HashMap<>();
    private final int[] all;
    /** By rule: event time at which its next version takes over. */
    private final long[] until;
    /** By rule: event time from which on what it looks at is held. */
    private final long[] heldFrom;
    /** By number. */
    private final List<Role> roles = new ArrayList<>();
    /** By rule: how many roles it has. */
    private final int[] ways;
    /** By number of a role, its rule. */
    private final int[] ruleOf;
    /** By number of a role, whether a cause of its rule can begin with it. */
    private final boolean[] begins;
    /** Each different condition to its number. */
    private final Map<Condition, Integer> conditions = new HashMap<>();

    private final Map<String, List<Role>> byKind = new HashMap<>();
    private final Map<String, Map<String, List<Role>>> byKindAndChannel = new HashMap<>();
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
        this.ways = new int[rules.size()];
        this.all = new int[rules.size()];
        Arrays.fill(until, Long.MAX_VALUE);
        for (int i = 0; i < rules.size(); i++) {
            AlertRule rule = rules.get(i);
            places.computeIfAbsent(rule.ruleId(), id -> new HashMap<>()).put(rule.version(), i);
            keys[i] = key(rule.ruleId(), rule.version());
            placesByKey.put(keys[i], i);
            all[i] = i;
            for (int j = 0; j < i; j++) {
                // By version, and so by effective_from: the configuration sees to that.
                if (rules.get(j).ruleId().equals(rule.ruleId())) {
                    until[j] = Math.min(until[j], rule.effectiveFrom());
                }
            }
            List<Match> matches = rule.pattern().roles();
            ways[i] = matches.size();
            if (rule.mode() != AlertRule.Mode.DISABLED) {
                for (int role = 0; role < matches.size(); role++) {
                    Match match = matches.get(role);
                    Condition when = match.when();
                    int condition = when == null ? -1 : conditions.computeIfAbsent(when, each -> conditions.size());
                    Role numbered = new Role(roles.size(), i, role, match, rest(match), condition);
                    roles.add(numbered);
                    add(numbered);
                }
            }
        }
        for (int i = 0; i < rules.size(); i++) {
            heldFrom[i] = findHeldFrom(i);
        }
        this.ruleOf = new int[roles.size()];
        this.begins = new boolean[roles.size()];
        for (Role role : roles) {
            ruleOf[role.number] = role.rule;
            begins[role.number] = rules.get(role.rule).pattern().beginsWith(role.role);
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

    /** The places of rules by what distinguishes them, ascending; null where one is none of these rules. */
    int @Nullable [] places(List<String> keys) {
        int[] places = new int[keys.size()];
        for (int i = 0; i < places.length; i++) {
            Integer place = placesByKey.get(keys.get(i));
            if (place == null) {
                return null;
            }
            places[i] = place;
        }
        Arrays.sort(places);
        return places;
    }

    /** The places of all rules, ascending; not to be changed. */
    int[] all() {
        return all;
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

    /** What looks at a touchpoint. */
    Sight see(Signal signal) {
        Looking looking = new Looking(signal);
        looking.at(byKind.get(signal.kind()));
        Map<String, List<Role>> byChannelOfKind = byKindAndChannel.get(signal.kind());
        if (byChannelOfKind != null) {
            looking.at(byChannelOfKind.get(signal.channel()));
        }
        if (signal.survey() != null) {
            looking.at(byMetric.get(signal.survey().metric()));
            looking.at(ofAnswers);
        }
        if (signal.outcome() != null && !byOutcome.isEmpty()) {
            looking.at(byOutcome.get(signal.outcome()));
        }
        if (signal.waitMs() != null) {
            looking.at(ofWaits);
        }
        if (signal.sentiment() != null) {
            looking.at(ofSentiment);
        }
        if (!byChannel.isEmpty()) {
            looking.at(byChannel.get(signal.channel()));
        }
        looking.at(ofAnything);
        return looking.seen();
    }

    /** Collects what looks at one touchpoint. */
    private final class Looking {
        private final Signal signal;
        private @Nullable Numbers always;
        private @Nullable Numbers byTier;
        /** By condition: 0 not evaluated, 1 holds, -1 does not. */
        private byte @Nullable [] known;

        Looking(Signal signal) {
            this.signal = signal;
        }

        void at(@Nullable List<Role> bucket) {
            if (bucket == null) {
                return;
            }
            for (int i = 0; i < bucket.size(); i++) {
                Role role = bucket.get(i);
                if (inTime(role, signal) && role.rest.fits(signal) && admits(role, signal)) {
                    if (role.match.looksAtTier()) {
                        byTier = with(byTier, role.number);
                    } else if (holds(role)) {
                        always = with(always, role.number);
                    }
                }
            }
        }

        private boolean holds(Role role) {
            Condition when = role.match.when();
            if (when == null) {
                return true;
            }
            byte[] soFar = known;
            if (soFar == null) {
                soFar = new byte[conditions.size()];
                known = soFar;
            }
            if (soFar[role.condition] == 0) {
                soFar[role.condition] = (byte) (when.holds(signal, null) ? 1 : -1);
            }
            return soFar[role.condition] > 0;
        }

        private static Numbers with(@Nullable Numbers before, int number) {
            Numbers numbers = before == null ? new Numbers() : before;
            numbers.add(number);
            return numbers;
        }

        Sight seen() {
            if (always == null && byTier == null) {
                return Sight.NOTHING;
            }
            return new Sight(always == null ? NONE : always.ascending(), byTier == null ? NONE : byTier.ascending());
        }
    }

    /** A few numbers. */
    private static final class Numbers {
        private int[] all = NONE;
        private int size;

        void add(int number) {
            if (size == all.length) {
                all = Arrays.copyOf(all, Math.max(4, 2 * size));
            }
            all[size++] = number;
        }

        int[] ascending() {
            if (size == 0) {
                return NONE;
            }
            int[] ascending = size == all.length ? all : Arrays.copyOf(all, size);
            Arrays.sort(ascending);
            return ascending;
        }
    }

    /** The places of the rules that some roles are of, each once, ascending as the roles are. */
    int[] rulesOf(int[] numbers) {
        int[] places = new int[numbers.length];
        int size = 0;
        for (int number : numbers) {
            if (size == 0 || places[size - 1] != ruleOf[number]) {
                places[size++] = ruleOf[number];
            }
        }
        return size == places.length ? places : Arrays.copyOf(places, size);
    }

    /** The numbers of the roles that look at it, ascending. */
    int[] roles(Signal signal, Sight sight, @Nullable String tier) {
        if (sight.byTier.length == 0) {
            return sight.always;
        }
        Numbers found = new Numbers();
        for (int number : sight.always) {
            found.add(number);
        }
        Map<Condition, Boolean> known = new HashMap<>();
        for (int number : sight.byTier) {
            Condition when = roles.get(number).match.when();
            if (when == null || known.computeIfAbsent(when, each -> each.holds(signal, tier))) {
                found.add(number);
            }
        }
        return found.ascending();
    }

    /**
     * What some rules look at, as they are asked for, then by role; in the order given. Of rules whose pattern begins with none
     * of it there is nothing.
     *
     * @param which places of rules, ascending
     */
    List<List<List<Current>>> matching(int[] which, List<Current> all, @Nullable String tier) {
        List<List<List<Current>>> matching = new ArrayList<>(which.length);
        for (int i = 0; i < which.length; i++) {
            matching.add(List.of());
        }
        for (int i = 0; i < all.size(); i++) {
            for (int number : all.get(i).roles(this, tier)) {
                int at = begins[number] ? Arrays.binarySearch(which, ruleOf[number]) : -1;
                if (at >= 0 && matching.get(at).isEmpty()) {
                    matching.set(at, lists(ways[ruleOf[number]]));
                }
            }
        }
        for (int i = 0; i < all.size(); i++) {
            Current current = all.get(i);
            for (int number : current.roles(this, tier)) {
                int at = Arrays.binarySearch(which, ruleOf[number]);
                if (at >= 0 && !matching.get(at).isEmpty()) {
                    matching.get(at).get(roles.get(number).role).add(current);
                }
            }
        }
        return matching;
    }

    private static List<List<Current>> lists(int roles) {
        List<List<Current>> lists = new ArrayList<>(roles);
        for (int i = 0; i < roles; i++) {
            lists.add(new ArrayList<>());
        }
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

    /** Whoever asks for kinds is found by kind, and by channel too if asked for. */
    private static Match rest(Match match) {
        return match.kinds().isEmpty()
                ? match
                : new Match(
                        match.direction(),
                        Set.of(),
                        Set.of(),
                        match.outcomes(),
                        match.surveyMetric(),
                        match.satisfactionAtMost(),
                        match.satisfactionAbove(),
                        match.sentimentAtMost(),
                        match.waitAboveMs(),
                        match.when());
    }

    private void add(Role role) {
        Match match = role.match;
        if (!match.kinds().isEmpty() && !match.channels().isEmpty()) {
            for (String kind : match.kinds()) {
                Map<String, List<Role>> byChannelOfKind = byKindAndChannel.computeIfAbsent(kind, k -> new HashMap<>());
                match.channels().forEach(channel -> put(byChannelOfKind, channel, role));
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
}
