package io.throughline.domain.measure;

import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@link CustomerBins} say: each customer is looked at once, with all it did in the window. */
final class CustomerReadings {
    private static final List<String> CHANNELS_USED = List.of("1", "2", "3+");

    private final MeasureConfig config;
    private final Counts all;
    private final Counts newerHalf;

    /** Purchases to customers who made as many, by number of channels used. */
    private final List<TreeMap<Long, Long>> purchasesByChannels =
            List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    private final TreeMap<Long, Long> purchasesOfAll = new TreeMap<>();
    private final long[] inStage;
    private final long[] inNextStageToo;
    private long purchases;
    private long purchasesOverChannels;
    private long buyers;
    private long repeatBuyers;
    private long activeBefore;
    private long retained;

    private CustomerReadings(Reading.Counted counted, MeasureConfig config) {
        this.config = config;
        this.all = counted.all();
        this.newerHalf = counted.newerHalf();
        this.inStage = new long[config.stages().size()];
        this.inNextStageToo = new long[config.stages().size()];
    }

    static void add(Reading.Counted counted, MeasureConfig config, List<Reading> readings) {
        new CustomerReadings(counted, config).add(readings);
    }

    private void add(List<Reading> readings) {
        long[] bins = all.ascending();
        int from = 0;
        while (from < bins.length) {
            int to = from + 1;
            while (to < bins.length && CustomerBins.customerOf(bins[to]) == CustomerBins.customerOf(bins[from])) {
                to++;
            }
            customer(bins, from, to);
            from = to;
        }
        Reading.add(readings, Metric.PURCHASE_FREQUENCY, mean(purchasesOfAll), config);
        for (int i = 0; i < CHANNELS_USED.size(); i++) {
            Reading.add(
                    readings,
                    Metric.PURCHASE_FREQUENCY,
                    new Reading.Part("channels_used", CHANNELS_USED.get(i)),
                    mean(purchasesByChannels.get(i)),
                    config);
        }
        Reading.add(
                readings, Metric.MULTICHANNEL_PURCHASE_SHARE, Formulas.share(purchasesOverChannels, purchases), config);
        Reading.add(readings, Metric.REPEAT_PURCHASE_RATE, Formulas.share(repeatBuyers, buyers), config);
        for (int stage = 0; stage + 1 < inStage.length; stage++) {
            String step = config.stages().get(stage) + ">" + config.stages().get(stage + 1);
            Reading.add(
                    readings,
                    Metric.FUNNEL_CONVERSION,
                    new Reading.Part("stages", step),
                    Formulas.share(inNextStageToo[stage], inStage[stage]),
                    config);
        }
        Reading.add(readings, Metric.RETENTION_RATE, Formulas.share(retained, activeBefore), config);
        Reading.add(readings, Metric.CHURN_RATE, Formulas.share(activeBefore - retained, activeBefore), config);
    }

    private void customer(long[] bins, int from, int to) {
        BitSet channels = new BitSet();
        BitSet stages = new BitSet();
        long bought = 0;
        boolean before = false;
        boolean since = false;
        boolean left = false;
        for (int i = from; i < to; i++) {
            long count = all.count(bins[i]);
            long recent = newerHalf.count(bins[i]);
            switch (CustomerBins.kindOf(bins[i])) {
                case CustomerBins.ACTIVE -> {
                    channels.set(CustomerBins.channelOf(bins[i]));
                    stages.set(CustomerBins.stageOf(bins[i]));
                    before |= count > recent;
                    since |= recent > 0;
                }
                case CustomerBins.PURCHASED -> bought += count;
                default -> left |= recent > 0;
            }
        }
        int used = channels.cardinality();
        if (used > 0) {
            purchasesOfAll.merge(bought, 1L, Long::sum);
            purchasesByChannels.get(Math.min(used, 3) - 1).merge(bought, 1L, Long::sum);
        }
        purchases += bought;
        purchasesOverChannels += used > 1 ? bought : 0;
        buyers += bought > 0 ? 1 : 0;
        repeatBuyers += bought > 1 ? 1 : 0;
        for (int stage = 0; stage < inStage.length; stage++) {
            if (stages.get(stage)) {
                inStage[stage]++;
                inNextStageToo[stage] += stages.get(stage + 1) ? 1 : 0;
            }
        }
        activeBefore += before ? 1 : 0;
        retained += before && since && !left ? 1 : 0;
    }

    private static @Nullable Estimate mean(TreeMap<Long, Long> customers) {
        return Formulas.mean(Reading.keys(customers), Reading.values(customers), 1);
    }
}
