package io.throughline.pipeline.kit;

import io.throughline.domain.stage.Step;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a key remembers, packed: whether it has a wake-up and a timer before that, their times, the number of bytes, and the
 * bytes as they are on the heap, the first of which is the version of the layout that wrote the rest. So a state is read
 * by the version that wrote it, whenever that was.
 */
public final class KeptLayout implements Layout<Kept<?>> {
    private static final long serialVersionUID = 1;

    public static final KeptLayout INSTANCE = new KeptLayout();

    private static final int WAKES = 1;

    /** Its timer is not due when the rule wishes to be woken, but before. */
    private static final int ARMED_BEFORE = 1 << 1;

    /** The type of states under this layout. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public static <S> LayoutType<Kept<S>> type() {
        return (LayoutType<Kept<S>>) (LayoutType) LayoutType.state((Class<Kept<?>>) (Class) Kept.class, INSTANCE);
    }

    @Override
    public void write(Kept<?> kept, DataOutput out) throws IOException {
        boolean armedBefore = kept.armedAt() != kept.wakeAt();
        out.writeByte((kept.wakeAt() != Step.NEVER ? WAKES : 0) | (armedBefore ? ARMED_BEFORE : 0));
        if (kept.wakeAt() != Step.NEVER) {
            out.writeLong(kept.wakeAt());
        }
        if (armedBefore) {
            out.writeLong(kept.armedAt());
        }
        byte[] bytes = kept.bytes();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public Kept<?> read(DataInput in, int version) throws IOException {
        int flags = in.readByte();
        long wakeAt = (flags & WAKES) != 0 ? in.readLong() : Step.NEVER;
        long armedAt = (flags & ARMED_BEFORE) != 0 ? in.readLong() : wakeAt;
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new Kept<>(bytes, wakeAt, armedAt);
    }

    @Override
    public Kept<?> copy(Kept<?> kept) {
        return kept.copy();
    }
}
