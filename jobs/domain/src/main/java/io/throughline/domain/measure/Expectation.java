package io.throughline.domain.measure;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /**
     * What was seen of one component.
     *
     * @param low lower end of its interval; not a number where there is none
     */
    public record Seen(double value, long n, double low, double high, boolean complete) {
        static Seen of(MetricValue value) {
            Double low = value.ciLow();
            Double high = value.ciHigh();
            return new Seen(
                    value.value(),
                    value.n(),
                    low == null ? Double.NaN : low,
                    high == null ? Double.NaN : high,
                    value.complete());
        }
    }

    boolean isMadeOf(String metric) {
        return components.stream().anyMatch(component -> component.metric().equals(metric));
    }

    /** @param n observations behind all components; 0: nothing is known */
    record Scored(double score, long n, @Nullable Double low, @Nullable Double high, boolean complete) {}

    /** Scores what was seen of the components, by metric id; one that was not seen leaves its weight to the others. */
    Scored score(Map<String, Seen> seen) {
        double weights = 0;
        double sum = 0;
        double variance = 0;
        long n = 0;
        boolean complete = true;
        for (Component component : components) {
            Seen value = seen.get(component.metric());
            if (value == null) {
                continue;
            }
            weights += component.weight();
            sum += component.weight() * component.score(value.value());
            n += value.n();
            complete &= value.complete();
            double half = component.weight() * (component.score(value.high()) - component.score(value.low())) / 2;
            variance += half * half;
        }
        if (n == 0) {
            return new Scored(0, 0, null, null, false);
        }
        double score = sum / weights;
        double half = Math.sqrt(variance) / weights;
        boolean interval = !Double.isNaN(half);
        return new Scored(
                score,
                n,
                interval ? (Double) Math.max(0, score - half) : null,
                interval ? (Double) Math.min(100, score + half) : null,
                complete);
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
