package io.throughline.pipeline.stitch;

import static io.throughline.pipeline.stitch.NodeWriter.has;

import io.throughline.domain.stitch.Assignment;
import io.throughline.domain.stitch.CustomerIds;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Fact;
import io.throughline.domain.stitch.FactSet;
import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.Hosts;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.NodeState.Belonging;
import io.throughline.domain.stitch.NodeState.Bond;
import io.throughline.domain.stitch.NodeState.Flag;
import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.NodeState.SeenEvent;
import io.throughline.domain.stitch.NodeState.SeenKey;
import io.throughline.domain.stitch.Note;
import io.throughline.domain.stitch.Standing;
import io.throughline.domain.stitch.Stated;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.CompactInput;
import io.throughline.pipeline.kit.CompactOutput;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.wire.DecisionLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks what {@link NodeWriter} packed. What a node holds for its component and the touchpoints it places stay packed
 * until somebody asks for them.
 */
final class NodeReader {
    private static final Assignment.Kind[] KINDS = Assignment.Kind.values();
    private static final Standing.Kind[] STANDINGS = Standing.Kind.values();
    private static final Hash128 NO_KEY = new Hash128(0, 0);

    /** What parts of one state refer to. */
    static final class Tables {
        Identifier[] identifiers = {};
        String[] customers = {};
        Fact.Support[] supports = {};
        final Hash128 self;
        boolean hasOwn;
        /** Where the tables are in the bytes they were read from, each behind its size. */
        private final byte[] bytes;

        private int identifiersFrom;
        private int identifiersTo;
        private int customersFrom;
        private int customersTo;
        private int supportsFrom;
        private int supportsTo;

        Tables(byte[] bytes, Hash128 self) {
            this.bytes = bytes;
            this.self = self;
        }

        void copyIdentifiers(CompactOutput out) {
            out.raw(bytes, identifiersFrom, identifiersTo - identifiersFrom);
        }

        void copyCustomers(CompactOutput out) {
            out.raw(bytes, customersFrom, customersTo - customersFrom);
        }

        void copySupports(CompactOutput out) {
            out.raw(bytes, supportsFrom, supportsTo - supportsFrom);
        }
    }

    /** A holding nobody has asked for. */
    static final class WrittenHolding implements NodeState.WrittenHolding {
        final byte[] bytes;
        final int from;
        final int length;
        final Tables tables;

        WrittenHolding(byte[] bytes, int from, int length, Tables tables) {
            this.bytes = bytes;
            this.from = from;
            this.length = length;
            this.tables = tables;
        }

        @Override
        public Holding read() {
            return new NodeReader(bytes, from, tables).holding();
        }
    }

    /** Touchpoints nobody has asked for. */
    static final class WrittenHosts implements Hosts.Written {
        final byte[] bytes;
        final int from;
        final int length;
        final int count;
        /** Whether the marks of their ids follow, one for each. */
        private final boolean marked;

        final Tables tables;
        /** Whose this identifier was when they were written. */
        final String settled;

        WrittenHosts(byte[] bytes, int from, int length, int count, boolean marked, Tables tables, String settled) {
            this.bytes = bytes;
            this.from = from;
            this.length = length;
            this.count = count;
            this.marked = marked;
            this.tables = tables;
            this.settled = settled;
        }

        @Override
        public Map<HostKey, Hosted> read() {
            NodeReader reader = new NodeReader(bytes, from, tables);
            Map<HostKey, Hosted> all = new HashMap<>(count + count / 2);
            for (int i = 0; i < count; i++) {
                reader.hosted(all, settled);
            }
            return all;
        }

        @Override
        public boolean mayHold(String touchpointId) {
            if (!marked) {
                return true;
            }
            int sought = NodeWriter.markOf(touchpointId);
            int end = from + length + count * CompactOutput.MARK;
            for (int at = from + length; at < end; at += CompactOutput.MARK) {
                if ((int) CompactOutput.MARKS.get(bytes, at) == sought) {
                    return true;
                }
            }
            return false;
        }

        void copyMarks(CompactOutput out) {
            if (marked) {
                out.raw(bytes, from + length, count * CompactOutput.MARK);
            } else {
                NodeReader reader = new NodeReader(bytes, from, tables);
                Map<HostKey, Hosted> one = new HashMap<>();
                for (int i = 0; i < count; i++) {
                    one.clear();
                    reader.hosted(one, settled);
                    one.keySet().forEach(key -> out.mark(NodeWriter.markOf(key.touchpointId())));
                }
            }
        }
    }

