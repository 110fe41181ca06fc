package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** One byte saying what is present: the issue before, the issue after. */
public final class IssueChangeLayout implements Layout<IssueChange> {
    private static final long serialVersionUID = 1;

    public static final IssueChangeLayout INSTANCE = new IssueChangeLayout();

    @Override
    public int version() {
        return IssueLayout.INSTANCE.version();
    }

    @Override
    public void write(IssueChange change, DataOutput out) throws IOException {
        Issue before = change.before();
        Issue after = change.after();
        out.writeByte((before == null ? 0 : 1) | (after == null ? 0 : 2));
        if (before != null) {
            IssueLayout.INSTANCE.write(before, out);
        }
        if (after != null) {
            IssueLayout.INSTANCE.write(after, out);
        }
    }

    @Override
    public IssueChange read(DataInput in, int version) throws IOException {
        int present = in.readByte();
        Issue before = (present & 1) == 0 ? null : IssueLayout.INSTANCE.read(in, version);
        return new IssueChange(before, (present & 2) == 0 ? null : IssueLayout.INSTANCE.read(in, version));
    }
}
