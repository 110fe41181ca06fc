package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.StitchMessage;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A message between identifier nodes: one byte naming its kind, then its parts. */
public final class StitchMessageLayout implements Layout<StitchMessage> {
    private static final long serialVersionUID = 1;

    public static final StitchMessageLayout INSTANCE = new StitchMessageLayout();
    public static final LayoutType<StitchMessage> TYPE = LayoutType.of(StitchMessage.class, INSTANCE);

    private static final int ANNOUNCE = 1;
    private static final int UNION = 2;
    private static final int DELIVER = 3;
    private static final int ASSIGNED = 4;
    private static final int HOST = 5;
    private static final int SEEN = 6;

    @Override
    public void write(StitchMessage message, DataOutput out) throws IOException {
        if (message instanceof StitchMessage.Announce announce) {
            out.writeByte(ANNOUNCE);
            Graph.writeIdentifier(announce.right(), out);
            Graph.writeAll(announce.facts(), Graph::writeFact, out);
            Graph.writeAll(announce.withdrawn(), Graph::writeWithdrawn, out);
        } else if (message instanceof StitchMessage.Union union) {
            out.writeByte(UNION);
            Graph.writeHash(union.to(), out);
            Graph.writeHash(union.smaller(), out);
        } else if (message instanceof StitchMessage.Deliver deliver) {
            out.writeByte(DELIVER);
            Graph.writeHash(deliver.to(), out);
            Graph.writeAll(deliver.facts(), Graph::writeFact, out);
            Graph.writeAll(deliver.withdrawn(), Graph::writeWithdrawn, out);
            Graph.writeMap(deliver.assigned(), Graph::writeIdentifier, Graph::writeAssignment, out);
            Graph.writeMap(deliver.stated(), Packed::writeText, Graph::writeHash, out);
        } else if (message instanceof StitchMessage.Assigned assigned) {
            out.writeByte(ASSIGNED);
            Graph.writeIdentifier(assigned.member(), out);
            Graph.writeHash(assigned.root(), out);
            Packed.writeNumber(assigned.version(), out);
            Graph.writeAssignment(assigned.assignment(), out);
        } else if (message instanceof StitchMessage.Host host) {
            out.writeByte(HOST);
            Graph.writeIdentifier(host.host(), out);
            Graph.writeHash(host.from(), out);
            TouchpointLayout.INSTANCE.write(host.touchpoint(), out);
            out.writeBoolean(host.present());
            Packed.writeNumber(host.version(), out);
            out.writeBoolean(host.keeper());
            Packed.writeNumber(host.sequence(), out);
        } else if (message instanceof StitchMessage.Seen seen) {
            out.writeByte(SEEN);
            Graph.writeIdentifier(seen.device(), out);
            Graph.writeIdentifier(seen.via(), out);
            Graph.writeEvent(seen.event(), out);
            out.writeBoolean(seen.present());
            Packed.writeNumber(seen.version(), out);
            Packed.writeNumber(seen.step(), out);
        }
    }

    @Override
    public StitchMessage read(DataInput in, int version) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case ANNOUNCE ->
                new StitchMessage.Announce(
                        Graph.readIdentifier(in),
                        Graph.readAll(Graph::readFact, in),
                        Graph.readAll(Graph::readWithdrawn, in));
            case UNION -> new StitchMessage.Union(Graph.readHash(in), Graph.readHash(in));
            case DELIVER ->
                new StitchMessage.Deliver(
                        Graph.readHash(in),
                        Graph.readAll(Graph::readFact, in),
                        Graph.readAll(Graph::readWithdrawn, in),
                        Graph.readMap(Graph::readIdentifier, Graph::readAssignment, in),
                        Graph.readMap(Packed::readText, Graph::readHash, in));
            case ASSIGNED ->
                new StitchMessage.Assigned(
                        Graph.readIdentifier(in), Graph.readHash(in), Packed.readNumber(in), Graph.readAssignment(in));
            case HOST ->
                new StitchMessage.Host(
                        Graph.readIdentifier(in),
                        Graph.readHash(in),
                        TouchpointLayout.INSTANCE.read(in, 1),
                        in.readBoolean(),
                        Packed.readNumber(in),
                        in.readBoolean(),
                        Packed.readNumber(in));
            case SEEN ->
                new StitchMessage.Seen(
                        Graph.readIdentifier(in),
                        Graph.readIdentifier(in),
                        Graph.readEvent(in),
                        in.readBoolean(),
                        Packed.readNumber(in),
                        Packed.readNumber(in));
            default -> throw new IOException("no stitch message has kind " + kind);
        };
    }
}
