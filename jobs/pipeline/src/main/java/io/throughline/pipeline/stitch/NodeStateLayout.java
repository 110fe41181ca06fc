package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fact;
import io.throughline.domain.stitch.FactSet;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.NodeState.SeenEvent;
import io.throughline.domain.stitch.NodeState.SeenKey;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What one identifier's node remembers, part by part. */
public final class NodeStateLayout implements Layout<NodeState> {
    private static final long serialVersionUID = 1;

    public static final NodeStateLayout INSTANCE = new NodeStateLayout();
    public static final LayoutType<NodeState> TYPE = LayoutType.state(NodeState.class, INSTANCE);

    @Override
    public void write(NodeState state, DataOutput out) throws IOException {
        Graph.writeNullable(state.identifier, Graph::writeIdentifier, out);
        Graph.writeNullable(state.parent, Graph::writeHash, out);
        writeFacts(state.owned, out);
        Graph.writeAll(state.forwarded, Graph::writeKey, out);
        Graph.writeMap(state.announced, Graph::writeKey, Graph::writeSupport, out);
        writeFacts(state.component, out);
        Graph.writeMap(state.assigned, Graph::writeIdentifier, Graph::writeAssignment, out);
        Graph.writeMap(state.stated, Packed::writeText, Graph::writeHash, out);
        Packed.writeNumber(state.attempt, out);
        Graph.writeNullable(state.assignment, Graph::writeAssignment, out);
        Packed.writeNumber(state.assignmentVersion, out);
        Graph.writeMap(state.hosted, NodeStateLayout::writeHostKey, NodeStateLayout::writeHosted, out);
        Graph.writeMap(state.seen, NodeStateLayout::writeSeenKey, NodeStateLayout::writeSeen, out);
        out.writeLong(state.nextExpiry);
        out.writeLong(state.wakeAt);
    }

    @Override
    public NodeState read(DataInput in, int version) throws IOException {
        NodeState state = new NodeState();
        state.identifier = Graph.readNullable(Graph::readIdentifier, in);
        state.parent = Graph.readNullable(Graph::readHash, in);
        state.owned = readFacts(in);
        state.forwarded.addAll(Graph.readAll(Graph::readKey, in));
        state.announced.putAll(Graph.readMap(Graph::readKey, Graph::readSupport, in));
        state.component = readFacts(in);
        state.assigned = Graph.readMap(Graph::readIdentifier, Graph::readAssignment, in);
        state.stated = Graph.readMap(Packed::readText, Graph::readHash, in);
        state.attempt = Packed.readNumber(in);
        state.assignment = Graph.readNullable(Graph::readAssignment, in);
        state.assignmentVersion = Packed.readNumber(in);
        state.hosted.putAll(Graph.readMap(NodeStateLayout::readHostKey, NodeStateLayout::readHosted, in));
        state.seen.putAll(Graph.readMap(NodeStateLayout::readSeenKey, NodeStateLayout::readSeen, in));
        state.nextExpiry = in.readLong();
        state.wakeAt = in.readLong();
        return state;
    }

    private static void writeFacts(FactSet facts, DataOutput out) throws IOException {
        Graph.writeAll(facts.facts(), Graph::writeFact, out);
        Graph.writeAll(facts.withdrawn(), Graph::writeWithdrawn, out);
    }

    private static FactSet readFacts(DataInput in) throws IOException {
        FactSet facts = new FactSet();
        for (Fact fact : Graph.readAll(Graph::readFact, in)) {
            facts.add(fact);
        }
        for (Fact.Withdrawn withdrawn : Graph.readAll(Graph::readWithdrawn, in)) {
            facts.withdraw(withdrawn);
        }
        return facts;
    }

    private static void writeHostKey(HostKey key, DataOutput out) throws IOException {
        Packed.writeText(key.touchpointId(), out);
        Graph.writeHash(key.from(), out);
    }

    private static HostKey readHostKey(DataInput in) throws IOException {
        return new HostKey(Packed.readText(in), Graph.readHash(in));
    }

    private static void writeHosted(Hosted hosted, DataOutput out) throws IOException {
        TouchpointLayout.INSTANCE.write(hosted.touchpoint, out);
        out.writeBoolean(hosted.keeper);
        Packed.writeNumber(hosted.version, out);
        out.writeBoolean(hosted.present);
        Packed.writeNumber(hosted.sequence, out);
        Graph.writeNullable(hosted.customer, Packed::writeText, out);
        Packed.writeNumber(hosted.attributedAt, out);
        Graph.writeNullable(hosted.forwardedTo, Graph::writeIdentifier, out);
        out.writeBoolean(hosted.forwardedToKeeper);
    }

    private static Hosted readHosted(DataInput in) throws IOException {
        Hosted hosted = new Hosted(
                TouchpointLayout.INSTANCE.read(in, 1),
                in.readBoolean(),
                Packed.readNumber(in),
                in.readBoolean(),
                Packed.readNumber(in));
        hosted.customer = Graph.readNullable(Packed::readText, in);
        hosted.attributedAt = Packed.readNumber(in);
        hosted.forwardedTo = Graph.readNullable(Graph::readIdentifier, in);
        hosted.forwardedToKeeper = in.readBoolean();
        return hosted;
    }

    private static void writeSeenKey(SeenKey key, DataOutput out) throws IOException {
        Packed.writeText(key.touchpointId(), out);
        Graph.writeIdentifier(key.via(), out);
    }

    private static SeenKey readSeenKey(DataInput in) throws IOException {
        return new SeenKey(Packed.readText(in), Graph.readIdentifier(in));
    }

    private static void writeSeen(SeenEvent seen, DataOutput out) throws IOException {
        Graph.writeEvent(seen.event(), out);
        out.writeBoolean(seen.present());
        Packed.writeNumber(seen.version(), out);
        Packed.writeNumber(seen.step(), out);
    }

    private static SeenEvent readSeen(DataInput in) throws IOException {
        return new SeenEvent(Graph.readEvent(in), in.readBoolean(), Packed.readNumber(in), Packed.readNumber(in));
    }
}
