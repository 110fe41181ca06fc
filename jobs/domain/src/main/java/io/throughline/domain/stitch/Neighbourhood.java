package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The touchpoints that can say anything about whose a few things are: found breadth first, from identifier to touchpoint
 * to identifier. Nothing is followed beyond a super-node, since it links nothing.
 *
 * @param complete false where there are more touchpoints than were asked for: an answer from these may be wrong
 */
public record Neighbourhood(List<Touchpoint> touchpoints, boolean complete) {

    private static final int IDENTIFIERS_AT_ONCE = 200;

    /** Where touchpoints can be looked up. */
    public interface Source {

        /** The touchpoint with this id. */
        @Nullable
        Touchpoint touchpoint(String touchpointId) throws IOException;

        /**
         * The next touchpoints that bear any of the identifiers, by touchpoint_id.
         *
         * @param after the last touchpoint_id of the page before; null for the first page
         * @return an empty page after the last
         */
        List<Touchpoint> bearing(Collection<Identifier> identifiers, @Nullable String after) throws IOException;
    }

    /** Touchpoints in memory. */
    public static Source over(Collection<Touchpoint> touchpoints) {
        Map<String, Touchpoint> byId = new HashMap<>();
        Map<Identifier, List<Touchpoint>> byIdentifier = new HashMap<>();
        for (Touchpoint touchpoint : touchpoints) {
            byId.put(touchpoint.touchpointId(), touchpoint);
            for (Identifier identifier : touchpoint.identifiers()) {
                byIdentifier.computeIfAbsent(identifier, i -> new ArrayList<>()).add(touchpoint);
            }
        }
        return new Source() {
            @Override
            public @Nullable Touchpoint touchpoint(String touchpointId) {
                return byId.get(touchpointId);
            }

            @Override
            public List<Touchpoint> bearing(Collection<Identifier> identifiers, @Nullable String after) {
                if (after != null) {
                    return List.of();
                }
                Map<String, Touchpoint> page = new TreeMap<>();
                for (Identifier identifier : identifiers) {
                    byIdentifier
                            .getOrDefault(identifier, List.of())
                            .forEach(touchpoint -> page.put(touchpoint.touchpointId(), touchpoint));
                }
                return List.copyOf(page.values());
            }
        };
    }

    /** @param most touchpoints to stop after */
    public static Neighbourhood of(
            Source source, Collection<Subject> subjects, Collection<Decision> decisions, StitchConfig config, int most)
            throws IOException {
        return new Search(source, decisions, config, most).around(subjects);
    }

    private static final class Search {
        private final Source source;
        private final StitchConfig config;
        private final int most;
        private final Map<Identifier, Set<Identifier>> decided = new HashMap<>();
        private final Map<String, Touchpoint> found = new LinkedHashMap<>();
        private final Set<Identifier> asked = new HashSet<>();
        private Set<Identifier> next = new LinkedHashSet<>();

        Search(Source source, Collection<Decision> decisions, StitchConfig config, int most) {
            this.source = source;
            this.config = config;
            this.most = most;
            for (Decision decision : Decision.holding(decisions)) {
                if (decision.verdict() == Decision.Verdict.ALWAYS) {
                    decided.computeIfAbsent(decision.one(), i -> new HashSet<>())
                            .add(decision.other());
                    decided.computeIfAbsent(decision.other(), i -> new HashSet<>())
                            .add(decision.one());
                }
            }
        }

        Neighbourhood around(Collection<Subject> subjects) throws IOException {
            for (Subject subject : subjects) {
                if (subject instanceof Subject.TouchpointId asked) {
                    Touchpoint touchpoint = source.touchpoint(asked.id());
                    if (touchpoint != null) {
                        found.put(touchpoint.touchpointId(), touchpoint);
                        next.addAll(config.linkable(touchpoint.identifiers()));
                    }
                } else if (subject instanceof Subject.Known known) {
                    next.add(known.identifier());
                }
            }
            while (!next.isEmpty()) {
                List<Identifier> round = new ArrayList<>(next);
                next = new LinkedHashSet<>();
                asked.addAll(round);
                for (int i = 0; i < round.size(); i += IDENTIFIERS_AT_ONCE) {
                    if (!follow(round.subList(i, Math.min(round.size(), i + IDENTIFIERS_AT_ONCE)))) {
                        return new Neighbourhood(List.copyOf(found.values()), false);
                    }
                }
                next.removeAll(asked);
            }
            return new Neighbourhood(List.copyOf(found.values()), true);
        }

        /** Reads on until it has all touchpoints of each identifier, or enough to know that it is a super-node. */
        private boolean follow(List<Identifier> identifiers) throws IOException {
            Map<Identifier, SuperNode.Neighbours> neighbours = new LinkedHashMap<>();
            Map<Identifier, Set<Identifier>> met = new HashMap<>();
            for (Identifier identifier : identifiers) {
                neighbours.put(identifier, new SuperNode.Neighbours());
            }
            String after = null;
            while (!neighbours.isEmpty()) {
                List<Touchpoint> page = source.bearing(neighbours.keySet(), after);
                if (page.isEmpty()) {
                    break;
                }
                for (Touchpoint touchpoint : page) {
                    if (found.size() >= most && !found.containsKey(touchpoint.touchpointId())) {
                        return false;
                    }
                    found.putIfAbsent(touchpoint.touchpointId(), touchpoint);
                    after = touchpoint.touchpointId();
                    List<Identifier> borne = config.linkable(touchpoint.identifiers());
                    for (Identifier identifier : borne) {
                        SuperNode.Neighbours own = neighbours.get(identifier);
                        if (own != null) {
                            meet(identifier, own, borne, met);
                        }
                    }
                }
                neighbours.entrySet().removeIf(e -> e.getValue().tooMany(e.getKey(), config));
            }
            for (Identifier identifier : neighbours.keySet()) {
                next.addAll(met.getOrDefault(identifier, Set.of()));
                next.addAll(decided.getOrDefault(identifier, Set.of()));
            }
            return true;
        }

        private void meet(
                Identifier identifier,
                SuperNode.Neighbours own,
                List<Identifier> borne,
                Map<Identifier, Set<Identifier>> met) {
            for (Identifier other : borne) {
                if (!other.equals(identifier)) {
                    own.meet(other, config);
                    met.computeIfAbsent(identifier, i -> new LinkedHashSet<>()).add(other);
                }
            }
        }
    }
}
