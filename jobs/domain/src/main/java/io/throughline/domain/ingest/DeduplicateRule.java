package io.throughline.domain.ingest;

import io.throughline.domain.ingest.Deduplicated.Changed;
import io.throughline.domain.ingest.Deduplicated.Counted;
import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record per touchpoint_id counts: the one received first, ties by the hash of its content, so that the survivor
 * does not depend on which arrived first. A better record that arrives later replaces the earlier one. Keyed by
 * touchpoint_id.
 *
 * <p>An id is forgotten when no record with an event time seen so far could still be on time: a duplicate after that is
 * late anyway, unless its event time lies more than the lateness horizon after every other record of its id, in which
 * case it counts as a touchpoint of its own. A late record that is read again passes as well; stitching, which remembers
 * for longer, finds out whether its touchpoint counts already.
 *
 * @param horizonMs the lateness horizon, milliseconds
 */
public record DeduplicateRule(long horizonMs) implements KeyedRule<Winner, Arrival, Deduplicated>, Serializable {

    public DeduplicateRule(IngestConfig config) {
        this(config.latenessHorizonMs());
    }

    @Override
    public Step<Winner, Deduplicated> on(@Nullable Winner winner, Arrival arrival, long now) {
        Touchpoint arrived = arrival.touchpoint();
        if (winner == null) {
            return remember(
                    new Winner(arrived, arrival.source(), 1, arrived.eventTime()),
                    List.of(
                            new Changed(new TouchpointChange(arrived, +1, 1, arrival.source())),
                            new Counted(arrival.source(), Fate.PROCESSED, arrived.channel(), +1)));
        }
        long latest = Math.max(winner.latestEventTime(), arrived.eventTime());
        int order = compare(arrived, winner.touchpoint());
        if (order > 0 || (order == 0 && arrival.source().compareTo(winner.source()) >= 0)) {
            return remember(
                    new Winner(winner.touchpoint(), winner.source(), winner.generation(), latest),
                    List.of(new Counted(arrival.source(), Fate.DUPLICATE, null, +1)));
        }
        List<Deduplicated> fates = List.of(
                new Counted(winner.source(), Fate.PROCESSED, winner.touchpoint().channel(), -1),
                new Counted(winner.source(), Fate.DUPLICATE, null, +1),
                new Counted(arrival.source(), Fate.PROCESSED, arrived.channel(), +1));
        if (order == 0) {
            TouchpointChange reread =
                    new TouchpointChange(arrived, 0, winner.generation(), arrival.source(), winner.source());
            return remember(
                    new Winner(arrived, arrival.source(), winner.generation(), latest),
                    List.of(new Changed(reread), fates.get(0), fates.get(1), fates.get(2)));
        }
        int generation = winner.generation() + 1;
        return remember(
                new Winner(arrived, arrival.source(), generation, latest),
                List.of(
                        new Changed(
                                new TouchpointChange(winner.touchpoint(), -1, winner.generation(), winner.source())),
                        new Changed(new TouchpointChange(arrived, +1, generation, arrival.source())),
                        fates.get(0),
                        fates.get(1),
                        fates.get(2)));
    }

    @Override
    public Step<Winner, Deduplicated> wake(@Nullable Winner winner, long now) {
        return winner == null || now >= forgetAt(winner)
                ? Step.of(null, List.of(), Step.NEVER)
                : remember(winner, List.of());
    }

    private Step<Winner, Deduplicated> remember(Winner winner, List<Deduplicated> out) {
        return Step.of(winner, out, forgetAt(winner));
    }

    /** The first watermark at which {@link Lateness} calls every record of the id late. */
    private long forgetAt(Winner winner) {
        return winner.latestEventTime() + horizonMs + 1;
    }

    private static int compare(Touchpoint left, Touchpoint right) {
        int byReceived = Long.compare(left.receivedTime(), right.receivedTime());
        if (byReceived != 0 || left.equals(right)) {
            return byReceived;
        }
        return Precedence.of(left).compareTo(Precedence.of(right));
    }
}
