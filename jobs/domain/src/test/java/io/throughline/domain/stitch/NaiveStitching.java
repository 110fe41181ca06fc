package io.throughline.domain.stitch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The stitching specification (DESIGN.md section 3, "What is to be computed") written down as directly as possible,
 * as a test oracle. It was written from the text alone, without sight of the real implementation. It is slow on
 * purpose: whole sets are copied and searched, so that every part can be held against the sentence it implements.
 *
 * <p>"Rule n" below means item n of the list in DESIGN.md section 3. "Decided" marks a choice where the text is silent.
 */
final class NaiveStitching {

    enum Scope {
        PERSON,
        DEVICE,
        SESSION
    }

    /**
     * An identifier type.
     *
     * @param priority 0 is the strongest
     * @param unique a customer has at most one value
     * @param limit most values a customer may have, 0 = no limit
     * @param windowMs 0 = the limit holds over all time; else at most {@code limit} values whose first-seen times lie
     *     within any stretch shorter than this
     * @param maxCustomers seen with more distinct values of unique types than this, an identifier is a super-node
     */
    record Type(String name, int priority, boolean unique, int limit, long windowMs, Scope scope, int maxCustomers) {}

    record Id(String type, String value) {}

    /** A person's decision: these two are always, or never, the same customer. */
    record Word(boolean always, Id one, Id other, long effectiveFrom) {}

    /** Whoever bore it is forgotten, up to and including a time. */
    record Forgotten(Id id, long until) {}

    /** One touchpoint; gapMs is the gap of its channel. */
    record Event(String touchpointId, long time, long gapMs, boolean logout, List<Id> ids) {}

    /** maxLinks: seen with more distinct person-scope identifiers than this, an identifier is a super-node. */
    record Config(List<Type> types, int maxLinks) {}

    /** Two identifiers seen on one touchpoint, {@code one} with the smaller hash; the pair's earliest time. */
    private record Link(Id one, Id other, long time) {

        boolean touches(Id id) {
            return one.equals(id) || other.equals(id);
        }

        Id otherEnd(Id id) {
            return one.equals(id) ? other : one;
        }
    }

    /** The first event time of an identifier without any link that counts: infinitely late. */
    private static final long INFINITELY_LATE = Long.MAX_VALUE;

    private final List<Event> events;
    private final List<Word> words;
    private final Config config;
    private final Function<Id, String> hash;

    /** All links, including those of super-nodes. */
    private final List<Link> allLinks;

    private final Set<Id> superNodes;
    /** The links without those of super-nodes. */
    private final List<Link> links;
    /** Every usable identifier: not of session scope, not a super-node. */
    private final Set<Id> identifiers;

    private final List<Set<Id>> deviceGroups;
    private final Map<Id, Long> firstTimes;

    /** The customers: every usable identifier is in exactly one of these sets. */
    private final List<Set<Id>> customers = new ArrayList<>();
    /** The device groups that were not accepted. */
    private final Set<Set<Id>> sharedGroups = new HashSet<>();

    /**
     * Touchpoint id to a label of the customer it belongs to: "c:TYPE:VALUE" of the customer's strongest identifier, or
     * "t:TOUCHPOINT" for one without any usable identifier. Two touchpoints have the same label if and only if they
     * belong to the same customer.
     */
    static Map<String, String> customers(
            Collection<Event> events, Collection<Word> words, Config config, Function<Id, String> hash) {
        NaiveStitching stitching = new NaiveStitching(events, words, config, hash);
        stitching.acceptEvidence();
        Map<String, String> labels = new TreeMap<>();
        for (Event event : stitching.events) {
            labels.put(event.touchpointId(), stitching.customerOf(event));
        }
        return labels;
    }

    /** An event that bore a forgotten identifier, at or before the time, never happened. */
    static List<Event> withoutForgotten(Collection<Event> events, Collection<Forgotten> forgotten) {
        List<Event> remaining = new ArrayList<>(events);
        for (Forgotten each : forgotten) {
            remaining.removeIf(
                    event -> event.time() <= each.until() && event.ids().contains(each.id()));
        }
        return remaining;
    }

