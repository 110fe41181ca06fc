package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.StitchMessage;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Where erasures enter stitching: as messages to the nodes of the erased identifiers, which tell whom it concerns. */
public final class ErasureEntry {

    /** Messages that make erasures known to nodes. */
    public static DataStream<Letter> letters(DataStream<Erasure> erasures, Progress progress) {
        return erasures.process(new ToItsNode(progress), LetterLayout.TYPE)
                .name("stitch-erasures")
                .uid("stitch-erasures")
                // In one task with what it reads, as decisions are.
                .setParallelism(erasures.getParallelism());
    }

    private static final class ToItsNode extends ProcessFunction<Erasure, Letter> {
        private static final long serialVersionUID = 1;

        private final Progress progress;

        ToItsNode(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void processElement(Erasure erasure, Context context, Collector<Letter> out) {
            progress.sent();
            StitchMessage message =
                    new StitchMessage.Erased(erasure.identifier(), erasure.identifier(), erasure.until());
            out.collect(new Letter(message, null));
            progress.settled();
        }
    }

    private ErasureEntry() {}
}
