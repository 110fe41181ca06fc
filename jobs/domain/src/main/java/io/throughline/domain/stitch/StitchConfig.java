package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules by which identifiers become customers. Keys are {@code stitch.*}.
 *
 * @param types by name
 * @param maxLinks an identifier seen with more distinct person identifiers than this is a super-node
 * @param maxComponentLinks most links that are looked at together; beyond it those with the smallest hashes count
 * @param reattributionHorizonMs how long a touchpoint can still move to another customer, event time, milliseconds
 * @param gapMs channel to the time after which a login on a shared device is over, milliseconds
 * @param defaultGapMs the same for channels not named
 */
public record StitchConfig(
        Map<String, IdentifierType> types,
        int maxLinks,
        int maxComponentLinks,
        long reattributionHorizonMs,
        Map<String, Long> gapMs,
        long defaultGapMs)
        implements Serializable {

    private static final long HALF_HOUR = 30L * 60 * 1000;
    private static final long DAY = 24L * 60 * 60 * 1000;

    public static final StitchConfig DEFAULTS = new StitchConfig(
            List.of(
                    person("customer_number", 0, true, 0),
                    person("account_id", 1, false, 20),
                    person("loyalty_id", 2, false, 0),
                    person("email", 3, false, 0),
                    person("phone", 4, false, 0),
                    person("social_id", 5, false, 0),
                    person("messaging_id", 6, false, 0),
                    person("card_token", 7, false, 0),
                    device("device_id", 8),
                    device("cookie", 9)),
            200,
            5_000,
            30 * DAY,
            Map.of("call", 2 * HALF_HOUR, "video", 2 * HALF_HOUR, "store", 8 * HALF_HOUR, "meeting", 8 * HALF_HOUR),
            HALF_HOUR);

    public StitchConfig(
            List<IdentifierType> types,
            int maxLinks,
            int maxComponentLinks,
            long reattributionHorizonMs,
            Map<String, Long> gapMs,
            long defaultGapMs) {
        this(byName(types), maxLinks, maxComponentLinks, reattributionHorizonMs, gapMs, defaultGapMs);
    }

    public StitchConfig {
        Map<String, IdentifierType> copy = new LinkedHashMap<>();
        Set<Integer> priorities = new HashSet<>();
        types.values().stream()
                .sorted(Comparator.comparingInt(IdentifierType::priority))
                .forEach(type -> {
                    require(
                            priorities.add(type.priority()),
                            "stitch.identifiers." + type.name() + ".priority " + type.priority()
                                    + " is another type's as well: every type needs its own");
                    copy.put(type.name(), type);
                });
        require(!copy.isEmpty(), "stitch.identifiers must name at least one type");
        require(maxLinks >= 2, "stitch.max_links must be at least 2, was " + maxLinks);
        require(maxComponentLinks >= 10, "stitch.max_component_links must be at least 10, was " + maxComponentLinks);
        require(
                reattributionHorizonMs > 0,
                "stitch.reattribution_horizon must be positive, was " + reattributionHorizonMs + " ms");
        types = copy;
        gapMs = Map.copyOf(gapMs);
    }

    /** How long a login on a shared device outlasts a touchpoint of the channel, milliseconds. */
    public long gapOf(String channel) {
        return gapMs.getOrDefault(channel, defaultGapMs);
    }

    /**
     * When a touchpoint is forgotten, event time, epoch milliseconds: as soon as it can no longer move, or together with
     * those that follow soon, so that a node need not look through its touchpoints for each of them.
     *
     * @param node where: not all nodes forget at once, which would hold up what comes meanwhile
     */
    long forgottenAt(long eventTime, Hash128 node) {
        long together = Math.max(1, reattributionHorizonMs / 32);
        long after = Math.floorMod(node.low(), together);
        return Math.floorDiv(eventTime + reattributionHorizonMs - after, together) * together + together + after;
    }

    /**
     * The rules for an identifier. A type the configuration does not name is weakest, a person's and without limits:
     * ingest decides whether such identifiers get this far.
     */
    public IdentifierType typeOf(Identifier identifier) {
        IdentifierType known = types.get(identifier.type());
        return known != null
                ? known
                : new IdentifierType(identifier.type(), Integer.MAX_VALUE, false, 0, 0, Scope.PERSON, 10);
    }

    /** Whether a decision can hold: both identifiers name persons. */
    public boolean decidable(Decision decision) {
        return typeOf(decision.one()).scope() == Scope.PERSON
                && typeOf(decision.other()).scope() == Scope.PERSON;
    }

    /**
     * Strongest type first, those of persons before those of devices whatever their priorities; within a type by
     * content hash, never by arrival.
     */
    public Comparator<Identifier> byStrength() {
        return this::compareStrength;
    }

    private int compareStrength(Identifier one, Identifier other) {
        if (one.type().equals(other.type())) {
            return one.hash().compareTo(other.hash());
        }
        IdentifierType type = typeOf(one);
        IdentifierType otherType = typeOf(other);
        int byScope = type.scope().compareTo(otherType.scope());
        if (byScope != 0) {
            return byScope;
        }
        int byPriority = Integer.compare(type.priority(), otherType.priority());
        return byPriority != 0 ? byPriority : one.type().compareTo(other.type());
    }

    /** The identifiers that can say whose a touchpoint is, strongest first, without repeats; not to be changed. */
    public List<Identifier> linkable(List<Identifier> identifiers) {
        if (isLinkable(identifiers)) {
            return identifiers;
        }
        List<Identifier> sorted = new ArrayList<>(identifiers.size());
        for (Identifier identifier : identifiers) {
            if (typeOf(identifier).scope() != Scope.SESSION) {
                sorted.add(identifier);
            }
        }
        sorted.sort(byStrength());
        List<Identifier> result = new ArrayList<>(sorted.size());
        for (Identifier identifier : sorted) {
            if (result.isEmpty() || !identifier.equals(result.get(result.size() - 1))) {
                result.add(identifier);
            }
        }
        return result;
    }

    /** Ingest mostly leaves them in this order. */
    private boolean isLinkable(List<Identifier> identifiers) {
        Identifier before = null;
        for (int i = 0; i < identifiers.size(); i++) {
            Identifier identifier = identifiers.get(i);
            if (typeOf(identifier).scope() == Scope.SESSION
                    || (before != null && compareStrength(before, identifier) >= 0)) {
                return false;
            }
            before = identifier;
        }
        return true;
    }

    private static Map<String, IdentifierType> byName(List<IdentifierType> types) {
        Map<String, IdentifierType> result = new LinkedHashMap<>();
        for (IdentifierType type : types) {
            require(result.put(type.name(), type) == null, "stitch.identifiers." + type.name() + " is named twice");
        }
        return result;
    }

    private static IdentifierType person(String name, int priority, boolean unique, int maxPerCustomer) {
        return new IdentifierType(name, priority, unique, maxPerCustomer, 0, Scope.PERSON, 10);
    }

    private static IdentifierType device(String name, int priority) {
        return new IdentifierType(name, priority, false, 0, 0, Scope.DEVICE, 50);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
