package io.throughline.bench;

import io.throughline.domain.stitch.FactSet;
import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.Hosts;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.stitch.KeptNode;
import io.throughline.pipeline.stitch.NodeStateLayout;
import java.util.List;
import java.util.Map;

/**
 * What stitching remembers, in bytes: on the heap of a task and in a checkpoint, per identifier, per known link and per
 * touchpoint that can still move. Each node is written whole, then without touchpoints, then without links as well.
 */
public final class StateBench {
    /** Flink's map from keys to states: an entry, its share of the table, the key. */
    private static final int ENTRY_OF_FLINK = 40 + 8 + 32;
    /** In a checkpoint: the key, and the namespace every entry has. */
    private static final int ENTRY_OF_CHECKPOINT = 16 + 1;

    private static final int HEADER_OF_ARRAY = 16;

    private long nodes;
    private long links;
    private long touchpoints;
    private final Sum whole = new Sum();
    private final Sum withoutTouchpoints = new Sum();
    private final Sum bare = new Sum();

    /** Of all nodes. */
    private static final class Sum {
        long heap;
        long checkpoint;

        void add(byte[] bytes) {
            heap += (HEADER_OF_ARRAY + bytes.length + 7L) & ~7L;
            checkpoint += bytes.length + (bytes.length < 128 ? 1 : 2);
        }
    }

    /** @param args number of customers; by default 20000 */
    public static void main(String[] args) {
        int customers = args.length == 0 ? 20_000 : Integer.parseInt(args[0]);
        People people = new People(People.Mix.realistic(customers, 1));
        Network network = new Network(StitchConfig.DEFAULTS, true);
        for (int i = 0; i < people.size(); i++) {
            network.touch(people.touchpoint(i));
        }
        StateBench sums = new StateBench();
        HeapWalk walk = new HeapWalk();
        long heap = 0;
        for (Map.Entry<Hash128, KeptNode> node : network.nodes.entrySet()) {
            sums.add(node.getKey(), node.getValue());
            node.getValue().close();
            heap += ENTRY_OF_FLINK + walk.add(node.getValue());
        }
        sums.print(customers, heap);
    }

    private void add(Hash128 key, KeptNode node) {
        NodeState state = LayoutBytes.copy(node, NodeStateLayout.INSTANCE).open(key);
        nodes++;
        touchpoints += state.hosted.values().size();
        links += facts(state);
        whole.add(new KeptNode(state).bytes());
        state.hosted = new Hosts();
        state.seen = Map.of();
        withoutTouchpoints.add(new KeptNode(state).bytes());
        state.near = new FactSet();
        state.announced = Map.of();
        state.brought = Map.of();
        for (NodeState.Bond bond : bonds(state)) {
            Holding holding = bond.holding();
            if (holding != null) {
                holding.facts = new FactSet();
            }
        }
        bare.add(new KeptNode(state).bytes());
    }

    private void print(int customers, long heap) {
        System.out.printf(
                "%,d customers: %,d identifiers, %,d retained touchpoints, %,d copies of links in all nodes%n",
                customers, nodes, touchpoints, links);
        System.out.printf(
                "per identifier: %,d bytes of heap, %,d of checkpoint%n",
                ENTRY_OF_FLINK + HEADER_OF_ARRAY + bare.heap / nodes, ENTRY_OF_CHECKPOINT + bare.checkpoint / nodes);
        System.out.printf(
                "per copy of a link: %,d bytes of heap, %,d of checkpoint%n",
                (withoutTouchpoints.heap - bare.heap) / Math.max(1, links),
                (withoutTouchpoints.checkpoint - bare.checkpoint) / Math.max(1, links));
        System.out.printf(
                "per retained touchpoint: %,d bytes of heap, %,d of checkpoint%n",
                (whole.heap - withoutTouchpoints.heap) / touchpoints,
                (whole.checkpoint - withoutTouchpoints.checkpoint) / touchpoints);
        System.out.printf(
                "all of it: %,d bytes of heap per identifier, %,d of them of nodes too large to be packed%n",
                heap / nodes, (heap - nodes * (ENTRY_OF_FLINK + HEADER_OF_ARRAY) - whole.heap) / nodes);
    }

    private static List<NodeState.Bond> bonds(NodeState state) {
        return state.devices == null ? List.of(state.persons) : List.of(state.persons, state.devices);
    }

    private static long facts(NodeState state) {
        long facts = state.near.size() + state.announced.size() + state.brought.size();
        for (NodeState.Bond bond : bonds(state)) {
            Holding holding = bond.holding();
            if (holding != null) {
                facts += holding.facts.size();
            }
        }
        return facts;
    }

    private StateBench() {}
}