    /** Those that parts still in packed form refer to; null: there are none. */
    static @Nullable Tables tablesOf(NodeState state) {
        if (state.hosted.written() instanceof WrittenHosts hosts) {
            return hosts.tables;
        }
        if (state.persons.written() instanceof WrittenHolding holding) {
            return holding.tables;
        }
        Bond devices = state.devices;
        return devices != null && devices.written() instanceof WrittenHolding holding ? holding.tables : null;
    }

    /** Whose the touchpoints of a node are that stands for one customer. */
    static String settledCustomer(NodeState state) {
        Assignment settled = state.settled;
        Identifier own = state.identifier;
        return settled != null ? settled.customerId() : own != null ? CustomerIds.of(own) : "";
    }

    private final byte[] bytes;
    private final CompactInput in;
    private final Tables tables;

    private NodeReader(byte[] bytes, int from, Tables tables) {
        this.bytes = bytes;
        this.in = new CompactInput(bytes, from);
        this.tables = tables;
    }

    /** @param self the node's key */
    static NodeState read(byte[] bytes, Hash128 self) {
        return new NodeReader(bytes, 0, new Tables(bytes, self)).unpack(false);
    }

    /** What was packed by a build of version 5 or before, packed as it is now. */
    static byte[] repacked(byte[] before) {
        return NodeWriter.write(new NodeReader(before, 0, new Tables(before, keyOf(before))).unpack(true));
    }

    /** The key of a node that was packed; of one that has no identifier another, which nothing but its touchpoints asks for. */
    private static Hash128 keyOf(byte[] bytes) {
        NodeState state = new NodeReader(bytes, 0, new Tables(bytes, NO_KEY)).unpack(true);
        Identifier own = state.identifier;
        return own == null ? NO_KEY : new Identifier(own.type(), own.value()).hash();
    }

    private NodeState unpack(boolean olden) {
        NodeState state = new NodeState();
        int there = in.count();
        tables.hasOwn = has(there, NodeWriter.IDENTIFIER);
        int identifiersAt = in.count();
        tables.identifiersFrom = in.position();
        Identifier[] identifiers = new Identifier[identifiersAt];
        for (int i = 0; i < identifiers.length; i++) {
            identifiers[i] = RecentIdentifiers.read(in);
        }
        tables.identifiers = identifiers;
        tables.identifiersTo = in.position();
        int customersThere = in.count();
        tables.customersFrom = in.position();
        int[] alone = {-1};
        String[] customers = new String[customersThere];
        for (int i = 0; i < customers.length; i++) {
            if (in.peek() == CompactOutput.ALONE) {
                in.skip(1);
                alone[0] = i;
            } else {
                customers[i] = in.text();
            }
        }
        tables.customers = customers;
        tables.customersTo = in.position();
        if (has(there, NodeWriter.SUPPORTS)) {
            Fact.Support[] supports = new Fact.Support[in.count()];
            tables.supportsFrom = in.position();
            for (int i = 0; i < supports.length; i++) {
                supports[i] = new Fact.Support(in.number() + NodeWriter.EPOCH, in.text(), hash());
            }
            tables.supports = supports;
            tables.supportsTo = in.position();
        }
        if (tables.hasOwn) {
            int at = in.count();
            Identifier read = identifiers[at];
            Identifier own = Identifier.remembered(read.type(), read.value(), tables.self);
            identifiers[at] = own;
            state.identifier = own;
            if (alone[0] >= 0) {
                customers[alone[0]] = CustomerIds.of(own);
            }
        }
        body(state, there, olden);
        return state;
    }

