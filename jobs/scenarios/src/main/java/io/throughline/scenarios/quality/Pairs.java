package io.throughline.scenarios.quality;

import java.util.HashMap;
import java.util.Map;

/**
 * Two groupings of the same things, compared by pairs: those that are together in truth, as found, and in both.
 *
 * @param inTruth pairs that belong together
 * @param found pairs that were put together
 * @param both pairs that were put together and do belong together
 */
public record Pairs(double inTruth, double found, double both) {

    /** Counts pairs as things come in. */
    public static final class Counting {
        private final Map<String, Integer> inTruth = new HashMap<>();
        private final Map<String, Integer> found = new HashMap<>();
        private final Map<String, Integer> both = new HashMap<>();

        /** One thing: the group it belongs to, and the one it was put into. */
        public void add(String trueGroup, String foundGroup) {
            inTruth.merge(trueGroup, 1, Integer::sum);
            found.merge(foundGroup, 1, Integer::sum);
            both.merge(trueGroup.length() + " " + trueGroup + foundGroup, 1, Integer::sum);
        }

        public int groupsInTruth() {
            return inTruth.size();
        }

        public int groupsFound() {
            return found.size();
        }

        public Pairs pairs() {
            return new Pairs(count(inTruth), count(found), count(both));
        }

        private static double count(Map<String, Integer> sizes) {
            return sizes.values().stream()
                    .mapToDouble(size -> size * (size - 1.0) / 2)
                    .sum();
        }
    }

    /** Of the pairs put together, the share that belongs together; 1 where nothing was put together. */
    public double precision() {
        return found == 0 ? 1 : both / found;
    }

    /** Of the pairs that belong together, the share that was put together; 1 where nothing belongs together. */
    public double recall() {
        return inTruth == 0 ? 1 : both / inTruth;
    }

    /** Harmonic mean of precision and recall. */
    public double f1() {
        double sum = precision() + recall();
        return sum == 0 ? 0 : 2 * precision() * recall() / sum;
    }
}
