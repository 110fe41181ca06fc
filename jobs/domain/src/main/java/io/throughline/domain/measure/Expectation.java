package io.throughline.domain.measure;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One of the four things customers expect, as a score from 0 to 100: the weighted mean of the scores of its components.
 *
 * @param components not empty, no metric twice
 */
public record Expectation(Kind kind, List<Component> components) implements Serializable {

    /** The four expectations; each is a metric of its own. */
    public enum Kind {
        SPEED_FLEXIBILITY(Metric.EXPECTATION_SPEED_FLEXIBILITY),
        RELIABILITY_TRANSPARENCY(Metric.EXPECTATION_RELIABILITY_TRANSPARENCY),
        INTERACTION_ATTENTION(Metric.EXPECTATION_INTERACTION_ATTENTION),
        DISSATISFACTION_CLOSURE(Metric.EXPECTATION_DISSATISFACTION_CLOSURE);

        private final Metric metric;

        Kind(Metric metric) {
            this.metric = metric;
        }

        /** What is published. */
        public Metric metric() {
            return metric;
        }

        /** The name configuration knows it by. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A metric that counts towards an expectation.
     *
     * @param metric its id; only the series over all scales counts
     * @param best value that scores 100
     * @param worst value that scores 0, on either side of best
     * @param weight above 0
     */
    public record Component(String metric, double best, double worst, double weight) implements Serializable {

        public Component {
            require(
                    Metric.exists(metric) && Metric.ofId(metric).family() != Family.EXPECTATIONS,
                    "metric: no metric is called " + metric + "; docs/metrics.md lists them");
            require(
                    Double.isFinite(best) && Double.isFinite(worst) && best != worst,
                    "best and worst must be two different numbers, were " + best + " and " + worst);
            require(weight > 0 && Double.isFinite(weight), "weight: must be above 0, was " + weight);
        }

        /** 100 x clamp((worst - value) / (worst - best)). */
        double score(double value) {
            return 100 * Math.max(0, Math.min(1, (worst - value) / (worst - best)));
        }
    }

    public Expectation {
        components = List.copyOf(components);
        require(!components.isEmpty(), "needs at least one component");
        Set<String> named = new HashSet<>();
        for (Component component : components) {
            require(named.add(component.metric()), "must not name " + component.metric() + " twice");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
