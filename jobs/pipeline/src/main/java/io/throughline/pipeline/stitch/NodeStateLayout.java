package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fact;
import io.throughline.domain.stitch.FactSet;
import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.NodeState.Belonging;
import io.throughline.domain.stitch.NodeState.Bond;
import io.throughline.domain.stitch.NodeState.Flag;
import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.NodeState.SeenEvent;
import io.throughline.domain.stitch.NodeState.SeenKey;
import io.throughline.domain.stitch.Standing;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashSet;

/**
 * What one identifier's node remembers, part by part. Of the rarer parts only those that are there are written; bits at
 * the beginning say which.
 */
public final class NodeStateLayout implements Layout<NodeState> {
    private static final long serialVersionUID = 2;

    public static final NodeStateLayout INSTANCE = new NodeStateLayout();
    public static final LayoutType<NodeState> TYPE = LayoutType.state(NodeState.class, INSTANCE);

    private static final int IDENTIFIER = 1;
    private static final int STANDING = 1 << 1;
    private static final int NEAR = 1 << 2;
    private static final int ANNOUNCED = 1 << 3;
    private static final int OTHERS = 1 << 4;
    private static final int FLAGS = 1 << 5;
    private static final int PERSONS = 1 << 6;
    private static final int DEVICES = 1 << 7;
    private static final int SUPER_NODE = 1 << 8;
    private static final int GROUP_ROOT = 1 << 9;
    private static final int SETTLED = 1 << 10;
    private static final int HOSTED = 1 << 11;
    private static final int KEEPER = 1 << 12;
    private static final int WAKES = 1 << 13;
    private static final int TOLD_OF_ITSELF = 1 << 14;

    private static final int PARENT = 1;
    private static final int HOLDING = 1 << 1;
    private static final int ASSIGNMENT = 1 << 2;

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(NodeState state, DataOutput out) throws IOException {
        int there = there(state);
        out.writeShort(there);
        if (state.identifier != null) {
            Graph.writeIdentifier(state.identifier, out);
        }
        if (has(there, STANDING)) {
            Graph.writeStanding(state.standing, out);
        }
        if (has(there, NEAR)) {
            writeFacts(state.near, out);
        }
        if (has(there, ANNOUNCED)) {
            Graph.writeMap(state.announced, Graph::writeKey, Graph::writeSupport, out);
        }
        if (has(there, OTHERS)) {
            Graph.writeMap(state.others, Graph::writeIdentifier, Graph::writeStanding, out);
        }
        if (has(there, FLAGS)) {
            Graph.writeMap(state.flags, Graph::writeIdentifier, NodeStateLayout::writeFlag, out);
        }
        if (has(there, PERSONS)) {
            writeBond(state.persons, out);
        }
        if (state.devices != null) {
            writeBond(state.devices, out);
        }
        if (has(there, SUPER_NODE)) {
            Graph.writeAll(state.askers, Graph::writeHash, out);
            Graph.writeAll(state.watchers, Graph::writeHash, out);
        }
        if (has(there, GROUP_ROOT)) {
            Graph.writeMap(state.brought, Graph::writeKey, Graph::writeSupport, out);
            Graph.writeMap(state.broughtStandings, Graph::writeIdentifier, Graph::writeStanding, out);
            Graph.writeMap(state.broughtNotes, Graph::writeNoteKey, Graph::writeNote, out);
            Graph.writeAll(state.watched, Graph::writeIdentifier, out);
        }
        if (state.settled != null) {
            Graph.writeAssignment(state.settled, out);
        }
        if (has(there, HOSTED)) {
            Graph.writeMap(state.hosted, NodeStateLayout::writeHostKey, NodeStateLayout::writeHosted, out);
        }
        if (has(there, KEEPER)) {
            Graph.writeMap(state.seen, NodeStateLayout::writeSeenKey, NodeStateLayout::writeSeen, out);
            Graph.writeMap(state.belongings, Graph::writeIdentifier, NodeStateLayout::writeBelonging, out);
        }
        if (has(there, WAKES)) {
            Packed.writeNumber(state.nextExpiry, out);
            Packed.writeNumber(state.wakeAt, out);
        }
    }

