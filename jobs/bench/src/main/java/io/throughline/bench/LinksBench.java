package io.throughline.bench;

import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What one new link costs, deciding included, in one thread and without any transport; beside two batch union-finds
 * over the same links, which decide nothing, remember nothing and take nothing back.
 */
public final class LinksBench {
    private static final int CHUNK = 2_000;

    /** CPU nanoseconds per real link. */
    private record Cost(double protocol, double collecting, double strings, double arrays) {}

    /** CPU nanoseconds per real link, and how many of them went to collecting garbage. */
    private record Spent(double all, double collecting) {}

    /** @param args numbers of customers; by default 1000 10000 100000 */
    public static void main(String[] args) {
        int[] sizes = args.length == 0
                ? new int[] {1_000, 10_000, 100_000}
                : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        int warm = Math.min(10_000, Arrays.stream(sizes).max().orElseThrow());
        measure(warm, 7, true);
        measure(warm, 8, true);
        for (int customers : sizes) {
            int rounds = customers > 50_000 ? 1 : customers > 5_000 ? 3 : 7;
            List<Cost> costs = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                costs.add(measure(customers, round, round > 0));
            }
            double protocol = median(costs, Cost::protocol);
            double collecting = median(costs, Cost::collecting);
            double strings = median(costs, Cost::strings);
            double arrays = median(costs, Cost::arrays);
            System.out.printf(
                    "%,9d customers: %,8.0f CPU ns/link (%,.0f of them collecting garbage) = %,9.0f links/s/core; HashMap<String,String> union-find %,6.0f ns"
                            + " (ratio %.3f), arrays %,5.0f ns (ratio %.4f)%n",
                    customers,
                    protocol,
                    collecting,
                    1e9 / protocol,
                    strings,
                    strings / protocol,
                    arrays,
                    arrays / protocol);
        }
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> which) {
        return Cpu.median(costs.stream().mapToDouble(which).toArray());
    }

    /** The protocol twice around the two it is compared to. */
    private static Cost measure(int customers, long seed, boolean quiet) {
        People people = new People(People.Mix.realistic(customers, seed).seenOnce());
        Links links = new Links(people);
        Spent first = protocol(people, links.real, quiet);
        double strings = Cpu.median(strings(links), strings(links));
        double arrays = Cpu.median(arrays(links), arrays(links), arrays(links));
        Spent second = customers > 50_000 ? first : protocol(people, links.real, true);
        return new Cost((first.all + second.all) / 2, (first.collecting + second.collecting) / 2, strings, arrays);
    }

    private static Spent protocol(People people, int real, boolean quiet) {
        Network network = new Network(StitchConfig.DEFAULTS, false);
        List<Touchpoint> chunk = new ArrayList<>(CHUNK);
        long spent = 0;
        long collecting = Cpu.ofCollecting();
        for (int from = 0; from < people.size(); from += CHUNK) {
            chunk.clear();
            for (int i = from; i < Math.min(people.size(), from + CHUNK); i++) {
                chunk.add(people.touchpoint(i));
            }
            long before = Cpu.nanos();
            chunk.forEach(network::touch);
            spent += Cpu.nanos() - before;
        }
        collecting = Cpu.ofCollecting() - collecting;
        if (!quiet) {
            System.out.printf(
                    "%,9d touchpoints, %,d real links, %,d nodes: %.2f messages and %.2f attributions per link%n",
                    people.size(),
                    real,
                    network.nodes.size(),
                    (double) network.messages / real,
                    (double) network.attributions / real);
        }
        return new Spent((double) spent / real, (double) collecting / real);
    }

    /** Every pair of different identifiers on one touchpoint, in the order of the touchpoints, repeats included. */
    static final class Links {
        final List<String> left = new ArrayList<>();
        final List<String> right = new ArrayList<>();
        final int[] pairs;
        final int identifiers;
        /** Different ones. */
        final int real;
        /** Of these, those first seen in the second half of the touchpoints. */
        final int realInSecondHalf;

        Links(People people) {
            Map<String, Integer> numbers = new HashMap<>();
            Map<String, String> texts = new HashMap<>();
            Set<Long> different = new HashSet<>();
            int inFirstHalf = 0;
            for (int i = 0; i < people.size(); i++) {
                inFirstHalf = i == people.size() / 2 ? different.size() : inFirstHalf;
                List<Identifier> borne = people.touchpoint(i).identifiers();
                for (int a = 0; a < borne.size(); a++) {
                    for (int b = 0; b < a; b++) {
                        String one = texts.computeIfAbsent(borne.get(a).toString(), t -> t);
                        String other = texts.computeIfAbsent(borne.get(b).toString(), t -> t);
                        if (!one.equals(other)) {
                            left.add(one);
                            right.add(other);
                            long x = numbers.computeIfAbsent(one, k -> numbers.size());
                            long y = numbers.computeIfAbsent(other, k -> numbers.size());
                            different.add(Math.min(x, y) << 32 | Math.max(x, y));
                        }
                    }
                }
            }
            pairs = new int[2 * left.size()];
            for (int i = 0; i < left.size(); i++) {
                pairs[2 * i] = numbers.getOrDefault(left.get(i), 0);
                pairs[2 * i + 1] = numbers.getOrDefault(right.get(i), 0);
            }
            identifiers = numbers.size();
            real = different.size();
            realInSecondHalf = real - inFirstHalf;
        }
    }

    static double strings(Links links) {
        long before = Cpu.nanos();
        Map<String, String> parent = new HashMap<>();
        for (int i = 0; i < links.left.size(); i++) {
            String one = root(parent, links.left.get(i));
            String other = root(parent, links.right.get(i));
            if (!one.equals(other)) {
                parent.put(one, other);
            }
        }
        return (double) (Cpu.nanos() - before) / links.real;
    }

    private static String root(Map<String, String> parent, String of) {
        String at = of;
        while (true) {
            String up = parent.get(at);
            if (up == null) {
                parent.put(at, at);
                return at;
            }
            if (up.equals(at)) {
                return at;
            }
            String above = parent.getOrDefault(up, up);
            if (!above.equals(up)) {
                parent.put(at, above);
            }
            at = above;
        }
    }

    static double arrays(Links links) {
        long before = Cpu.nanos();
        int[] parent = new int[links.identifiers];
        for (int i = 0; i < parent.length; i++) {
            parent[i] = i;
        }
        int[] pairs = links.pairs;
        for (int i = 0; i < pairs.length; i += 2) {
            unite(parent, pairs[i], pairs[i + 1]);
        }
        return (double) (Cpu.nanos() - before) / links.real;
    }

    /** Rem's algorithm with splicing. */
    private static void unite(int[] parent, int one, int other) {
        int x = one;
        int y = other;
        while (parent[x] != parent[y]) {
            if (parent[x] < parent[y]) {
                int swapped = x;
                x = y;
                y = swapped;
            }
            if (x == parent[x]) {
                parent[x] = parent[y];
                return;
            }
            int up = parent[x];
            parent[x] = parent[y];
            x = up;
        }
    }

    private LinksBench() {}
}
