package io.throughline.domain.alert;

import io.throughline.domain.alert.AlertState.Current;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that a touchpoint may matter to by what it is, so that what a touchpoint costs does not grow with rules
 * that look at other things.
 */
final class RuleIndex {

    /** One way of one rule to look at a touchpoint. */
    private record Role(int number, int rule, int role, Match match) {}

    /**
     * Roles that are alike in all that decides whether they look at a touchpoint, so that one look decides for all.
     *
     * @param from event time from which on what they look at is held
     * @param until event time at which others take over
     * @param admits whose pattern decides, too; null: none does
     */
    private record Alike(Match match, long from, long until, @Nullable Pattern admits) {}

    /**
     * @param rest the match, where it asks for more than its needs say
     * @param condition its number among the conditions that several have; -1: none, or nobody else's
     * @param numbers of the roles, ascending
     */
    private record Group(Alike alike, @Nullable Match rest, int condition, int[] numbers) {}

    private static final int[] NONE = {};

    /** In at most so many places a role is found by several things it asks for; by one of them, in as many as that names. */
    private static final int MOST_PLACES = 64;

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
    /** How many conditions several groups have. */
    private final int shared;

    private final NeedTree<Group> byNeeds = new NeedTree<>();

    /** @param configured every rule, in a fixed order; found are those that look at the touchpoints of one customer */
    RuleIndex(List<AlertRule> configured) {
        this.rules = configured.stream()
                .filter(rule -> rule.pattern() instanceof Pattern.OfCustomer)
                .toList();
        this.until = rules.stream().mapToLong(rule -> rule.until(configured)).toArray();
        this.heldFrom = new long[rules.size()];
        this.keys = new String[rules.size()];
        this.ways = new int[rules.size()];
        this.all = new int[rules.size()];
        for (int i = 0; i < rules.size(); i++) {
            AlertRule rule = rules.get(i);
            places.computeIfAbsent(rule.ruleId(), id -> new HashMap<>()).put(rule.version(), i);
            keys[i] = key(rule.ruleId(), rule.version());
            placesByKey.put(keys[i], i);
            all[i] = i;
            List<Match> matches = rule.pattern().roles();
            ways[i] = matches.size();
            if (rule.mode() != AlertRule.Mode.DISABLED) {
                for (int role = 0; role < matches.size(); role++) {
                    roles.add(new Role(roles.size(), i, role, matches.get(role)));
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
        this.shared = group();
    }

    /** Says how many conditions several groups have. */
    private int group() {
        Map<Alike, List<Integer>> groups = new LinkedHashMap<>();
        for (Role role : roles) {
            groups.computeIfAbsent(alike(role), key -> new ArrayList<>()).add(role.number);
        }
        Map<Condition, Integer> conditions = numbered(groups.keySet());
        groups.forEach((alike, numbers) -> {
            Match match = alike.match;
            List<Need> needs = needs(match);
            byNeeds.add(
                    new Group(
                            alike,
                            needs.containsAll(match.needs()) ? match.rest() : match,
                            match.when() == null ? -1 : conditions.getOrDefault(match.when(), -1),
                            numbers.stream().mapToInt(Integer::intValue).toArray()),
                    needs);
        });
        return conditions.size();
    }

    /** What was to follow may follow under the next version; a score is made of what the version before saw, too. */
    private Alike alike(Role role) {
        Pattern pattern = rules.get(role.rule).pattern();
        return new Alike(
                role.match,
                heldFrom[role.rule],
                role.role == 1 && pattern instanceof Pattern.Absence ? Long.MAX_VALUE : until[role.rule],
                pattern instanceof Pattern.Experience ? pattern : null);
    }

    /** Numbers of the conditions that several have. */
    private static Map<Condition, Integer> numbered(Collection<Alike> groups) {
        Set<Condition> seen = new HashSet<>();
        Map<Condition, Integer> numbered = new HashMap<>();
        for (Alike alike : groups) {
            Condition when = alike.match.when();
            if (when != null && !seen.add(when)) {
                numbered.putIfAbsent(when, numbered.size());
            }
        }
        return numbered;
    }

    /**
     * What is looked up, then bounds. What an expression needs is left out where it looks at the customer's tier: what may
     * matter to it at some tier is held, whatever else it asks. So is what would multiply the places beyond the most.
     */
    private static List<Need> needs(Match match) {
        List<Need> all = new ArrayList<>(match.needs());
        Condition when = match.when();
        if (when != null && !when.looksAtTier()) {
            all.addAll(when.needs());
        }
        List<Need> needs = new ArrayList<>();
        int places = 1;
        for (Need need : all) {
            if (need instanceof Need.AnyOf anyOf) {
                int here = Math.max(1, anyOf.constants().size());
                int further = places * here;
                if (further > Math.max(MOST_PLACES, Math.max(places, here))) {
                    continue;
                }
                places = further;
            }
            needs.add(need);
        }
        // Stable.
        needs.sort(Comparator.comparing(Need.Beyond.class::isInstance));
        return needs;
    }

    /** In how many places all roles are found. */
    int foundIn() {
        return byNeeds.size();
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
        byNeeds.find(signal, looking);
        return looking.seen();
    }

    /** Collects what looks at one touchpoint. */
    private final class Looking implements Consumer<Group> {
        private final Signal signal;
        private @Nullable Numbers always;
        private @Nullable Numbers byTier;
        /** By condition that several have: 0 not evaluated, 1 holds, -1 does not. */
        private byte @Nullable [] known;

        Looking(Signal signal) {
            this.signal = signal;
        }

        @Override
        public void accept(Group group) {
            Alike alike = group.alike;
            Match match = alike.match;
            if (signal.eventTime() < alike.from
                    || signal.eventTime() >= alike.until
                    || !match.goes(signal)
                    || (group.rest != null && !group.rest.fits(signal))
                    || (alike.admits != null && !alike.admits.admits(signal))) {
                return;
            }
            if (match.looksAtTier()) {
                byTier = with(byTier, group.numbers);
            } else if (match.when() == null || holds(match.when(), group.condition)) {
                always = with(always, group.numbers);
            }
        }

        private boolean holds(Condition when, int number) {
            if (number < 0) {
                return when.holds(signal, null);
            }
            byte[] soFar = known;
            if (soFar == null) {
                soFar = new byte[shared];
                known = soFar;
            }
            if (soFar[number] == 0) {
                soFar[number] = (byte) (when.holds(signal, null) ? 1 : -1);
            }
            return soFar[number] > 0;
        }

        private static Numbers with(@Nullable Numbers before, int[] further) {
            if (before == null) {
                return new Numbers(further);
            }
            before.add(further);
            return before;
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
        /** Somebody else's as long as no others were added. */
        private int[] all;

        private int size;
        private boolean shared = true;

        /** @param ascending not changed */
        Numbers(int[] ascending) {
            all = ascending;
            size = ascending.length;
        }

        void add(int... further) {
            if (shared || size + further.length > all.length) {
                all = Arrays.copyOf(all, Math.max(size + further.length, 2 * size));
                shared = false;
            }
            System.arraycopy(further, 0, all, size, further.length);
            size += further.length;
        }

        int[] ascending() {
            if (shared) {
                return all;
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
        Numbers found = new Numbers(sight.always);
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
}