    private NaiveStitching(Collection<Event> events, Collection<Word> words, Config config, Function<Id, String> hash) {
        this.events = inTimeOrder(events);
        this.words = List.copyOf(words);
        this.config = config;
        this.hash = hash;
        this.allLinks = findLinks();
        this.superNodes = findSuperNodes();
        this.links = new ArrayList<>();
        for (Link link : allLinks) {
            if (!superNodes.contains(link.one()) && !superNodes.contains(link.other())) {
                links.add(link);
            }
        }
        this.identifiers = findIdentifiers();
        this.deviceGroups = findDeviceGroups();
        this.firstTimes = findFirstTimes();
        for (Id id : identifiers) {
            customers.add(Set.of(id)); // an identifier never seen with another is its own customer
        }
    }

    // ---- The input ----

    /**
     * The touchpoints by (time, touchpoint id). Exact copies count once; ingest lets one winner per touchpoint id pass
     * (section 2, "Duplicates"), so two different ones under the same id are a mistake in the test.
     */
    private static List<Event> inTimeOrder(Collection<Event> events) {
        List<Event> ordered = new ArrayList<>(new LinkedHashSet<>(events));
        ordered.sort(Comparator.comparingLong(Event::time).thenComparing(Event::touchpointId));
        Set<String> seen = new HashSet<>();
        for (Event event : ordered) {
            if (!seen.add(event.touchpointId())) {
                throw new IllegalArgumentException("two different touchpoints with the id " + event.touchpointId());
            }
        }
        return ordered;
    }

    /**
     * Section 3: links (identifier, identifier, event time, touchpoint id); session ids never link. Per pair the
     * earliest counts. Its touchpoint id explains the link but decides nothing, so it is not kept here.
     */
    private List<Link> findLinks() {
        Map<List<Id>, Long> earliest = new LinkedHashMap<>();
        for (Event event : events) {
            for (Id one : event.ids()) {
                for (Id other : event.ids()) {
                    if (scope(one) != Scope.SESSION && scope(other) != Scope.SESSION && isBefore(one, other)) {
                        earliest.merge(List.of(one, other), event.time(), Math::min);
                    }
                }
            }
        }
        List<Link> found = new ArrayList<>();
        earliest.forEach((pair, time) -> found.add(new Link(pair.get(0), pair.get(1), time)));
        return found;
    }

    /**
     * Every usable identifier of touchpoints and decisions. Decided: one that only a decision names takes part like any
     * other (two identifiers "always" the same as a third that was never seen are one customer).
     */
    private Set<Id> findIdentifiers() {
        Set<Id> found = new LinkedHashSet<>();
        for (Event event : events) {
            found.addAll(event.ids());
        }
        for (Word word : words) {
            found.add(word.one());
            found.add(word.other());
        }
        found.removeIf(id -> !isUsable(id));
        return found;
    }

    // ---- Rule 1: quarantine ----

    /**
     * Rule 1: seen directly, over all history, with more than maxCustomers distinct values of unique types; or with
     * more than maxLinks distinct person-scope identifiers. All links count, also those to other super-nodes.
     */
    private Set<Id> findSuperNodes() {
        Set<Id> linked = new HashSet<>();
        for (Link link : allLinks) {
            linked.add(link.one());
            linked.add(link.other());
        }
        Set<Id> found = new HashSet<>();
        for (Id id : linked) {
            Set<Id> uniqueNeighbours = new HashSet<>();
            Set<Id> personNeighbours = new HashSet<>();
            for (Link link : allLinks) {
                if (link.touches(id)) {
                    Id neighbour = link.otherEnd(id);
                    if (type(neighbour).unique()) {
                        uniqueNeighbours.add(neighbour);
                    }
                    if (scope(neighbour) == Scope.PERSON) {
                        personNeighbours.add(neighbour);
                    }
                }
            }
            if (uniqueNeighbours.size() > type(id).maxCustomers() || personNeighbours.size() > config.maxLinks()) {
                found.add(id);
            }
        }
        return found;
    }

