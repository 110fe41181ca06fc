package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** One byte saying what is present: the session before, the session after. */
public final class SessionChangeLayout implements Layout<SessionChange> {
    private static final long serialVersionUID = 1;

    public static final SessionChangeLayout INSTANCE = new SessionChangeLayout();

    @Override
    public int version() {
        return SessionLayout.INSTANCE.version();
    }

    @Override
    public void write(SessionChange change, DataOutput out) throws IOException {
        Session before = change.before();
        Session after = change.after();
        out.writeByte((before == null ? 0 : 1) | (after == null ? 0 : 2));
        if (before != null) {
            SessionLayout.INSTANCE.write(before, out);
        }
        if (after != null) {
            SessionLayout.INSTANCE.write(after, out);
        }
    }

    @Override
    public SessionChange read(DataInput in, int version) throws IOException {
        int present = in.readByte();
        Session before = (present & 1) == 0 ? null : SessionLayout.INSTANCE.read(in, version);
        return new SessionChange(before, (present & 2) == 0 ? null : SessionLayout.INSTANCE.read(in, version));
    }
}
