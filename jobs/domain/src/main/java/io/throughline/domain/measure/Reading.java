package io.throughline.domain.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one tally says by one formula.
 *
 * @param scale set where the value holds for the answers on one scale only; becomes the dimension {@code scale}
 * @param direction the survey's own where the metric is a mean of answers
 */
record Reading(Metric metric, @Nullable Scale scale, Metric.Direction direction, Estimate estimate) {

    /** Every enabled metric of a family that has observations, in the order of the catalogue. */
    static List<Reading> of(Family family, Tally tally, MeasureConfig config) {
        List<Reading> readings = new ArrayList<>();
        switch (family) {
            case NPS -> {
                long promoters = count(tally, 9, 10);
                long detractors = count(tally, 0, 6);
                long n = count(tally, 0, 10);
                add(readings, Metric.NPS, Formulas.netPromoter(promoters, detractors, n), config);
                excluded(readings, Metric.NPS_EXCLUDED, tally.count(Facts.EXCLUDED), config);
            }
            case CSAT -> csat(readings, tally, config);
            case CES -> ces(readings, tally, config);
            case WAIT ->
                durations(
                        readings, tally, Map.of(Metric.WAIT_P50, 50, Metric.WAIT_P90, 90, Metric.WAIT_P95, 95), config);
            case HANDLE -> durations(readings, tally, Map.of(Metric.HANDLE_P50, 50, Metric.HANDLE_P90, 90), config);
            case QUEUE -> queue(readings, tally, config);
            case TOUCHPOINTS -> {
                count(readings, Metric.TOUCHPOINTS, tally.sum(), tally.sum(), config);
                count(readings, Metric.CUSTOMERS, tally.distinct(), tally.sum(), config);
            }
            case SESSIONS -> {
                long n = tally.sum();
                count(readings, Metric.SESSIONS, n, n, config);
                Ascending switches = Ascending.of(tally);
                add(readings, Metric.CHANNEL_SWITCHES_MEAN, Formulas.mean(switches.bins, switches.counts, 1), config);
            }
            case CONTACTS ->
                add(
                        readings,
                        Metric.REPEAT_CONTACT_RATE,
                        Formulas.share(Math.max(0, tally.count(Facts.REPEAT)), tally.sum()),
                        config);
            case ISSUES -> issues(readings, tally, config);
        }
        return readings;
    }

    private static void csat(List<Reading> readings, Tally tally, MeasureConfig config) {
        TreeMap<Long, Answers> byScale = Answers.byScale(tally);
        Answers oneToFive = byScale.remove(Scale.ONE_TO_FIVE.bin(1) >>> 32);
        long excluded = Math.max(0, tally.count(Facts.EXCLUDED));
        if (oneToFive != null) {
            add(readings, Metric.CSAT, Formulas.share(oneToFive.atLeast(4), oneToFive.n), config);
            add(readings, Metric.CSAT_MEAN, oneToFive.mean(), config);
        }
        for (Answers other : byScale.values()) {
            add(readings, Metric.CSAT_MEAN, other.scale, other.mean(), config);
            excluded += other.n;
        }
        excluded(readings, Metric.CSAT_EXCLUDED, excluded, config);
    }

    private static void ces(List<Reading> readings, Tally tally, MeasureConfig config) {
        TreeMap<Long, Answers> byScale = Answers.byScale(tally);
        if (byScale.size() == 1 && config.publishes(Metric.CES)) {
            Answers only = byScale.firstEntry().getValue();
            readings.add(new Reading(Metric.CES, null, only.scale.direction(), only.mean()));
        }
        for (Answers answers : byScale.values()) {
            add(readings, Metric.CES, answers.scale, answers.mean(), config);
        }
        excluded(readings, Metric.CES_EXCLUDED, tally.count(Facts.EXCLUDED), config);
    }

    private static void durations(
            List<Reading> readings, Tally tally, Map<Metric, Integer> percents, MeasureConfig config) {
        Ascending bins = Ascending.of(tally);
        for (int i = 0; i < bins.bins.length; i++) {
            bins.bins[i] = DurationBins.middle(bins.bins[i]);
        }
        new TreeMap<>(percents)
                .forEach((metric, percent) ->
                        add(readings, metric, Formulas.quantile(bins.bins, bins.counts, percent), config));
    }

