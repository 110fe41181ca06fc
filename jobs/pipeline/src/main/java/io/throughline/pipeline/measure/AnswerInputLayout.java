package io.throughline.pipeline.measure;

import io.throughline.domain.measure.AnswerInput;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.AnswerPlaceLayout;
import io.throughline.pipeline.wire.AttributionLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** 0 and an attribution, or 1 and a place. */
public final class AnswerInputLayout implements Layout<AnswerInput> {

    private static final long serialVersionUID = 1;

    public static final AnswerInputLayout INSTANCE = new AnswerInputLayout();

    @Override
    public void write(AnswerInput input, DataOutput out) throws IOException {
        if (input instanceof AnswerInput.Given given) {
            out.writeByte(0);
            AttributionLayout.INSTANCE.write(given.attribution(), out);
        } else if (input instanceof AnswerInput.Placed placed) {
            out.writeByte(1);
            AnswerPlaceLayout.INSTANCE.write(placed.place(), out);
        }
    }

    @Override
    public AnswerInput read(DataInput in, int version) throws IOException {
        return in.readByte() == 0
                ? new AnswerInput.Given(AttributionLayout.INSTANCE.read(in, AttributionLayout.INSTANCE.version()))
                : new AnswerInput.Placed(AnswerPlaceLayout.INSTANCE.read(in, AnswerPlaceLayout.INSTANCE.version()));
    }
}