    private void body(NodeState state, int there, boolean olden) {
        if (has(there, NodeWriter.STANDING)) {
            state.standing = standing();
        }
        if (has(there, NodeWriter.NEAR)) {
            facts(state.near);
        }
        if (has(there, NodeWriter.ANNOUNCED)) {
            state.announced = supported();
        }
        if (has(there, NodeWriter.ANNOUNCED_BEFORE)) {
            Map<Fact.Key, Set<Fact.Support>> before = new HashMap<>();
            for (int i = in.count(); i > 0; i--) {
                Fact.Key key = key();
                Set<Fact.Support> supports = new HashSet<>();
                for (int j = in.count(); j > 0; j--) {
                    supports.add(tables.supports[in.count()]);
                }
                before.put(key, supports);
            }
            state.announcedBefore = before;
        }
        if (has(there, NodeWriter.ERASED)) {
            Map<Identifier, Long> erased = new HashMap<>();
            for (int i = in.count(); i > 0; i--) {
                erased.put(identifier(), in.number() + NodeWriter.EPOCH);
            }
            state.erased = erased;
        }
        if (has(there, NodeWriter.OTHERS)) {
            state.others = standings();
        }
        if (has(there, NodeWriter.FLAGS)) {
            Map<Identifier, Flag> flags = new HashMap<>();
            for (int i = in.count(); i > 0; i--) {
                flags.put(identifier(), new Flag(KINDS[in.octet()], nullable(), in.number()));
            }
            state.flags = flags;
        }
        if (has(there, NodeWriter.PERSONS)) {
            bond(state.persons);
        }
        if (has(there, NodeWriter.DEVICES)) {
            Bond devices = new Bond();
            bond(devices);
            state.devices = devices;
        }
        if (has(there, NodeWriter.SUPER_NODE)) {
            state.askers = hashes();
            state.watchers = hashes();
        }
        if (has(there, NodeWriter.GROUP_ROOT)) {
            state.brought = supported();
            state.broughtStandings = standings();
            state.broughtNotes = notes();
            Set<Identifier> watched = new HashSet<>();
            for (int i = in.count(); i > 0; i--) {
                watched.add(identifier());
            }
            state.watched = watched;
        }
        if (has(there, NodeWriter.SETTLED)) {
            state.settled = assignment();
        } else if (has(there, NodeWriter.SETTLED_AS_ASSIGNED)) {
            state.settled = state.persons.assignment;
        }
        if (has(there, NodeWriter.HOSTED)) {
            int count = in.count();
            int length = in.count();
            boolean marked = !olden || has(there, NodeWriter.HOSTED_MARKED);
            state.hosted = new Hosts(
                    new WrittenHosts(bytes, in.position(), length, count, marked, tables, settledCustomer(state)));
            in.skip(length + (marked ? count * CompactOutput.MARK : 0));
        }
        if (has(there, NodeWriter.KEEPER)) {
            seen(state);
        }
        state.toldOfItself = has(there, NodeWriter.TOLD_OF_ITSELF);
        if (has(there, NodeWriter.WAKES)) {
            state.nextExpiry = wakeAt(olden);
        }
        state.wakeAt = has(there, NodeWriter.WAKES_OTHERWISE) ? wakeAt(olden) : state.nextExpiry;
    }

    private long wakeAt(boolean olden) {
        long written = in.number();
        return olden ? written + NodeWriter.EPOCH : NodeWriter.wakeAt(written, tables.hasOwn ? tables.self : null);
    }

    private void bond(Bond bond) {
        int there = in.octet();
        if (has(there, NodeWriter.PARENT)) {
            bond.parent = hash();
        }
        if (has(there, NodeWriter.SHORT_CUT)) {
            bond.shortCut = hash();
        }
        if (has(there, NodeWriter.ASSIGNMENT)) {
            bond.assignment = assignment();
        }
        if (has(there, NodeWriter.VERSION)) {
            bond.version = in.number();
        }
        if (has(there, NodeWriter.HOLDING)) {
            int length = in.count();
            bond.hold(new WrittenHolding(bytes, in.position(), length, tables));
            in.skip(length);
        }
    }

    private Holding holding() {
        Holding holding = new Holding();
        int there = in.octet();
        holding.active = has(there, NodeWriter.ACTIVE);
        facts(holding.facts);
        holding.standings = standings();
        if (has(there, NodeWriter.HAS_DECISIONS)) {
            List<Decision> decisions = new ArrayList<>();
            for (int i = in.count(); i > 0; i--) {
                decisions.add(decision());
            }
            holding.restoreDecisions(decisions);
        }
        if (has(there, NodeWriter.HAS_NOTES)) {
            holding.notes = notes();
        }
        int assigned = in.count();
        Map<Identifier, Assignment> assignments = new HashMap<>(assigned + assigned / 2);
        Assignment last = null;
        for (int i = assigned; i > 0; i--) {
            Identifier member = identifier();
            Assignment assignment = assignment();
            if (last != null && last.equals(assignment)) {
                assignment = last;
            }
            last = assignment;
            assignments.put(member, assignment);
        }
        holding.assigned = assignments;
        holding.statements = in.longCount();
        if (has(there, NodeWriter.HAS_DROPPED)) {
            holding.dropped = in.count();
        }
        if (has(there, NodeWriter.HAS_STATED)) {
            holding.stated = stated(assigned);
        }
        return holding;
    }

