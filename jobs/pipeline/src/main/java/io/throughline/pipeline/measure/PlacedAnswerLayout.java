package io.throughline.pipeline.measure;

import io.throughline.domain.measure.PlacedAnswer;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.AnswerPlaceLayout;
import io.throughline.pipeline.wire.AttributionLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The attribution, then what it is about. */
public final class PlacedAnswerLayout implements Layout<PlacedAnswer> {

    private static final long serialVersionUID = 1;

    public static final PlacedAnswerLayout INSTANCE = new PlacedAnswerLayout();

    @Override
    public void write(PlacedAnswer answer, DataOutput out) throws IOException {
        AttributionLayout.INSTANCE.write(answer.attribution(), out);
        AnswerPlaceLayout.writeAbout(answer.about(), out);
    }

    @Override
    public PlacedAnswer read(DataInput in, int version) throws IOException {
        return new PlacedAnswer(
                AttributionLayout.INSTANCE.read(in, AttributionLayout.INSTANCE.version()),
                AnswerPlaceLayout.readAbout(in));
    }
}
