package io.throughline.bench;

import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.stitch.KeptNode;
import io.throughline.pipeline.stitch.NodeStateLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether devices that many people share ever make one component of everybody: how large components grow, and whether a
 * link costs more the more people there are, at rates as they are and at rates that somebody aims at the system.
 */
public final class PercolationBench {
    private static final int STEPS = 5;

    /** @param args number of people; by default 100000 */
    public static void main(String[] args) {
        int people = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
        run("realistic", People.Mix.realistic(people, 3).seenOnce());
        // Everybody shares a tablet, every tenth was at a kiosk of 200 people, one sighting in fifty bears a stranger.
        run("hostile", new People.Mix(people, 1, 20, 1_000, 200, 100, 4));
    }

    private static void run(String name, People.Mix mix) {
        People people = new People(mix);
        Network network = new Network(StitchConfig.DEFAULTS, false);
        StringBuilder costs = new StringBuilder();
        int step = (people.size() + STEPS - 1) / STEPS;
        for (int from = 0; from < people.size(); from += step) {
            List<Touchpoint> chunk = new ArrayList<>();
            for (int i = from; i < Math.min(people.size(), from + step); i++) {
                chunk.add(people.touchpoint(i));
            }
            long before = Cpu.nanos();
            chunk.forEach(network::touch);
            costs.append(String.format(" %.1f", (Cpu.nanos() - before) / 1e3 / chunk.size()));
        }
        for (boolean devices : new boolean[] {false, true}) {
            long[] sizes = network.nodes.entrySet().stream()
                    .mapToLong(node -> facts(read(node.getValue(), node.getKey()), devices))
                    .filter(size -> size > 0)
                    .sorted()
                    .toArray();
            System.out.printf(
                    "%s, %,d people, facts at one root of the %s' layer: largest %,d, 99.9th percentile %,d, median %,d%n",
                    name,
                    mix.customers(),
                    devices ? "devices" : "persons",
                    at(sizes, 1),
                    at(sizes, 0.999),
                    at(sizes, 0.5));
        }
        System.out.printf(
                "%s: CPU microseconds per touchpoint, fifth by fifth:%s; %.2f messages per touchpoint%n",
                name, costs, (double) network.messages / people.size());
    }

    /** Leaves it packed: unpacked, all of them would not fit. */
    private static NodeState read(KeptNode node, Hash128 key) {
        return LayoutBytes.copy(node, NodeStateLayout.INSTANCE).open(key);
    }

    private static long facts(NodeState node, boolean devices) {
        NodeState.Bond bond = devices ? node.devices : node.persons;
        Holding holding = bond == null ? null : bond.holding();
        return holding == null ? 0 : holding.facts.size();
    }

    private static long at(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
    }

    private PercolationBench() {}
}