    private static int there(NodeState state) {
        return bit(IDENTIFIER, state.identifier != null)
                | bit(STANDING, !state.standing.equals(Standing.INITIAL))
                | bit(NEAR, !state.near.isEmpty())
                | bit(ANNOUNCED, !state.announced.isEmpty())
                | bit(OTHERS, !state.others.isEmpty())
                | bit(FLAGS, !state.flags.isEmpty())
                | bit(PERSONS, there(state.persons) != 0)
                | bit(DEVICES, state.devices != null)
                | bit(SUPER_NODE, !state.askers.isEmpty() || !state.watchers.isEmpty())
                | bit(
                        GROUP_ROOT,
                        !state.brought.isEmpty() || !state.broughtStandings.isEmpty() || !state.watched.isEmpty())
                | bit(SETTLED, state.settled != null)
                | bit(HOSTED, !state.hosted.isEmpty())
                | bit(KEEPER, !state.seen.isEmpty() || !state.belongings.isEmpty())
                | bit(TOLD_OF_ITSELF, state.toldOfItself)
                | bit(WAKES, state.nextExpiry != Long.MAX_VALUE || state.wakeAt != Long.MAX_VALUE);
    }

    private static int bit(int bit, boolean set) {
        return set ? bit : 0;
    }

    private static boolean has(int bits, int bit) {
        return (bits & bit) != 0;
    }

    @Override
    public NodeState read(DataInput in, int version) throws IOException {
        if (version < 2) {
            throw new IOException("this is state of stitching before shared devices had a layer of their own, which"
                    + " cannot be read any more: start the job without state and replay its input");
        }
        NodeState state = new NodeState();
        int there = in.readShort();
        state.toldOfItself = has(there, TOLD_OF_ITSELF);
        if (has(there, IDENTIFIER)) {
            state.identifier = Graph.readIdentifier(in);
        }
        if (has(there, STANDING)) {
            state.standing = Graph.readStanding(in);
        }
        if (has(there, NEAR)) {
            readFacts(state.near, in);
        }
        if (has(there, ANNOUNCED)) {
            state.announced = Graph.readMap(Graph::readKey, Graph::readSupport, in);
        }
        if (has(there, OTHERS)) {
            state.others = Graph.readMap(Graph::readIdentifier, Graph::readStanding, in);
        }
        if (has(there, FLAGS)) {
            state.flags = Graph.readMap(Graph::readIdentifier, NodeStateLayout::readFlag, in);
        }
        if (has(there, PERSONS)) {
            state.persons = readBond(in);
        }
        if (has(there, DEVICES)) {
            state.devices = readBond(in);
        }
        if (has(there, SUPER_NODE)) {
            state.askers = new HashSet<>(Graph.readAll(Graph::readHash, in));
            state.watchers = new HashSet<>(Graph.readAll(Graph::readHash, in));
        }
        if (has(there, GROUP_ROOT)) {
            state.brought = Graph.readMap(Graph::readKey, Graph::readSupport, in);
            state.broughtStandings = Graph.readMap(Graph::readIdentifier, Graph::readStanding, in);
            state.broughtNotes = Graph.readMap(Graph::readNoteKey, Graph::readNote, in);
            state.watched = new HashSet<>(Graph.readAll(Graph::readIdentifier, in));
        }
        if (has(there, SETTLED)) {
            state.settled = Graph.readAssignment(in);
        }
        if (has(there, HOSTED)) {
            state.hosted.putAll(Graph.readMap(NodeStateLayout::readHostKey, NodeStateLayout::readHosted, in));
        }
        if (has(there, KEEPER)) {
            state.seen = Graph.readMap(NodeStateLayout::readSeenKey, NodeStateLayout::readSeen, in);
            state.belongings = Graph.readMap(Graph::readIdentifier, NodeStateLayout::readBelonging, in);
        }
        if (has(there, WAKES)) {
            state.nextExpiry = Packed.readNumber(in);
            state.wakeAt = Packed.readNumber(in);
        }
        return state;
    }

    private static int there(Bond bond) {
        return bit(PARENT, bond.parent != null)
                | bit(HOLDING, bond.holding != null)
                | bit(ASSIGNMENT, bond.assignment != null);
    }

    private static void writeBond(Bond bond, DataOutput out) throws IOException {
        out.writeByte(there(bond));
        if (bond.parent != null) {
            Graph.writeHash(bond.parent, out);
        }
        if (bond.holding != null) {
            writeHolding(bond.holding, out);
        }
        if (bond.assignment != null) {
            Graph.writeAssignment(bond.assignment, out);
        }
        Packed.writeNumber(bond.version, out);
    }

    private static Bond readBond(DataInput in) throws IOException {
        int there = in.readByte();
        Bond bond = new Bond();
        if (has(there, PARENT)) {
            bond.parent = Graph.readHash(in);
        }
        if (has(there, HOLDING)) {
            bond.holding = readHolding(in);
        }
        if (has(there, ASSIGNMENT)) {
            bond.assignment = Graph.readAssignment(in);
        }
        bond.version = Packed.readNumber(in);
        return bond;
    }