    private Stated stated(int members) {
        Stated stated = Stated.nothing(members);
        int lastInto = 0;
        Hash128 absorbed = NO_KEY;
        for (int i = in.count(); i > 0; i--) {
            int who = in.count();
            int into = in.count();
            Hash128 said;
            if (into == 0) {
                said = hash();
            } else {
                if (into != lastInto) {
                    lastInto = into;
                    absorbed = Holding.absorbedInto(tables.customers[into - 1]);
                }
                said = absorbed;
            }
            if ((who & 1) != 0) {
                stated.put(tables.customers[who >> 1], said);
            } else {
                stated.put(tables.identifiers[who >> 1], said);
            }
        }
        return stated;
    }

    private Decision decision() {
        int length = in.count();
        int from = in.position();
        in.skip(length);
        try {
            return LayoutBytes.read(Arrays.copyOfRange(bytes, from, from + length), DecisionLayout.INSTANCE);
        } catch (IOException e) {
            throw new UncheckedIOException("what was just packed can be read", e);
        }
    }

    // ---- the parts they are made of

    private Identifier identifier() {
        return tables.identifiers[in.count()];
    }

    private @Nullable Identifier nullable() {
        int at = in.count();
        return at == 0 ? null : tables.identifiers[at - 1];
    }

    private Hash128 hash() {
        return new Hash128(in.fixed(), in.fixed());
    }

    private Set<Hash128> hashes() {
        int size = in.count();
        if (size == 0) {
            return Set.of();
        }
        Set<Hash128> all = new HashSet<>();
        for (int i = size; i > 0; i--) {
            all.add(hash());
        }
        return all;
    }

    private void facts(FactSet facts) {
        int size = in.count();
        for (int i = size >> 1; i > 0; i--) {
            facts.add(new Fact(key(), tables.supports[in.count()]));
        }
        if ((size & 1) != 0) {
            for (int i = in.count(); i > 0; i--) {
                facts.withdraw(new Fact.Withdrawn(key(), tables.supports[in.count()]));
            }
            int dropped = in.count();
            if (dropped > 0) {
                facts.restoreDropped(dropped, hash());
            }
        }
    }

    private Fact.Key key() {
        int left = in.count();
        Identifier stronger = tables.identifiers[left >> 1];
        Identifier weaker = identifier();
        return new Fact.Key(stronger, weaker, (left & 1) == 0 ? stronger : identifier());
    }

    private Map<Fact.Key, Fact.Support> supported() {
        int size = in.count();
        if (size == 0) {
            return Map.of();
        }
        Map<Fact.Key, Fact.Support> all = new HashMap<>(size + size / 2);
        for (int i = size; i > 0; i--) {
            all.put(key(), tables.supports[in.count()]);
        }
        return all;
    }

    private Map<Identifier, Standing> standings() {
        int size = in.count();
        if (size == 0) {
            return Map.of();
        }
        Map<Identifier, Standing> all = new HashMap<>(size + size / 2);
        for (int i = size; i > 0; i--) {
            all.put(identifier(), standing());
        }
        return all;
    }

    private Standing standing() {
        long value = in.longCount();
        return value == 0 ? Standing.INITIAL : new Standing(STANDINGS[(int) (value & 3)], value >>> 2);
    }

    private Map<Note.Key, Note> notes() {
        int size = in.count();
        if (size == 0) {
            return Map.of();
        }
        Map<Note.Key, Note> all = new HashMap<>();
        for (int i = size; i > 0; i--) {
            all.put(
                    new Note.Key(identifier(), identifier()),
                    new Note(in.text(), tables.customers[in.count()], in.number(), in.number(), in.number()));
        }
        return all;
    }

    private Assignment assignment() {
        long value = in.longCount();
        Assignment.Kind kind = KINDS[(int) (value & 3)];
        String customer = tables.customers[(int) (value >>> 2)];
        return new Assignment(kind, customer, kind == Assignment.Kind.SHARED ? nullable() : null);
    }

    private void seen(NodeState state) {
        Map<SeenKey, SeenEvent> seen = new HashMap<>();
        for (int i = in.count(); i > 0; i--) {
            SeenKey key = new SeenKey(in.text(), identifier(), identifier());
            long time = in.number() + NodeWriter.EPOCH;
            long gap = in.longCount();
            int what = in.octet();
            int generation = has(what, 4) ? in.count() : 1;
            seen.put(key, new SeenEvent(time, gap, has(what, 1), has(what, 2), generation, in.number()));
        }
        state.seen = seen;
        Map<Identifier, Belonging> belongings = new HashMap<>();
        for (int i = in.count(); i > 0; i--) {
            belongings.put(identifier(), new Belonging(tables.customers[in.count()], in.number()));
        }
        state.belongings = belongings;
    }

    // ---- touchpoints