    /** Not of session scope and not quarantined. */
    private boolean isUsable(Id id) {
        return scope(id) != Scope.SESSION && !superNodes.contains(id);
    }

    // ---- Device groups and first event times ----

    /** Rule 2: "device-scope identifiers that co-occur with each other: one physical device"; also a single one. */
    private List<Set<Id>> findDeviceGroups() {
        List<Set<Id>> groups = new ArrayList<>();
        for (Id id : identifiers) {
            if (scope(id) == Scope.DEVICE) {
                groups.add(Set.of(id));
            }
        }
        for (Link link : links) {
            if (scope(link.one()) == Scope.DEVICE && scope(link.other()) == Scope.DEVICE) {
                Set<Id> union = new HashSet<>(setWith(link.one(), groups));
                union.addAll(setWith(link.other(), groups));
                groups.removeIf(union::containsAll);
                groups.add(Set.copyOf(union));
            }
        }
        return groups;
    }

    /** The persons seen directly with a device of the group. */
    private Set<Id> personsOn(Set<Id> deviceGroup) {
        Set<Id> persons = new HashSet<>();
        for (Link link : links) {
            for (Id device : deviceGroup) {
                if (link.touches(device) && scope(link.otherEnd(device)) == Scope.PERSON) {
                    persons.add(link.otherEnd(device));
                }
            }
        }
        return persons;
    }

