package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.touchpoint.Identifier;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Where people's decisions enter stitching: as messages to the nodes of both of their identifiers, keyed like all
 * others, so that nothing is broadcast and any parallelism will do.
 */
public final class DecisionEntry {

    /** Messages that make decisions known to nodes. */
    public static DataStream<Letter> letters(DataStream<Decision> decisions, Progress progress) {
        return decisions
                .process(new ToBothNodes(progress), LetterLayout.TYPE)
                .name("stitch-decisions")
                .uid("stitch-decisions")
                // In one task with what it reads: whoever waits for the last decision waits for its messages too.
                .setParallelism(decisions.getParallelism());
    }

    private static final class ToBothNodes extends ProcessFunction<Decision, Letter> {
        private static final long serialVersionUID = 1;

        private final Progress progress;

        ToBothNodes(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void processElement(Decision decision, Context context, Collector<Letter> out) {
            for (Identifier identifier : List.of(decision.one(), decision.other())) {
                progress.sent();
                out.collect(new Letter(new StitchMessage.Decided(identifier, decision), null));
            }
            progress.settled();
        }
    }

    private DecisionEntry() {}
}
