package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.stitch.IdentityChange.Evidence;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** An identity change, part by part. */
public final class IdentityChangeLayout implements Layout<IdentityChange> {
    private static final long serialVersionUID = 1;

    public static final IdentityChangeLayout INSTANCE = new IdentityChangeLayout();
    public static final LayoutType<IdentityChange> TYPE = LayoutType.of(IdentityChange.class, INSTANCE);

    @Override
    public void write(IdentityChange change, DataOutput out) throws IOException {
        Packed.writeText(change.changeId(), out);
        Packed.writeText(change.kind(), out);
        Packed.writeText(change.survivor(), out);
        Graph.writeAll(change.absorbed(), Packed::writeText, out);
        Graph.writeNullable(change.touchpointId(), Packed::writeText, out);
        Packed.writeText(change.rule(), out);
        Graph.writeAll(change.evidence(), IdentityChangeLayout::writeEvidence, out);
        Packed.writeNumber(change.eventTime(), out);
    }

    @Override
    public IdentityChange read(DataInput in, int version) throws IOException {
        return new IdentityChange(
                Packed.readText(in),
                Packed.readText(in),
                Packed.readText(in),
                Graph.readAll(Packed::readText, in),
                Graph.readNullable(Packed::readText, in),
                Packed.readText(in),
                Graph.readAll(IdentityChangeLayout::readEvidence, in),
                Packed.readNumber(in));
    }

    private static void writeEvidence(Evidence evidence, DataOutput out) throws IOException {
        Graph.writeIdentifier(evidence.left(), out);
        Graph.writeIdentifier(evidence.right(), out);
        Packed.writeText(evidence.touchpointId(), out);
        Packed.writeNumber(evidence.eventTime(), out);
    }

    private static Evidence readEvidence(DataInput in) throws IOException {
        return new Evidence(
                Graph.readIdentifier(in), Graph.readIdentifier(in), Packed.readText(in), Packed.readNumber(in));
    }
}