    private static void queue(List<Reading> readings, Tally tally, MeasureConfig config) {
        long soon = Math.max(0, tally.count(Facts.ANSWERED_IN_TIME));
        long known = soon + Math.max(0, tally.count(Facts.ANSWERED_LATE));
        long answered = known + Math.max(0, tally.count(Facts.ANSWERED));
        long gaveUpSoon = Math.max(0, tally.count(Facts.ABANDONED_IN_TIME));
        long gaveUpLate = Math.max(0, tally.count(Facts.ABANDONED_LATE));
        long abandoned = gaveUpSoon + gaveUpLate + Math.max(0, tally.count(Facts.ABANDONED));
        add(readings, Metric.ABANDONMENT_RATE, Formulas.share(abandoned, answered + abandoned), config);
        Estimate serviceLevel =
                switch (config.serviceLevelVariant()) {
                    case WITHIN_OF_OFFERED -> Formulas.share(soon + gaveUpSoon, known + gaveUpSoon + gaveUpLate);
                    case ANSWERED_OF_ANSWERED -> Formulas.share(soon, known);
                    case ANSWERED_OF_OFFERED -> Formulas.share(soon, known + abandoned);
                    case SHORT_ABANDONS_EXCLUDED -> Formulas.share(soon, known + gaveUpLate);
                };
        add(readings, Metric.SERVICE_LEVEL, serviceLevel, config);
    }

    private static void issues(List<Reading> readings, Tally tally, MeasureConfig config) {
        long[] n = new long[3];
        long[] first = new long[3];
        tally.forEach((bin, count) -> {
            if (count > 0) {
                boolean resolvedFirst = (bin & Facts.RESOLVED_AT_FIRST_CONTACT) != 0;
                n[0] += count;
                first[0] += resolvedFirst ? count : 0;
                if ((bin & Facts.BEYOND_FIRST_LEVEL) == 0) {
                    n[1] += count;
                    first[1] += resolvedFirst ? count : 0;
                }
                n[2] += count;
                first[2] += (bin & Facts.CONTACTED_AGAIN) == 0 ? count : 0;
            }
        });
        add(readings, Metric.FCR_GROSS, Formulas.share(first[0], n[0]), config);
        add(readings, Metric.FCR_NET, Formulas.share(first[1], n[1]), config);
        add(readings, Metric.FCR_BEHAVIOURAL, Formulas.share(first[2], n[2]), config);
    }

    private static void excluded(List<Reading> readings, Metric metric, long count, MeasureConfig config) {
        count(readings, metric, count, count, config);
    }

    private static void count(List<Reading> readings, Metric metric, long value, long n, MeasureConfig config) {
        if (value > 0 && n > 0) {
            add(readings, metric, Estimate.count(value, n), config);
        }
    }

    private static void add(List<Reading> readings, Metric metric, @Nullable Estimate estimate, MeasureConfig config) {
        if (estimate != null && config.publishes(metric)) {
            readings.add(new Reading(metric, null, metric.direction(), estimate));
        }
    }

    private static void add(
            List<Reading> readings, Metric metric, Scale scale, Estimate estimate, MeasureConfig config) {
        if (config.publishes(metric)) {
            readings.add(new Reading(metric, scale, scale.direction(), estimate));
        }
    }

    private static long count(Tally tally, int from, int to) {
        long count = 0;
        for (int bin = from; bin <= to; bin++) {
            count += Math.max(0, tally.count(bin));
        }
        return count;
    }

    /** A tally's bins in order, with their counts. */
    private record Ascending(long[] bins, long[] counts) {
        static Ascending of(Tally tally) {
            long[] bins = tally.ascending();
            long[] counts = new long[bins.length];
            for (int i = 0; i < bins.length; i++) {
                counts[i] = tally.count(bins[i]);
            }
            return new Ascending(bins, counts);
        }
    }

    /** The answers given on one scale, at least one; scores ascending, in millionths. */
    private record Answers(Scale scale, long[] scores, long[] counts, long n) {

        static TreeMap<Long, Answers> byScale(Tally tally) {
            Ascending all = Ascending.of(tally);
            TreeMap<Long, Answers> byScale = new TreeMap<>();
            int from = 0;
            while (from < all.bins.length) {
                long scale = all.bins[from] >>> 32;
                int to = from;
                long n = 0;
                while (to < all.bins.length && all.bins[to] >>> 32 == scale) {
                    n += all.counts[to++];
                }
                if (all.bins[from] != Facts.EXCLUDED) {
                    long[] scores = Arrays.copyOfRange(all.bins, from, to);
                    long[] counts = Arrays.copyOfRange(all.counts, from, to);
                    byScale.put(scale, new Answers(Scale.ofBin(scores[0]), micros(scores), counts, n));
                }
                from = to;
            }
            return byScale;
        }

        private static long[] micros(long[] bins) {
            for (int i = 0; i < bins.length; i++) {
                bins[i] = Scale.microsOf(bins[i]);
            }
            return bins;
        }

        long atLeast(int score) {
            long count = 0;
            for (int i = 0; i < scores.length; i++) {
                count += scores[i] >= score * (long) Scale.MICROS ? counts[i] : 0;
            }
            return count;
        }

        Estimate mean() {
            return Objects.requireNonNull(Formulas.mean(scores, counts, Scale.MICROS));
        }
    }
}
