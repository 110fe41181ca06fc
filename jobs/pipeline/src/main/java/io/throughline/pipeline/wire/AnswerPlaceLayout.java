package io.throughline.pipeline.wire;

import io.throughline.domain.sessionize.AnswerPlace;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The components in their order, what it is about behind whether that is known. */
public final class AnswerPlaceLayout implements Layout<AnswerPlace> {

    private static final long serialVersionUID = 1;

    public static final AnswerPlaceLayout INSTANCE = new AnswerPlaceLayout();

    @Override
    public void write(AnswerPlace place, DataOutput out) throws IOException {
        Packed.writeText(place.touchpointId(), out);
        out.writeLong(place.answeredAt());
        Packed.writeNumber(place.sequence(), out);
        writeAbout(place.about(), out);
        out.writeLong(place.heldFrom());
    }

    @Override
    public AnswerPlace read(DataInput in, int version) throws IOException {
        return new AnswerPlace(Packed.readText(in), in.readLong(), Packed.readNumber(in), readAbout(in), in.readLong());
    }

    /** What it is about, or that it is not known. */
    public static void writeAbout(AnswerPlace.@Nullable About about, DataOutput out) throws IOException {
        out.writeBoolean(about != null);
        if (about != null) {
            out.writeLong(about.eventTime());
            Packed.writeText(about.channel(), out);
            out.writeBoolean(about.touchpoint() != null);
            if (about.touchpoint() != null) {
                Packed.writeText(about.touchpoint(), out);
            }
        }
    }

    /** What {@link #writeAbout} wrote. */
    public static AnswerPlace.@Nullable About readAbout(DataInput in) throws IOException {
        return in.readBoolean()
                ? new AnswerPlace.About(
                        in.readLong(), Packed.readText(in), in.readBoolean() ? Packed.readText(in) : null)
                : null;
    }
}
