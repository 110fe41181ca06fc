package io.throughline.pipeline.measure;

import io.throughline.domain.measure.AnswerState;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.AnswerPlaceLayout;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/** By sequence the components in their order, what was given behind whether it is. First the version in which that is. */
public final class AnswerStateLayout implements Layout<AnswerState> {

    private static final long serialVersionUID = 1;

    public static final AnswerStateLayout INSTANCE = new AnswerStateLayout();

    @Override
    public void write(AnswerState state, DataOutput out) throws IOException {
        out.writeByte(AttributionLayout.INSTANCE.version());
        Packed.writeSize(state.entries().size(), out);
        for (Map.Entry<Long, AnswerState.Entry> each : state.entries().entrySet()) {
            AnswerState.Entry entry = each.getValue();
            Attribution given = entry.given();
            Packed.writeNumber(each.getKey(), out);
            out.writeLong(entry.answeredAt());
            Packed.writeNumber(entry.net(), out);
            out.writeBoolean(given != null);
            if (given != null) {
                AttributionLayout.INSTANCE.write(given, out);
            }
            AnswerPlaceLayout.writeAbout(entry.about(), out);
        }
    }

    @Override
    public AnswerState read(DataInput in, int version) throws IOException {
        AnswerState state = new AnswerState();
        int attributions = in.readByte();
        int size = Packed.readSize(in);
        for (int i = 0; i < size; i++) {
            state.entries()
                    .put(
                            Packed.readNumber(in),
                            new AnswerState.Entry(
                                    in.readLong(),
                                    (int) Packed.readNumber(in),
                                    in.readBoolean() ? AttributionLayout.INSTANCE.read(in, attributions) : null,
                                    AnswerPlaceLayout.readAbout(in)));
        }
        return state;
    }
}
