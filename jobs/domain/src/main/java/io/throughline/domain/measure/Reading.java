package io.throughline.domain.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one tally says by one formula.
 *
 * @param part set where the value holds for a part of what the series counts only; becomes a further dimension
 * @param direction the survey's own where the metric is a mean of answers
 */
record Reading(Metric metric, @Nullable Part part, Metric.Direction direction, Estimate estimate) {

    /** A dimension that only formulas know: {@code scale}, {@code channels_used}, {@code stages}. */
    record Part(String dimension, String value) {
        static final String SCALE = "scale";

        static Part of(Scale scale) {
            return new Part(SCALE, scale.label());
        }

        /** For scales the value alone, as states of the first version have it. */
        String text() {
            return dimension.equals(SCALE) ? value : dimension + '=' + value;
        }

        static Part ofText(String text) {
            int equals = text.indexOf('=');
            return equals < 0 ? new Part(SCALE, text) : new Part(text.substring(0, equals), text.substring(equals + 1));
        }
    }

    /** Everything a window has counted. */
    record Counted(Counts all, Counts newerHalf) {}

    /** Every enabled metric of a family that has observations, in the order of the catalogue. */
    static List<Reading> of(Family family, Counted counted, MeasureConfig config) {
        Counts tally = counted.all();
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
            case WAIT -> {
                durations(readings, tally, Metric.WAIT_P50, Metric.WAIT_P90, Metric.WAIT_P95, config);
                excluded(readings, Metric.WAIT_EXCLUDED, tally.count(Facts.EXCLUDED), config);
            }
            case HANDLE -> {
                durations(readings, tally, Metric.HANDLE_P50, Metric.HANDLE_P90, Metric.HANDLE_P95, config);
                excluded(readings, Metric.HANDLE_EXCLUDED, tally.count(Facts.EXCLUDED), config);
            }
            case FIRST_RESPONSE ->
                durations(
                        readings,
                        tally,
                        Metric.FIRST_RESPONSE_P50,
                        Metric.FIRST_RESPONSE_P90,
                        Metric.FIRST_RESPONSE_P95,
                        config);
            case RESOLUTION ->
                durations(readings, tally, Metric.RESOLUTION_P50, Metric.RESOLUTION_P90, Metric.RESOLUTION_P95, config);
            case SILENCE ->
                durations(
                        readings,
                        tally,
                        Metric.SILENCE_GAP_P50,
                        Metric.SILENCE_GAP_P90,
                        Metric.SILENCE_GAP_P95,
                        config);
            case ANSWER -> {
                Ascending waits = Ascending.durations(tally);
                add(readings, Metric.ASA, Formulas.mean(waits.bins, waits.counts, 1), config);
            }
            case QUEUE -> queue(readings, tally, config);
            case TOUCHPOINTS -> {
                count(readings, Metric.TOUCHPOINTS, tally.sum(), tally.sum(), config);
                count(readings, Metric.CUSTOMERS, tally.distinct(), tally.sum(), config);
            }
            case SOCIAL -> {
                count(readings, Metric.SOCIAL_ENGAGEMENT, tally.sum(), tally.sum(), config);
                count(readings, Metric.SOCIAL_CUSTOMERS, tally.distinct(), tally.sum(), config);
            }
            case SESSIONS -> {
                long n = tally.sum();
                count(readings, Metric.SESSIONS, n, n, config);
                Ascending switches = Ascending.of(tally);
                add(readings, Metric.CHANNEL_SWITCHES_MEAN, Formulas.mean(switches.bins, switches.counts, 1), config);
            }
            case COURSES -> courses(readings, tally, config);
            case TRANSITIONS -> count(readings, Metric.CHANNEL_TRANSITIONS, tally.sum(), tally.sum(), config);
            case CONTACTS ->
                add(
                        readings,
                        Metric.REPEAT_CONTACT_RATE,
                        Formulas.share(Math.max(0, tally.count(Facts.REPEAT)), tally.sum()),
                        config);
            case ISSUES -> issues(readings, tally, config);
            case HANDLING -> handling(readings, tally, config);
            case PROMISES -> {
                long kept = Math.max(0, tally.count(Facts.KEPT));
                long broken = Math.max(0, tally.count(Facts.BROKEN));
                add(readings, Metric.PROMISE_KEPT_RATE, Formulas.share(kept, kept + broken), config);
            }
            case EMAIL -> email(readings, tally, config);
            case SENTIMENT -> sentiment(readings, tally, config);
            case PURCHASES -> purchases(readings, tally, config);
            case CUSTOMERS -> CustomerReadings.add(counted, config, readings);
            case DRIVERS -> drivers(readings, tally, config);
            case SELF_SERVICE ->
                add(
                        readings,
                        Metric.FAILED_SELF_SERVICE_RATE,
                        Formulas.share(Math.max(0, tally.count(VisitFacts.FAILED)), tally.sum()),
                        config);
            case JOURNEYS -> {
                long converted = Math.max(0, tally.count(Facts.CONVERTED));
                long n = tally.sum();
                count(readings, Metric.JOURNEYS, n, n, config);
                add(readings, Metric.JOURNEY_CONVERSION_RATE, Formulas.share(converted, n), config);
                long abandoned = Math.max(0, tally.count(Facts.ABANDONED_JOURNEY));
                add(readings, Metric.JOURNEY_ABANDONMENT_RATE, Formulas.share(abandoned, n), config);
            }
            case CONVERSION_TIME ->
                durations(
                        readings,
                        tally,
                        Metric.CONVERSION_TIME_P50,
                        Metric.CONVERSION_TIME_P90,
                        Metric.CONVERSION_TIME_P95,
                        config);
            case DWELL ->
                durations(
                        readings,
                        tally,
                        Metric.STAGE_DWELL_P50,
                        Metric.STAGE_DWELL_P90,
                        Metric.STAGE_DWELL_P95,
                        config);
            case EXPECTATIONS -> {
                // Computed from what the others say.
            }
        }
        return readings;
    }

    private static void courses(List<Reading> readings, Counts tally, MeasureConfig config) {
        long[] with = new long[1 << 7];
        tally.forEach((course, count) -> {
            if (course >= 0 && course < with.length) {
                with[(int) course] = Math.max(0, count);
            }
        });
        long n = Formulas.n(with);
        add(readings, Metric.CHANNEL_SWITCH_RATE, Formulas.share(with(SessionCourse.SWITCHED, with), n), config);
        long visits = with(SessionCourse.VISIT, with);
        count(readings, Metric.TRAFFIC, visits, visits, config);
        long selfServed = with(SessionCourse.SELF_SERVED, with);
        long contained = selfServed - with(SessionCourse.SELF_SERVED | SessionCourse.ASSISTED, with);
        add(readings, Metric.CONTAINMENT_RATE, Formulas.share(contained, selfServed), config);
        add(readings, Metric.ERROR_RATE, Formulas.share(with(SessionCourse.ERROR, with), n), config);
        add(readings, Metric.COMPLAINT_RATE, Formulas.share(with(SessionCourse.COMPLAINT, with), n), config);
        add(readings, Metric.CONVERSION_RATE, Formulas.share(with(SessionCourse.CONVERTED, with), n), config);
    }

    /** Sessions that have all of these flags. */
    private static long with(int flags, long[] byCourse) {
        long found = 0;
        for (int course = 0; course < byCourse.length; course++) {
            found += (course & flags) == flags ? byCourse[course] : 0;
        }
        return found;
    }

    private static void handling(List<Reading> readings, Counts tally, MeasureConfig config) {
        TreeMap<Long, Long> contacts = new TreeMap<>();
        TreeMap<Long, Long> handoffs = new TreeMap<>();
        long[] found = new long[4];
        tally.forEach((bin, count) -> {
            if (count > 0) {
                contacts.merge((long) Facts.contactsOf(bin), count, Long::sum);
                handoffs.merge((long) Facts.handoffsOf(bin), count, Long::sum);
                found[0] += count;
                found[1] += Facts.isResolved(bin) ? count : 0;
                found[2] += Facts.handoffsOf(bin) > 0 ? count : 0;
                found[3] += Facts.isAskedAgain(bin) ? count : 0;
            }
        });
        add(readings, Metric.RESOLUTION_RATE, Formulas.share(found[1], found[0]), config);
        add(readings, Metric.TRANSFER_RATE, Formulas.share(found[2], found[0]), config);
        add(readings, Metric.HANDOFFS_MEAN, Formulas.mean(keys(handoffs), values(handoffs), 1), config);
        add(readings, Metric.CONTACTS_MEAN, Formulas.mean(keys(contacts), values(contacts), 1), config);
        add(readings, Metric.RE_ASK_RATE, Formulas.share(found[3], found[0]), config);
    }

    static long[] keys(TreeMap<Long, Long> counts) {
        return counts.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    static long[] values(TreeMap<Long, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).toArray();
    }

    /** Of the messages delivered in the window, those that were opened, or clicked on, in it. */
    private static void email(List<Reading> readings, Counts tally, MeasureConfig config) {
        long[] found = new long[3];
        tally.forEach((bin, count) -> {
            if (count > 0 && (bin & 3) == Facts.DELIVERED) {
                found[0]++;
                found[1] += tally.count(bin | Facts.OPENED) > 0 ? 1 : 0;
                found[2] += tally.count(bin | Facts.CLICKED) > 0 ? 1 : 0;
            }
        });
        count(readings, Metric.EMAIL_DELIVERED, found[0], found[0], config);
        add(readings, Metric.EMAIL_OPEN_RATE, Formulas.share(found[1], found[0]), config);
        add(readings, Metric.EMAIL_CLICK_RATE, Formulas.share(found[2], found[0]), config);
    }

    private static void sentiment(List<Reading> readings, Counts tally, MeasureConfig config) {
        Ascending said = Ascending.counted(tally);
        for (int i = 0; i < said.bins.length; i++) {
            said.bins[i] -= (long) Scale.MICROS;
        }
        add(readings, Metric.SENTIMENT_MEAN, Formulas.mean(said.bins, said.counts, Scale.MICROS), config);
        excluded(readings, Metric.SENTIMENT_EXCLUDED, tally.count(Facts.EXCLUDED), config);
    }

    private static void purchases(List<Reading> readings, Counts tally, MeasureConfig config) {
        Ascending values = Ascending.of(tally);
        Estimate mean = Formulas.mean(values.bins, values.counts, Scale.MICROS);
        if (mean != null) {
            double sum = Formulas.sum(values.bins, values.counts).doubleValue() / Scale.MICROS;
            add(readings, Metric.REVENUE, new Estimate(sum, mean.n(), null, null), config);
            add(readings, Metric.ORDER_VALUE_MEAN, mean, config);
        }
    }

    private static void drivers(List<Reading> readings, Counts tally, MeasureConfig config) {
        driver(readings, Drivers.Survey.CSAT, tally, config);
        driver(readings, Drivers.Survey.NPS, tally, config);
    }

    private static void driver(List<Reading> readings, Drivers.Survey survey, Counts tally, MeasureConfig config) {
        Ascending with = Ascending.of(survey.answers(tally, true));
        Ascending without = Ascending.of(survey.answers(tally, false));
        Estimate effect = Formulas.difference(with.bins, with.counts, without.bins, without.counts, Drivers.MILLIS);
        if (effect == null) {
            return;
        }
        long n = Formulas.n(with.counts);
        Estimate share = Objects.requireNonNull(Formulas.share(n, n + Formulas.n(without.counts)));
        add(readings, survey.effect(), effect, config);
        add(readings, survey.share(), share, config);
        add(
                readings,
                survey.impact(),
                new Estimate(effect.value() * share.value() / 100, effect.n(), null, null),
                config);
    }

    private static void csat(List<Reading> readings, Counts tally, MeasureConfig config) {
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

    private static void ces(List<Reading> readings, Counts tally, MeasureConfig config) {
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
            List<Reading> readings, Counts tally, Metric p50, Metric p90, Metric p95, MeasureConfig config) {
        Ascending bins = Ascending.durations(tally);
        long[] ranks = Formulas.intoRanks(bins.counts);
        add(readings, p50, Formulas.quantile(50, bins.bins, ranks), config);
        add(readings, p90, Formulas.quantile(90, bins.bins, ranks), config);
        add(readings, p95, Formulas.quantile(95, bins.bins, ranks), config);
    }

    private static void queue(List<Reading> readings, Counts tally, MeasureConfig config) {
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

    private static void issues(List<Reading> readings, Counts tally, MeasureConfig config) {
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

    static void add(List<Reading> readings, Metric metric, @Nullable Estimate estimate, MeasureConfig config) {
        add(readings, metric, (Part) null, estimate, config);
    }

    static void add(
            List<Reading> readings,
            Metric metric,
            @Nullable Part part,
            @Nullable Estimate estimate,
            MeasureConfig config) {
        if (estimate != null && config.publishes(metric)) {
            readings.add(new Reading(metric, part, metric.direction(), estimate));
        }
    }

    private static void add(
            List<Reading> readings, Metric metric, Scale scale, Estimate estimate, MeasureConfig config) {
        if (config.publishes(metric)) {
            readings.add(new Reading(metric, Part.of(scale), scale.direction(), estimate));
        }
    }

    private static long count(Counts tally, int from, int to) {
        long count = 0;
        for (int bin = from; bin <= to; bin++) {
            count += Math.max(0, tally.count(bin));
        }
        return count;
    }

    /** A tally's bins in order, with their counts. */
    private record Ascending(long[] bins, long[] counts) {
        static Ascending of(Counts tally) {
            return of(tally, tally.ascending());
        }

        /** Without what was {@link Facts#EXCLUDED}, whose bin lies below all others. */
        static Ascending counted(Counts tally) {
            long[] bins = tally.ascending();
            boolean excluded = bins.length > 0 && bins[0] == Facts.EXCLUDED;
            return of(tally, excluded ? Arrays.copyOfRange(bins, 1, bins.length) : bins);
        }

        /** Milliseconds. */
        static Ascending durations(Counts tally) {
            Ascending all = counted(tally);
            for (int i = 0; i < all.bins.length; i++) {
                all.bins[i] = DurationBins.middle(all.bins[i]);
            }
            return all;
        }

        private static Ascending of(Counts tally, long[] bins) {
            return new Ascending(bins, tally.counts(bins));
        }
    }

    /** The answers given on one scale, at least one; scores ascending, in millionths. */
    private record Answers(Scale scale, long[] scores, long[] counts, long n) {

        static TreeMap<Long, Answers> byScale(Counts tally) {
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