    /** The persons seen directly with the group's devices include two values of one unique type: always shared. */
    private boolean isContradicted(Set<Id> deviceGroup) {
        for (Id one : personsOn(deviceGroup)) {
            for (Id other : personsOn(deviceGroup)) {
                if (type(one).unique() && one.type().equals(other.type()) && !one.equals(other)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The first event time of an identifier: the earliest of its links, without those of super-nodes and those between
     * a person and a device of a contradicted group; infinitely late if there is none.
     */
    private Map<Id, Long> findFirstTimes() {
        Set<Id> contradictedDevices = new HashSet<>();
        for (Set<Id> group : deviceGroups) {
            if (isContradicted(group)) {
                contradictedDevices.addAll(group);
            }
        }
        Map<Id, Long> found = new HashMap<>();
        for (Id id : identifiers) {
            found.put(id, INFINITELY_LATE);
        }
        for (Link link : links) {
            boolean personAndDevice = scope(link.one()) != scope(link.other());
            boolean contradicted =
                    contradictedDevices.contains(link.one()) || contradictedDevices.contains(link.other());
            if (!(personAndDevice && contradicted)) {
                found.merge(link.one(), link.time(), Math::min);
                found.merge(link.other(), link.time(), Math::min);
            }
        }
        return found;
    }

    // ---- Rule 2: evidence in one fixed order ----

    private void acceptEvidence() {
        for (Word word : alwaysInOrder()) {
            join(Set.of(word.one(), word.other()));
        }
        for (Link link : personLinksInOrder()) {
            join(Set.of(link.one(), link.other()));
        }
        for (Set<Id> group : deviceGroupsInOrder()) {
            Set<Id> piece = new HashSet<>(group);
            piece.addAll(personsOn(group));
            if (isContradicted(group) || !join(piece)) {
                sharedGroups.add(group); // rule 3: "a device group that was not accepted: it joins nobody"
                // Its devices are still one thing. Decided: in its turn and only if that breaks nothing, also if the
                // group is contradicted.
                join(group);
            }
        }
    }

    /**
     * Decisions "always" by (effective from, smaller hash, larger hash). One that names a super-node is skipped.
     * Decided: so is one that names a session id ("session ids never link") or the same identifier twice.
     */
    private List<Word> alwaysInOrder() {
        List<Word> found = new ArrayList<>();
        for (Word word : words) {
            if (word.always()
                    && isUsable(word.one())
                    && isUsable(word.other())
                    && !word.one().equals(word.other())) {
                found.add(word);
            }
        }
        found.sort(Comparator.comparingLong(Word::effectiveFrom)
                .thenComparing(word -> smaller(hash.apply(word.one()), hash.apply(word.other())))
                .thenComparing(word -> larger(hash.apply(word.one()), hash.apply(word.other()))));
        return found;
    }

    /** Links between persons by (stronger priority, weaker priority, first event time, smaller hash, larger hash). */
    private List<Link> personLinksInOrder() {
        List<Link> found = new ArrayList<>();
        for (Link link : links) {
            if (scope(link.one()) == Scope.PERSON && scope(link.other()) == Scope.PERSON) {
                found.add(link);
            }
        }
        found.sort(Comparator.comparingInt((Link link) -> Math.min(priority(link.one()), priority(link.other())))
                .thenComparingInt(link -> Math.max(priority(link.one()), priority(link.other())))
                .thenComparingLong(Link::time)
                .thenComparing(link -> smaller(hash.apply(link.one()), hash.apply(link.other())))
                .thenComparing(link -> larger(hash.apply(link.one()), hash.apply(link.other()))));
        return found;
    }

    /** Device groups by (strongest priority, earliest first event time, smallest hash) among their devices. */
    private List<Set<Id>> deviceGroupsInOrder() {
        List<Set<Id>> ordered = new ArrayList<>(deviceGroups);
        ordered.sort(Comparator.comparingInt((Set<Id> group) ->
                        group.stream().mapToInt(this::priority).min().orElseThrow())
                .thenComparingLong(
                        group -> group.stream().mapToLong(firstTimes::get).min().orElseThrow())
                .thenComparing(group ->
                        group.stream().map(hash).min(Comparator.naturalOrder()).orElseThrow()));
        return ordered;
    }

    /** Makes all customers that the piece touches one, unless that breaks something; tells whether it was accepted. */
    private boolean join(Set<Id> piece) {
        Set<Id> union = new HashSet<>();
        for (Id id : piece) {
            union.addAll(setWith(id, customers));
        }
        if (breaksAUniqueType(union) || breaksALimit(union) || breaksANever(union)) {
            return false;
        }
        customers.removeIf(union::containsAll);
        customers.add(union);
        return true;
    }

    private boolean breaksAUniqueType(Set<Id> union) {
        for (Type type : config.types()) {
            if (type.unique() && valuesOf(type, union).size() > 1) {
                return true;
            }
        }
        return false;
    }

    /** Also for types of device scope. With a window, each value counts at its first event time. */
    private boolean breaksALimit(Set<Id> union) {
        for (Type type : config.types()) {
            if (type.limit() == 0) {
                continue;
            }
            List<Id> values = valuesOf(type, union);
            if (type.windowMs() == 0 && values.size() > type.limit()) {
                return true;
            }
            if (type.windowMs() > 0) {
                for (Id first : values) { // the stretch that begins with this value
                    long inStretch = values.stream()
                            .filter(value -> isInStretch(first, value, type.windowMs()))
                            .count();
                    if (inStretch > type.limit()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * Whether a value was first seen no earlier than another and less than the window after it. Decided: two infinitely
     * late ones are at the same time, and an infinitely late one is in no stretch with one that is not.
     */
    private boolean isInStretch(Id first, Id value, long windowMs) {
        long from = firstTimes.get(first);
        long at = firstTimes.get(value);
        if (from == INFINITELY_LATE || at == INFINITELY_LATE) {
            return from == at;
        }
        return at >= from && at - from < windowMs;
    }

    /**
     * A "never" pair in one set. Super-nodes and session ids are in no set, so a pair that names one has no effect.
     * Decided: "never" holds whatever its effective-from, against an "always" of any time too; a pair of an identifier
     * with itself has no effect.
     */
    private boolean breaksANever(Set<Id> union) {
        for (Word word : words) {
            if (!word.always()
                    && !word.one().equals(word.other())
                    && union.contains(word.one())
                    && union.contains(word.other())) {
                return true;
            }
        }
        return false;
    }

    // ---- Rules 3 to 5: touchpoints and labels ----

    /** Rule 4: the strongest usable identifier's customer; if none is usable, an anonymous one of its own. */
    private String customerOf(Event event) {
        List<Id> usable = usableOf(event);
        if (usable.isEmpty()) {
            return "t:" + event.touchpointId();
        }
        Id strongest = strongestOfTouchpoint(usable);
        if (scope(strongest) == Scope.DEVICE) {
            Set<Id> group = setWith(strongest, deviceGroups);
            if (sharedGroups.contains(group)) {
                // Normally it bears devices only, as these are weaker than persons. Decided: where a configuration
                // makes a device type stronger, one that also bears a person opens that person's login interval.
                return customerByLogin(event, group);
            }
        }
        return label(setWith(strongest, customers));
    }

    /**
     * Rule 3: by event time, the person whose login interval on the shared device covers the touchpoint. The interval
     * opens at any touchpoint bearing device and person, and ends at logout, at the next person, or the channel's gap
     * after the last touchpoint it covers. Otherwise: the device's own anonymous customer.
     */
    private String customerByLogin(Event wanted, Set<Id> group) {
        String open = null; // the customer whose interval is open
        long until = 0;
        for (Event event : events) {
            List<Id> usable = usableOf(event);
            if (usable.stream().noneMatch(group::contains)) {
                continue;
            }
            List<Id> persons = new ArrayList<>(usable);
            persons.removeIf(id -> scope(id) != Scope.PERSON);
            if (!persons.isEmpty()) {
                open = label(setWith(strongestOfTouchpoint(persons), customers));
            } else if (open != null && event.time() > until) {
                open = null;
            }
            if (event.equals(wanted)) {
                return open != null ? open : sharedDeviceItself(group);
            }
            if (open != null) {
                until = event.time() + event.gapMs(); // the last one's gap, also if that ends the interval sooner
            }
            if (event.logout()) {
                open = null;
            }
        }
        throw new IllegalStateException("the touchpoint bears no device of the group: " + wanted);
    }

    /**
     * The shared device's own customer: named after the strongest device of the group. That is also so in the two odd
     * cases where the group's devices are not a customer by themselves: an "always" decision put one of them together
     * with a person, or joining them would have broken a limit or a "never".
     */
    private String sharedDeviceItself(Set<Id> group) {
        return label(group);
    }

    private List<Id> usableOf(Event event) {
        List<Id> usable = new ArrayList<>(event.ids());
        usable.removeIf(id -> !isUsable(id));
        return usable;
    }

    /** The strongest identifier of a touchpoint: by (priority, hash). */
    private Id strongestOfTouchpoint(List<Id> ids) {
        return ids.stream()
                .min(Comparator.comparingInt(this::priority).thenComparing(hash))
                .orElseThrow();
    }

    /** Rule 5: the strongest identifier of a customer, by (priority, first event time, hash). */
    private String label(Set<Id> customer) {
        Id strongest = customer.stream()
                .min(Comparator.comparingInt(this::priority)
                        .thenComparingLong(firstTimes::get)
                        .thenComparing(hash))
                .orElseThrow();
        return "c:" + strongest.type() + ":" + strongest.value();
    }

    // ---- Small helpers ----

    private Type type(Id id) {
        for (Type type : config.types()) {
            if (type.name().equals(id.type())) {
                return type;
            }
        }
        throw new IllegalArgumentException("an identifier of a type that is not configured: " + id);
    }

    private Scope scope(Id id) {
        return type(id).scope();
    }

    private int priority(Id id) {
        return type(id).priority();
    }

    /** The one set that holds the identifier. */
    private static Set<Id> setWith(Id id, List<Set<Id>> sets) {
        for (Set<Id> set : sets) {
            if (set.contains(id)) {
                return set;
            }
        }
        throw new IllegalStateException("in no set: " + id);
    }

    private static List<Id> valuesOf(Type type, Set<Id> ids) {
        List<Id> values = new ArrayList<>(ids);
        values.removeIf(id -> !id.type().equals(type.name()));
        return values;
    }

    private boolean isBefore(Id one, Id other) {
        int order = hash.apply(one).compareTo(hash.apply(other));
        if (order == 0 && !one.equals(other)) {
            throw new IllegalArgumentException("one hash for two identifiers: " + one + ", " + other);
        }
        return order < 0;
    }

    private static String smaller(String one, String other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static String larger(String one, String other) {
        return one.compareTo(other) <= 0 ? other : one;
    }
}