    private static void writeHolding(Holding holding, DataOutput out) throws IOException {
        writeFacts(holding.facts, out);
        Graph.writeMap(holding.standings, Graph::writeIdentifier, Graph::writeStanding, out);
        Graph.writeAll(holding.decisions.values(), Graph::writeDecision, out);
        Graph.writeMap(holding.notes, Graph::writeNoteKey, Graph::writeNote, out);
        Graph.writeMap(holding.assigned, Graph::writeIdentifier, Graph::writeAssignment, out);
        Graph.writeMap(holding.stated, Packed::writeText, Graph::writeHash, out);
        Packed.writeNumber(holding.statements, out);
        out.writeBoolean(holding.active);
    }

    private static Holding readHolding(DataInput in) throws IOException {
        Holding holding = new Holding();
        readFacts(holding.facts, in);
        holding.standings = Graph.readMap(Graph::readIdentifier, Graph::readStanding, in);
        holding.restoreDecisions(Graph.readAll(Graph::readDecision, in));
        holding.notes = Graph.readMap(Graph::readNoteKey, Graph::readNote, in);
        holding.assigned = Graph.readMap(Graph::readIdentifier, Graph::readAssignment, in);
        holding.stated = Graph.readMap(Packed::readText, Graph::readHash, in);
        holding.statements = Packed.readNumber(in);
        holding.active = in.readBoolean();
        return holding;
    }

    private static void writeFacts(FactSet facts, DataOutput out) throws IOException {
        Graph.writeAll(facts.facts(), Graph::writeFact, out);
        Graph.writeAll(facts.withdrawn(), Graph::writeWithdrawn, out);
        Packed.writeSize(facts.dropped(), out);
        Hash128 ceiling = facts.ceiling();
        if (ceiling != null) {
            Graph.writeHash(ceiling, out);
        }
    }

    private static void readFacts(FactSet facts, DataInput in) throws IOException {
        for (Fact fact : Graph.readAll(Graph::readFact, in)) {
            facts.add(fact);
        }
        for (Fact.Withdrawn withdrawn : Graph.readAll(Graph::readWithdrawn, in)) {
            facts.withdraw(withdrawn);
        }
        int dropped = Packed.readSize(in);
        if (dropped > 0) {
            facts.restoreDropped(dropped, Graph.readHash(in));
        }
    }

    private static void writeFlag(Flag flag, DataOutput out) throws IOException {
        out.writeByte(flag.kind().ordinal());
        Graph.writeNullable(flag.keeper(), Graph::writeIdentifier, out);
        Packed.writeNumber(flag.version(), out);
    }

    private static Flag readFlag(DataInput in) throws IOException {
        return new Flag(Graph.readKind(in), Graph.readNullable(Graph::readIdentifier, in), Packed.readNumber(in));
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
        out.writeBoolean(hosted.passedOn);
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
        hosted.passedOn = in.readBoolean();
        return hosted;
    }

    private static void writeSeenKey(SeenKey key, DataOutput out) throws IOException {
        Packed.writeText(key.touchpointId(), out);
        Graph.writeIdentifier(key.via(), out);
        Graph.writeIdentifier(key.by(), out);
    }

    private static SeenKey readSeenKey(DataInput in) throws IOException {
        return new SeenKey(Packed.readText(in), Graph.readIdentifier(in), Graph.readIdentifier(in));
    }

    private static void writeSeen(SeenEvent seen, DataOutput out) throws IOException {
        Packed.writeNumber(seen.eventTime(), out);
        Packed.writeNumber(seen.gapMs(), out);
        out.writeBoolean(seen.logout());
        out.writeBoolean(seen.present());
        Packed.writeNumber(seen.version(), out);
    }

    private static SeenEvent readSeen(DataInput in) throws IOException {
        return new SeenEvent(
                Packed.readNumber(in),
                Packed.readNumber(in),
                in.readBoolean(),
                in.readBoolean(),
                Packed.readNumber(in));
    }

    private static void writeBelonging(Belonging belonging, DataOutput out) throws IOException {
        Packed.writeText(belonging.customer(), out);
        Packed.writeNumber(belonging.version(), out);
    }

    private static Belonging readBelonging(DataInput in) throws IOException {
        return new Belonging(Packed.readText(in), Packed.readNumber(in));
    }
}
