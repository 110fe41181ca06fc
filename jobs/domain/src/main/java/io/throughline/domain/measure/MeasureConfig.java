package io.throughline.domain.measure;

import io.throughline.domain.stage.Requirements;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is measured, over which windows, broken down by what. Keys are {@code measure.*}. Durations in
 * milliseconds.
 *
 * @param windows sliding, event time
 * @param publishEveryMs event time between two publications of one series, where it changed; {@link #publishEveryMs(Family, Window)}
 *     says of which twelve times that
 * @param dimensions combinations to break down by; the empty one is over everything
 * @param customerDimensions combinations to break down by what customers did: purchase frequency, retention, churn,
 *     funnel
 * @param maxValues most values of one combination that have series of their own; further ones share one called
 *     {@value #OTHER}
 * @param keptValues dimension to values that always have series of their own, whatever else there is
 * @param queues words before {@code _queued}, {@code _answered}, {@code _ended} and {@code _abandoned} in the kinds of
 *     what waits in a queue
 * @param serviceLevelThresholdMs T of the service level; a wait of exactly T is within it
 * @param serviceLevelVariant which of the formulas in use
 * @param selfServiceChannels where customers serve themselves
 * @param assistedChannels where people serve them
 * @param trafficChannels whose sessions are traffic
 * @param purchaseKinds kinds by which a customer buys
 * @param cancellationKinds kinds by which a customer leaves
 * @param stages of the journey, in order
 * @param failedSelfServiceMs how soon after self-service a contact with a person says that it failed
 * @param longWaitMs time waited in a session from which it is one with a long wait
 * @param expectations how the four expectations are scored
 * @param metrics ids that are published
 * @param history whether each slot of {@link History} is published, and corrected
 * @param correctHistoryMs how long after its end a slot is corrected
 */
public record MeasureConfig(
        List<Window> windows,
        long publishEveryMs,
        List<List<String>> dimensions,
        List<List<String>> customerDimensions,
        int maxValues,
        Map<String, List<String>> keptValues,
        List<String> queues,
        long serviceLevelThresholdMs,
        ServiceLevel serviceLevelVariant,
        List<String> selfServiceChannels,
        List<String> assistedChannels,
        List<String> trafficChannels,
        List<String> purchaseKinds,
        List<String> cancellationKinds,
        List<String> stages,
        long failedSelfServiceMs,
        long longWaitMs,
        List<Expectation> expectations,
        List<String> metrics,
        boolean history,
        long correctHistoryMs)
        implements Serializable {

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    /** What a touchpoint can be broken down by. */
    public static final Set<String> DIMENSIONS =
            Set.of("channel", "touchpoint", "stage", "topic", "segment", "location", "brand", "product", "experiment");

    /** The value that stands for all that have no series of their own. */
    public static final String OTHER = "(other)";

    public static final MeasureConfig DEFAULTS = new MeasureConfig(
            List.of(
                    new Window("1h", HOUR, MINUTE),
                    new Window("24h", 24 * HOUR, MINUTE),
                    new Window("7d", 7 * 24 * HOUR, 15 * MINUTE),
                    new Window("30d", 30 * 24 * HOUR, 15 * MINUTE)),
            5 * SECOND,
            List.of(
                    List.of(),
                    List.of("channel"),
                    List.of("touchpoint"),
                    List.of("stage"),
                    List.of("topic"),
                    List.of("segment"),
                    List.of("location"),
                    List.of("product"),
                    List.of("experiment")),
            List.of(List.of(), List.of("segment")),
            1_000,
            Map.of(),
            List.of("call", "chat", "video"),
            20 * SECOND,
            ServiceLevel.ANSWERED_OF_OFFERED,
            List.of("web", "app", "bot", "ivr", "kiosk"),
            List.of("call", "video", "store", "meeting"),
            List.of("web", "app"),
            List.of("purchase"),
            List.of("cancellation"),
            List.of("awareness", "acquisition", "onboarding", "engagement", "support"),
            24 * HOUR,
            2 * MINUTE,
            List.of(
                    new Expectation(
                            Expectation.Kind.SPEED_FLEXIBILITY,
                            List.of(
                                    new Expectation.Component("wait_p90", 0, 5 * MINUTE, 1),
                                    new Expectation.Component("first_response_p90", 0, 24 * HOUR, 1),
                                    new Expectation.Component("resolution_p90", 0, 7 * 24 * HOUR, 1),
                                    new Expectation.Component("abandonment_rate", 0, 30, 1))),
                    new Expectation(
                            Expectation.Kind.RELIABILITY_TRANSPARENCY,
                            List.of(
                                    new Expectation.Component("promise_kept_rate", 100, 0, 1),
                                    new Expectation.Component("silence_gap_p90", 0, 3 * 24 * HOUR, 1),
                                    new Expectation.Component("error_rate", 0, 20, 1))),
                    new Expectation(
                            Expectation.Kind.INTERACTION_ATTENTION,
                            List.of(
                                    new Expectation.Component("csat", 100, 0, 2),
                                    new Expectation.Component("sentiment_mean", 1, -1, 1),
                                    new Expectation.Component("transfer_rate", 0, 50, 1))),
                    new Expectation(
                            Expectation.Kind.DISSATISFACTION_CLOSURE,
                            List.of(
                                    new Expectation.Component("fcr_net", 100, 0, 1),
                                    new Expectation.Component("resolution_rate", 100, 0, 1),
                                    new Expectation.Component("repeat_contact_rate", 0, 50, 1),
                                    new Expectation.Component("complaint_rate", 0, 20, 1)))),
            Arrays.stream(Metric.values()).map(Metric::id).toList(),
            true,
            37 * 24 * HOUR);

    public MeasureConfig {
        windows = List.copyOf(windows);
        dimensions = dimensions.stream().map(List::copyOf).toList();
        customerDimensions = customerDimensions.stream().map(List::copyOf).toList();
        Map<String, List<String>> kept = new TreeMap<>();
        keptValues.forEach((dimension, values) -> kept.put(dimension, List.copyOf(values)));
        keptValues = kept;
        queues = List.copyOf(queues);
        selfServiceChannels = List.copyOf(selfServiceChannels);
        assistedChannels = List.copyOf(assistedChannels);
        trafficChannels = List.copyOf(trafficChannels);
        purchaseKinds = List.copyOf(purchaseKinds);
        cancellationKinds = List.copyOf(cancellationKinds);
        stages = List.copyOf(stages);
        expectations = List.copyOf(expectations);
        metrics = List.copyOf(metrics);
        Requirements required = new Requirements();
        required.that(!windows.isEmpty(), "measure.windows must name at least one window");
        required.that(
                windows.size() <= Totals.MOST_WINDOWS / 2,
                "measure.windows: at most " + Totals.MOST_WINDOWS / 2 + " windows can be counted, these are "
                        + windows.size());
        required.that(
                new HashSet<>(windows.stream().map(Window::name).toList()).size() == windows.size(),
                "measure.windows must not name a window twice, was "
                        + windows.stream().map(Window::name).toList());
        required.that(publishEveryMs >= 1, "measure.publish_every must be positive, was " + publishEveryMs + " ms");
        requireCombinations("measure.dimensions", dimensions, required);
        requireCombinations("measure.customer_dimensions", customerDimensions, required);
        required.that(maxValues >= 1, "measure.max_values must be at least 1, was " + maxValues);
        for (String dimension : keptValues.keySet()) {
            required.that(
                    DIMENSIONS.contains(dimension),
                    "measure.kept_values knows no " + dimension + "; it may name " + sorted(DIMENSIONS));
        }
        required.that(
                serviceLevelThresholdMs >= 0,
                "measure.service_level_threshold must not be negative, was " + serviceLevelThresholdMs + " ms");
        for (String channel : assistedChannels) {
            required.that(
                    !selfServiceChannels.contains(channel),
                    "measure.assisted_channels: " + channel + " is one of measure.self_service_channels too");
        }
        required.that(
                stages.size() <= CustomerBins.MOST_STAGES && new HashSet<>(stages).size() == stages.size(),
                "measure.stages must be at most " + CustomerBins.MOST_STAGES + " different ones, was " + stages);
        required.that(
                failedSelfServiceMs >= 0,
                "measure.failed_self_service_within must not be negative, was " + failedSelfServiceMs + " ms");
        required.that(longWaitMs >= 1, "measure.long_wait must be positive, was " + longWaitMs + " ms");
        required.that(
                correctHistoryMs >= 0,
                "measure.correct_history_for must not be negative, was " + correctHistoryMs + " ms");
        for (Window window : windows) {
            required.that(
                    History.slotMs(window.name()) % window.paneMs() == 0,
                    "measure.windows: the pane of " + window.name() + " must divide " + History.slotMs(window.name())
                            + " ms, by which its history is kept, was " + window.paneMs() + " ms");
        }
        required.that(
                expectations.stream().map(Expectation::kind).distinct().count() == expectations.size(),
                "measure.expectations must not name an expectation twice");
        for (String metric : metrics) {
            required.that(
                    Metric.exists(metric),
                    "measure.metrics knows no " + metric + "; docs/metrics.md lists what it may name");
        }
        for (Expectation expectation : expectations) {
            for (Expectation.Component component : expectation.components()) {
                required.that(
                        metrics.contains(component.metric())
                                || !metrics.contains(expectation.kind().metric().id()),
                        "measure.expectations." + expectation.kind().code() + " is computed from " + component.metric()
                                + ", which measure.metrics does not name");
            }
        }
        required.check();
    }

    private static void requireCombinations(String key, List<List<String>> combinations, Requirements required) {
        for (List<String> combination : combinations) {
            required.that(
                    new HashSet<>(combination).size() == combination.size(),
                    key + " must not name a dimension twice in one combination, was " + combination);
            for (String dimension : combination) {
                required.that(
                        DIMENSIONS.contains(dimension),
                        key + " knows no " + dimension + "; it may name " + sorted(DIMENSIONS));
            }
        }
        required.that(
                combinations.stream().map(HashSet::new).distinct().count() == combinations.size(),
                key + " must not name a combination twice, was " + combinations);
    }

    /**
     * The same with windows that cover exactly (as_of - window, as_of], at the price of a pane per millisecond, and without
     * history.
     */
    public MeasureConfig exact() {
        return toBuilder()
                .windows(windows.stream()
                        .map(window -> new Window(window.name(), window.lengthMs(), 1))
                        .toList())
                .history(false)
                .build();
    }

    /**
     * A value somebody looks at.
     *
     * @param dimensions the names of what it bears; empty: it is over everything
     */
    public record LookedAt(Metric metric, Set<String> dimensions, String window) {}

    /** The same without what nothing of this is made of. What is left has the values it would have had. */
    public MeasureConfig only(Collection<LookedAt> values) {
        Set<String> needed = new HashSet<>();
        Set<Set<String>> combinations = new HashSet<>();
        Set<String> over = new HashSet<>();
        for (LookedAt value : values) {
            needed.add(value.metric().id());
            over.add(value.window());
            Set<String> combination = new HashSet<>(value.dimensions());
            combination.removeAll(value.metric().alwaysBy());
            combination.removeAll(value.metric().sometimesBy());
            combinations.add(combination);
            expectations.stream()
                    .filter(expectation -> expectation.kind().metric() == value.metric())
                    .flatMap(expectation -> expectation.components().stream())
                    .forEach(component -> needed.add(component.metric()));
        }
        List<Window> left =
                windows.stream().filter(window -> over.contains(window.name())).toList();
        return toBuilder()
                .windows(left.isEmpty() ? windows : left)
                .dimensions(among(dimensions, combinations))
                .customerDimensions(among(customerDimensions, combinations))
                .metrics(metrics.stream().filter(needed::contains).toList())
                .build();
    }

    private static List<List<String>> among(List<List<String>> all, Set<Set<String>> combinations) {
        return all.stream()
                .filter(combination -> combinations.contains(Set.copyOf(combination)))
                .toList();
    }

    /**
     * How finely event times of facts have to be known: everything ends at a multiple of this, panes and ticks alike.
     */
    public long precisionMs() {
        long precision = publishEveryMs;
        for (Window window : windows) {
            precision = greatestCommonDivisor(precision, window.paneMs());
        }
        return precision;
    }

    /** Event time between two looks at a series of the family, at which it publishes what is due. */
    long publishEveryMs(Family family) {
        return family.isReadByCustomer() ? RARELY * publishEveryMs : publishEveryMs;
    }

    /**
     * Event time between two publications of one window of a series of the family. A minute more or less in a value of many
     * days is less than anybody can see, and half of what busy series publish would be theirs.
     */
    long publishEveryMs(Family family, Window window) {
        return window.lengthMs() > DAY_MS ? RARELY * publishEveryMs : publishEveryMs(family);
    }

    private static final long DAY_MS = 24 * 3_600_000L;

    /** How many times rarer long windows are published, and series that have to be read customer by customer. */
    private static final int RARELY = 12;

    boolean publishes(Metric metric) {
        return metrics.contains(metric.id());
    }

    /** Whether values of a metric are published that bear just these dimensions. */
    public boolean publishes(Metric metric, Set<String> bearing) {
        if (!publishes(metric) || !bearing.containsAll(metric.alwaysBy())) {
            return false;
        }
        if (metric.family() == Family.EXPECTATIONS) {
            return DIMENSIONS.containsAll(bearing)
                    && expectations.stream()
                            .filter(expectation -> expectation.kind().metric() == metric)
                            .flatMap(expectation -> expectation.components().stream())
                            .anyMatch(component -> publishes(Metric.ofId(component.metric()), bearing));
        }
        Set<String> combination = new HashSet<>(bearing);
        combination.removeAll(metric.alwaysBy());
        combination.removeAll(metric.sometimesBy());
        return switch (metric.family().brokenDown()) {
            case BY_DIMENSIONS -> isAmong(dimensions, combination);
            case BY_CUSTOMER_DIMENSIONS -> isAmong(customerDimensions, combination);
            case NOT -> combination.isEmpty();
        };
    }

    private static boolean isAmong(List<List<String>> combinations, Set<String> combination) {
        return combinations.stream().anyMatch(each -> combination.equals(Set.copyOf(each)));
    }

    boolean publishes(Family family) {
        for (Metric metric : family.metrics()) {
            if (publishes(metric)) {
                return true;
            }
        }
        return false;
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    /** A builder holding every setting of this configuration. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects settings; what is not set stays as it was. */
    public static final class Builder {
        private List<Window> windows;
        private long publishEveryMs;
        private List<List<String>> dimensions;
        private List<List<String>> customerDimensions;
        private int maxValues;
        private Map<String, List<String>> keptValues;
        private List<String> queues;
        private long serviceLevelThresholdMs;
        private ServiceLevel serviceLevelVariant;
        private List<String> selfServiceChannels;
        private List<String> assistedChannels;
        private List<String> trafficChannels;
        private List<String> purchaseKinds;
        private List<String> cancellationKinds;
        private List<String> stages;
        private long failedSelfServiceMs;
        private long longWaitMs;
        private List<Expectation> expectations;
        private List<String> metrics;
        private boolean history;
        private long correctHistoryMs;

        private Builder(MeasureConfig config) {
            windows = config.windows;
            publishEveryMs = config.publishEveryMs;
            dimensions = config.dimensions;
            customerDimensions = config.customerDimensions;
            maxValues = config.maxValues;
            keptValues = config.keptValues;
            queues = config.queues;
            serviceLevelThresholdMs = config.serviceLevelThresholdMs;
            serviceLevelVariant = config.serviceLevelVariant;
            selfServiceChannels = config.selfServiceChannels;
            assistedChannels = config.assistedChannels;
            trafficChannels = config.trafficChannels;
            purchaseKinds = config.purchaseKinds;
            cancellationKinds = config.cancellationKinds;
            stages = config.stages;
            failedSelfServiceMs = config.failedSelfServiceMs;
            longWaitMs = config.longWaitMs;
            expectations = config.expectations;
            metrics = config.metrics;
            history = config.history;
            correctHistoryMs = config.correctHistoryMs;
        }

        public Builder windows(List<Window> windows) {
            this.windows = windows;
            return this;
        }

        public Builder publishEveryMs(long publishEveryMs) {
            this.publishEveryMs = publishEveryMs;
            return this;
        }

        public Builder dimensions(List<List<String>> dimensions) {
            this.dimensions = dimensions;
            return this;
        }

        public Builder customerDimensions(List<List<String>> customerDimensions) {
            this.customerDimensions = customerDimensions;
            return this;
        }

        public Builder maxValues(int maxValues) {
            this.maxValues = maxValues;
            return this;
        }

        public Builder keptValues(Map<String, List<String>> keptValues) {
            this.keptValues = keptValues;
            return this;
        }

        public Builder queues(List<String> queues) {
            this.queues = queues;
            return this;
        }

        public Builder serviceLevelThresholdMs(long serviceLevelThresholdMs) {
            this.serviceLevelThresholdMs = serviceLevelThresholdMs;
            return this;
        }

        public Builder serviceLevelVariant(ServiceLevel serviceLevelVariant) {
            this.serviceLevelVariant = serviceLevelVariant;
            return this;
        }

        public Builder selfServiceChannels(List<String> selfServiceChannels) {
            this.selfServiceChannels = selfServiceChannels;
            return this;
        }

        public Builder assistedChannels(List<String> assistedChannels) {
            this.assistedChannels = assistedChannels;
            return this;
        }

        public Builder trafficChannels(List<String> trafficChannels) {
            this.trafficChannels = trafficChannels;
            return this;
        }

        public Builder purchaseKinds(List<String> purchaseKinds) {
            this.purchaseKinds = purchaseKinds;
            return this;
        }

        public Builder cancellationKinds(List<String> cancellationKinds) {
            this.cancellationKinds = cancellationKinds;
            return this;
        }

        public Builder stages(List<String> stages) {
            this.stages = stages;
            return this;
        }

        public Builder failedSelfServiceMs(long failedSelfServiceMs) {
            this.failedSelfServiceMs = failedSelfServiceMs;
            return this;
        }

        public Builder longWaitMs(long longWaitMs) {
            this.longWaitMs = longWaitMs;
            return this;
        }

        public Builder expectations(List<Expectation> expectations) {
            this.expectations = expectations;
            return this;
        }

        public Builder metrics(List<String> metrics) {
            this.metrics = metrics;
            return this;
        }

        public Builder history(boolean history) {
            this.history = history;
            return this;
        }

        public Builder correctHistoryMs(long correctHistoryMs) {
            this.correctHistoryMs = correctHistoryMs;
            return this;
        }

        public MeasureConfig build() {
            return new MeasureConfig(
                    windows,
                    publishEveryMs,
                    dimensions,
                    customerDimensions,
                    maxValues,
                    keptValues,
                    queues,
                    serviceLevelThresholdMs,
                    serviceLevelVariant,
                    selfServiceChannels,
                    assistedChannels,
                    trafficChannels,
                    purchaseKinds,
                    cancellationKinds,
                    stages,
                    failedSelfServiceMs,
                    longWaitMs,
                    expectations,
                    metrics,
                    history,
                    correctHistoryMs);
        }
    }
}
