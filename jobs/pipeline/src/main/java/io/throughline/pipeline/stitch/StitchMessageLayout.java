package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Layer;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.stitch.StitchMessage.Part;
import io.throughline.domain.stitch.StitchMessage.Place;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A message between identifier nodes: one byte naming its kind, then its parts. */
public final class StitchMessageLayout implements Layout<StitchMessage> {
    private static final long serialVersionUID = 2;

    public static final StitchMessageLayout INSTANCE = new StitchMessageLayout();
    public static final LayoutType<StitchMessage> TYPE = LayoutType.of(StitchMessage.class, INSTANCE);

    private static final int ANNOUNCE = 1;
    private static final int UNION = 2;
    private static final int JOIN = 3;
    private static final int DELIVER = 4;
    private static final int ASSIGNED = 5;
    private static final int BECAME = 6;
    private static final int WATCH = 7;
    private static final int STANDS = 8;
    private static final int HOST = 9;
    private static final int SEEN = 10;
    private static final int BELONGS = 11;
    private static final int DECIDED = 12;
    private static final int ERASED = 13;
    /** No build before this one wrote it. */
    private static final int SEVERAL = 14;
    /** Seen, with the generation of a touchpoint that replaced another; nor this. */
    private static final int SEEN_AGAIN = 15;

    private static final Layer[] LAYERS = Layer.values();

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(StitchMessage message, DataOutput out) throws IOException {
        if (message instanceof StitchMessage.Announce announce) {
            out.writeByte(ANNOUNCE);
            Graph.writeIdentifier(announce.identifier(), out);
            Graph.writeIdentifier(announce.home(), out);
            Graph.writeStanding(announce.standing(), out);
            writePlace(announce.place(), out);
            Graph.writeAll(announce.facts(), Graph::writeFact, out);
            Graph.writeAll(announce.withdrawn(), Graph::writeWithdrawn, out);
        } else if (message instanceof StitchMessage.Union union) {
            out.writeByte(UNION);
            out.writeByte(union.layer().ordinal());
            Graph.writeHash(union.to(), out);
            Graph.writeHash(union.smaller(), out);
        } else if (message instanceof StitchMessage.Join join) {
            out.writeByte(JOIN);
            out.writeByte(join.layer().ordinal());
            Graph.writeIdentifier(join.identifier(), out);
            Graph.writeHash(join.other(), out);
        } else if (message instanceof StitchMessage.Deliver deliver) {
            out.writeByte(DELIVER);
            out.writeByte(deliver.layer().ordinal());
            Graph.writeHash(deliver.to(), out);
            writePart(deliver.part(), out);
            Graph.writeNullable(deliver.with(), Graph::writeHash, out);
        } else if (message instanceof StitchMessage.Assigned assigned) {
            out.writeByte(ASSIGNED);
            out.writeByte(assigned.layer().ordinal());
            Graph.writeIdentifier(assigned.member(), out);
            Graph.writeHash(assigned.root(), out);
            Packed.writeNumber(assigned.version(), out);
            Graph.writeAssignment(assigned.assignment(), out);
            out.writeBoolean(assigned.joins());
        } else if (message instanceof StitchMessage.Became became) {
            out.writeByte(BECAME);
            Graph.writeIdentifier(became.home(), out);
            Graph.writeIdentifier(became.of(), out);
            out.writeByte(became.kind().ordinal());
            Graph.writeNullable(became.keeper(), Graph::writeIdentifier, out);
            Packed.writeNumber(became.version(), out);
        } else if (message instanceof StitchMessage.Watch watch) {
            out.writeByte(WATCH);
            Graph.writeIdentifier(watch.person(), out);
            Graph.writeHash(watch.from(), out);
        } else if (message instanceof StitchMessage.Stands stands) {
            out.writeByte(STANDS);
            Graph.writeHash(stands.to(), out);
            Graph.writeIdentifier(stands.of(), out);
            Graph.writeStanding(stands.standing(), out);
        } else if (message instanceof StitchMessage.Host host) {
            out.writeByte(HOST);
            Graph.writeIdentifier(host.host(), out);
            Graph.writeHash(host.from(), out);
            TouchpointLayout.INSTANCE.write(host.touchpoint(), out);
            out.writeBoolean(host.present());
            out.writeBoolean(host.gone());
            Packed.writeNumber(host.version(), out);
            out.writeBoolean(host.keeper());
            Packed.writeNumber(host.sequence(), out);
        } else if (message instanceof StitchMessage.Seen seen) {
            boolean again = seen.generation() > 1;
            out.writeByte(again ? SEEN_AGAIN : SEEN);
            if (again) {
                Packed.writeNumber(seen.generation(), out);
            }
            Graph.writeIdentifier(seen.keeper(), out);
            Graph.writeIdentifier(seen.via(), out);
            Graph.writeIdentifier(seen.by(), out);
            Packed.writeText(seen.touchpointId(), out);
            Packed.writeNumber(seen.eventTime(), out);
            Packed.writeNumber(seen.gapMs(), out);
            out.writeBoolean(seen.logout());
            out.writeBoolean(seen.present());
            Packed.writeNumber(seen.version(), out);
            Packed.writeText(seen.customer(), out);
            Packed.writeNumber(seen.customerVersion(), out);
        } else if (message instanceof StitchMessage.Belongs belongs) {
            out.writeByte(BELONGS);
            Graph.writeIdentifier(belongs.keeper(), out);
            Graph.writeIdentifier(belongs.person(), out);
            Packed.writeText(belongs.customer(), out);
            Packed.writeNumber(belongs.version(), out);
        } else if (message instanceof StitchMessage.Decided decided) {
            out.writeByte(DECIDED);
            Graph.writeIdentifier(decided.identifier(), out);
            Graph.writeDecision(decided.decision(), out);
        } else if (message instanceof StitchMessage.Erased erased) {
            out.writeByte(ERASED);
            Graph.writeIdentifier(erased.identifier(), out);
            Graph.writeIdentifier(erased.of(), out);
            Packed.writeNumber(erased.until(), out);
        } else if (message instanceof StitchMessage.Several several) {
            out.writeByte(SEVERAL);
            Graph.writeAll(several.all(), this::write, out);
        }
    }

