package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.JourneyChange;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** One byte saying what is present: the journey before, the journey after. */
public final class JourneyChangeLayout implements Layout<JourneyChange> {
    private static final long serialVersionUID = 1;

    public static final JourneyChangeLayout INSTANCE = new JourneyChangeLayout();

    @Override
    public int version() {
        return JourneyLayout.INSTANCE.version();
    }

    @Override
    public void write(JourneyChange change, DataOutput out) throws IOException {
        Journey before = change.before();
        Journey after = change.after();
        out.writeByte((before == null ? 0 : 1) | (after == null ? 0 : 2));
        if (before != null) {
            JourneyLayout.INSTANCE.write(before, out);
        }
        if (after != null) {
            JourneyLayout.INSTANCE.write(after, out);
        }
    }

    @Override
    public JourneyChange read(DataInput in, int version) throws IOException {
        int present = in.readByte();
        Journey before = (present & 1) == 0 ? null : JourneyLayout.INSTANCE.read(in, version);
        return new JourneyChange(before, (present & 2) == 0 ? null : JourneyLayout.INSTANCE.read(in, version));
    }
}
