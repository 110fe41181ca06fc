package io.throughline.bench;

import io.throughline.domain.stitch.FactSet;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.stitch.NodeStateLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What stitching remembers, in bytes: on the heap of a task and in a checkpoint, per identifier, per known link and per
 * touchpoint that can still move. Strings that several parts share are paid for by the first of these three.
 */
public final class StateBench {
    /** Flink's map from keys to states: an entry, its share of the table, the key. */
    private static final int ENTRY_OF_FLINK = 40 + 8 + 32;

    /** @param args number of customers; by default 20000. More than one: also says which classes take the space */
    public static void main(String[] args) {
        int customers = args.length == 0 ? 20_000 : Integer.parseInt(args[0]);
        People people = new People(People.Mix.realistic(customers, 1));
        Network network = new Network(StitchConfig.DEFAULTS, true);
        for (int i = 0; i < people.size(); i++) {
            network.touch(people.touchpoint(i));
        }
        long nodes = network.nodes.size();
        long touchpoints =
                network.nodes.values().stream().mapToLong(n -> n.hosted.size()).sum();
        long links =
                network.nodes.values().stream().mapToLong(StateBench::facts).sum();
        System.out.printf(
                "%,d customers: %,d identifiers, %,d retained touchpoints, %,d copies of links in all nodes%n",
                customers, nodes, touchpoints, links);

        List<NodeState> states = new ArrayList<>(network.nodes.values());
        HeapWalk walk = new HeapWalk();
        long whole = 0;
        for (NodeState state : states) {
            whole += LayoutBytes.write(state, NodeStateLayout.INSTANCE).length;
        }
        // What is emptied here is the program's own copy: first the touchpoints leave, then the links.
        List<Object> hosted = new ArrayList<>();
        List<Object> facts = new ArrayList<>();
        for (NodeState state : states) {
            hosted.addAll(state.hosted.entrySet());
            hosted.add(List.copyOf(state.seen.entrySet()));
        }
        List<Map<?, ?>> kept = new ArrayList<>();
        for (NodeState state : states) {
            kept.add(Map.copyOf(state.hosted));
            state.hosted.clear();
            state.seen = Map.of();
        }
        long withoutTouchpoints = 0;
        for (NodeState state : states) {
            withoutTouchpoints += LayoutBytes.write(state, NodeStateLayout.INSTANCE).length;
        }
        for (NodeState state : states) {
            facts.add(state.near);
            facts.add(state.announced);
            facts.add(state.brought);
            state.near = new FactSet();
            state.announced = Map.of();
            state.brought = Map.of();
            for (NodeState.Bond bond : bonds(state)) {
                if (bond.holding != null) {
                    facts.add(bond.holding.facts);
                }
            }
        }
        long bare = 0;
        long heapBare = (long) ENTRY_OF_FLINK * nodes;
        // The sets of facts at roots cannot be taken out; they are walked last by being seen first elsewhere.
        HeapWalk factWalk = new HeapWalk();
        long heapFacts = 0;
        for (Object fact : facts) {
            heapFacts += factWalk.add(fact);
        }
        for (NodeState state : states) {
            for (NodeState.Bond bond : bonds(state)) {
                if (bond.holding != null) {
                    walk.add(bond.holding.facts);
                }
            }
        }
        walk.byClass.clear();
        for (NodeState state : states) {
            heapBare += walk.add(state);
        }
        for (NodeState state : states) {
            bare += LayoutBytes.write(state, NodeStateLayout.INSTANCE).length - factsOfRoots(state);
        }
        long heapHosted = 0;
        HeapWalk hostedWalk = new HeapWalk();
        for (NodeState state : states) {
            hostedWalk.add(state.identifier);
        }
        for (Object fact : facts) {
            hostedWalk.add(fact);
        }
        hostedWalk.byClass.clear();
        for (Object one : hosted) {
            heapHosted += hostedWalk.add(one);
        }
        System.out.printf("per identifier: %,d bytes of heap, %,d of checkpoint%n", heapBare / nodes, bare / nodes);
        System.out.printf(
                "per copy of a link: %,d bytes of heap, %,d of checkpoint%n",
                heapFacts / Math.max(1, links), (withoutTouchpoints - bare) / Math.max(1, links));
        System.out.printf(
                "per retained touchpoint: %,d bytes of heap, %,d of checkpoint%n",
                heapHosted / touchpoints, (whole - withoutTouchpoints) / touchpoints);
        if (args.length > 1) {
            print("identifiers", walk, nodes);
            print("links", factWalk, links);
            print("touchpoints", hostedWalk, touchpoints);
        }
        if (kept.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
    }

    private static void print(String what, HeapWalk walk, long count) {
        System.out.println(what + ", bytes each by class:");
        walk.byClass.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(14)
                .forEach(e -> System.out.printf("  %8.1f %s%n", (double) e.getValue() / count, e.getKey()));
    }

    private static List<NodeState.Bond> bonds(NodeState state) {
        return state.devices == null ? List.of(state.persons) : List.of(state.persons, state.devices);
    }

    private static long facts(NodeState state) {
        long facts = state.near.size() + state.announced.size() + state.brought.size();
        for (NodeState.Bond bond : bonds(state)) {
            if (bond.holding != null) {
                facts += bond.holding.facts.size();
            }
        }
        return facts;
    }

    private static long factsOfRoots(NodeState state) {
        long bytes = 0;
        for (NodeState.Bond bond : bonds(state)) {
            if (bond.holding != null && !bond.holding.facts.isEmpty()) {
                NodeState with = new NodeState();
                with.near = bond.holding.facts;
                bytes += LayoutBytes.write(with, NodeStateLayout.INSTANCE).length;
            }
        }
        return bytes;
    }

    private StateBench() {}
}