    private static void writePart(Part part, DataOutput out) throws IOException {
        Graph.writeAll(part.facts(), Graph::writeFact, out);
        Graph.writeAll(part.withdrawn(), Graph::writeWithdrawn, out);
        Graph.writeMap(part.standings(), Graph::writeIdentifier, Graph::writeStanding, out);
        Graph.writeAll(part.decisions(), Graph::writeDecision, out);
        Graph.writeMap(part.notes(), Graph::writeNoteKey, Graph::writeNote, out);
        Graph.writeMap(part.assigned(), Graph::writeIdentifier, Graph::writeAssignment, out);
        Graph.writeMap(part.stated(), Packed::writeText, Graph::writeHash, out);
        Packed.writeNumber(part.statements(), out);
        Graph.writeNullable(part.broughtBy(), Graph::writeHash, out);
        Graph.writeMap(part.presumed(), Graph::writeIdentifier, Packed::writeText, out);
    }

    private static void writePlace(Place place, DataOutput out) throws IOException {
        Graph.writeHash(place.root(), out);
        out.writeBoolean(place.alone());
        Graph.writeNullable(place.customer(), Packed::writeText, out);
    }

    private static Place readPlace(DataInput in) throws IOException {
        return new Place(Graph.readHash(in), in.readBoolean(), Graph.readNullable(Packed::readText, in));
    }

    @Override
    public StitchMessage read(DataInput in, int version) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case ANNOUNCE ->
                new StitchMessage.Announce(
                        Graph.readIdentifier(in),
                        Graph.readIdentifier(in),
                        Graph.readStanding(in),
                        readPlace(in),
                        Graph.readAll(Graph::readFact, in),
                        Graph.readAll(Graph::readWithdrawn, in));
            case UNION -> new StitchMessage.Union(readLayer(in), Graph.readHash(in), Graph.readHash(in));
            case JOIN -> new StitchMessage.Join(readLayer(in), Graph.readIdentifier(in), Graph.readHash(in));
            case DELIVER ->
                new StitchMessage.Deliver(
                        readLayer(in), Graph.readHash(in), readPart(in), Graph.readNullable(Graph::readHash, in));
            case ASSIGNED ->
                new StitchMessage.Assigned(
                        readLayer(in),
                        Graph.readIdentifier(in),
                        Graph.readHash(in),
                        Packed.readNumber(in),
                        Graph.readAssignment(in),
                        in.readBoolean());
            case BECAME ->
                new StitchMessage.Became(
                        Graph.readIdentifier(in),
                        Graph.readIdentifier(in),
                        Graph.readKind(in),
                        Graph.readNullable(Graph::readIdentifier, in),
                        Packed.readNumber(in));
            case WATCH -> new StitchMessage.Watch(Graph.readIdentifier(in), Graph.readHash(in));
            case STANDS ->
                new StitchMessage.Stands(Graph.readHash(in), Graph.readIdentifier(in), Graph.readStanding(in));
            case HOST ->
                new StitchMessage.Host(
                        Graph.readIdentifier(in),
                        Graph.readHash(in),
                        TouchpointLayout.INSTANCE.read(in, 1),
                        in.readBoolean(),
                        in.readBoolean(),
                        Packed.readNumber(in),
                        in.readBoolean(),
                        Packed.readNumber(in));
            case SEEN -> readSeen(1, in);
            case SEEN_AGAIN -> readSeen((int) Packed.readNumber(in), in);
            case BELONGS ->
                new StitchMessage.Belongs(
                        Graph.readIdentifier(in), Graph.readIdentifier(in), Packed.readText(in), Packed.readNumber(in));
            case DECIDED -> new StitchMessage.Decided(Graph.readIdentifier(in), Graph.readDecision(in));
            case ERASED ->
                new StitchMessage.Erased(Graph.readIdentifier(in), Graph.readIdentifier(in), Packed.readNumber(in));
            case SEVERAL -> new StitchMessage.Several(Graph.readAll(each -> read(each, version), in));
            default -> throw new IOException("no stitch message has kind " + kind);
        };
    }

    private static Layer readLayer(DataInput in) throws IOException {
        return LAYERS[in.readByte()];
    }

    private static Part readPart(DataInput in) throws IOException {
        return new Part(
                Graph.readAll(Graph::readFact, in),
                Graph.readAll(Graph::readWithdrawn, in),
                Graph.readMap(Graph::readIdentifier, Graph::readStanding, in),
                Graph.readAll(Graph::readDecision, in),
                Graph.readMap(Graph::readNoteKey, Graph::readNote, in),
                Graph.readMap(Graph::readIdentifier, Graph::readAssignment, in),
                Graph.readMap(Packed::readText, Graph::readHash, in),
                Packed.readNumber(in),
                Graph.readNullable(Graph::readHash, in),
                Graph.readMap(Graph::readIdentifier, Packed::readText, in));
    }

    private static StitchMessage readSeen(int generation, DataInput in) throws IOException {
        return new StitchMessage.Seen(
                Graph.readIdentifier(in),
                Graph.readIdentifier(in),
                Graph.readIdentifier(in),
                Packed.readText(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                in.readBoolean(),
                in.readBoolean(),
                generation,
                Packed.readNumber(in),
                Packed.readText(in),
                Packed.readNumber(in));
    }
}