    private void hosted(Map<HostKey, Hosted> all, String settled) {
        int facts = in.count();
        Hash128 from = has(facts, NodeWriter.FROM_ELSEWHERE) ? hash() : tables.self;
        long sequence = in.longCount() << NodeWriter.SEQUENCE_BITS;
        sequence |= in.longCount();
        long attributedAt = has(facts, NodeWriter.JUST_NOW) ? sequence : in.number();
        String customer = null;
        if (has(facts, NodeWriter.IS_ATTRIBUTED)) {
            customer = has(facts, NodeWriter.AS_SETTLED) ? settled : in.text();
        }
        Identifier forwardedTo = has(facts, NodeWriter.FORWARDED) ? identifier() : null;
        long version = has(facts, NodeWriter.HAS_VERSION) ? in.number() : 0;
        String source = has(facts, NodeWriter.HAS_SOURCE) ? tables.customers[in.count()] : "";
        long since = has(facts, NodeWriter.MOVED_SINCE) ? in.longCount() : 0;
        Hosted hosted = new Hosted(
                touchpoint(), has(facts, NodeWriter.FOR_INTERVALS), version, !has(facts, NodeWriter.GONE), sequence);
        hosted.received = sequence - since;
        hosted.customer = customer;
        hosted.attributedAt = attributedAt;
        hosted.forwardedTo = forwardedTo;
        hosted.forwardedToKeeper = has(facts, NodeWriter.FORWARDED_TO_KEEPER);
        hosted.passedOn = has(facts, NodeWriter.PASSED_ON);
        hosted.source = source;
        all.put(new HostKey(hosted.touchpoint.touchpointId(), from), hosted);
    }

    private Touchpoint touchpoint() {
        int facts = in.count();
        String id = in.text();
        long time = in.number() + NodeWriter.EPOCH;
        Touchpoint.Builder t = Touchpoint.of(id, time, in.text(), in.text());
        List<Identifier> identifiers = new ArrayList<>(4);
        for (int i = in.count(); i > 0; i--) {
            identifiers.add(identifier());
        }
        t.identifiers(identifiers);
        if (has(facts, NodeWriter.RECEIVED_TIME)) {
            t.receivedTime(time + in.number());
        }
        t.touchpoint(text(facts, NodeWriter.TOUCHPOINT));
        t.stage(text(facts, NodeWriter.STAGE));
        t.topic(text(facts, NodeWriter.TOPIC));
        t.actor(text(facts, NodeWriter.ACTOR));
        t.outbound(has(facts, NodeWriter.OUTBOUND));
        if (has(facts, NodeWriter.SENT_TIME)) {
            t.sentTime(time + in.number());
        }
        t.caseId(text(facts, NodeWriter.CASE_ID));
        t.location(text(facts, NodeWriter.LOCATION));
        t.brand(text(facts, NodeWriter.BRAND));
        t.product(text(facts, NodeWriter.PRODUCT));
        t.segment(text(facts, NodeWriter.SEGMENT));
        t.outcome(text(facts, NodeWriter.OUTCOME));
        t.waitMs(has(facts, NodeWriter.WAIT) ? in.number() : null);
        t.handleMs(has(facts, NodeWriter.HANDLE) ? in.number() : null);
        if (has(facts, NodeWriter.VALUE)) {
            t.value(new Money(in.number(), in.text()));
        }
        if (has(facts, NodeWriter.SURVEY)) {
            t.survey(survey());
        }
        if (has(facts, NodeWriter.SENTIMENT)) {
            t.sentiment(Double.longBitsToDouble(in.fixed()));
        }
        if (has(facts, NodeWriter.EXPERIMENTS)) {
            t.experiments(texts());
        }
        t.captureMethod(text(facts, NodeWriter.CAPTURE_METHOD));
        if (has(facts, NodeWriter.PROPERTIES)) {
            t.properties(texts());
        }
        return t.build();
    }

    private Survey survey() {
        int facts = in.octet();
        String metric = in.text();
        double min = Double.longBitsToDouble(in.fixed());
        double max = Double.longBitsToDouble(in.fixed());
        double score = Double.longBitsToDouble(in.fixed());
        String verbatim = text(facts, 2);
        Survey.About about = null;
        if (has(facts, 4)) {
            int said = in.octet();
            about = new Survey.About(text(said, 1), text(said, 2), text(said, 4), text(said, 8));
        }
        return new Survey(metric, min, max, has(facts, 1), score, verbatim, about);
    }

    private @Nullable String text(int facts, int fact) {
        return has(facts, fact) ? in.text() : null;
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = in.count(); i > 0; i--) {
            texts.put(in.text(), in.text());
        }
        return texts;
    }
}
