package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Assignment;
import io.throughline.domain.stitch.CustomerIds;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Fact;
import io.throughline.domain.stitch.FactSet;
import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.NodeState.Bond;
import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.Note;
import io.throughline.domain.stitch.Standing;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.CompactOutput;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.wire.DecisionLayout;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Packs a node's state. Identifiers, customers and supports that several parts name are written once, in tables, and
 * named by their place there; what is empty or follows from something else takes no space. Parts that nobody has read
 * since they were packed are copied as they are, and the tables they refer to then only grow.
 */
final class NodeWriter {
    static final int IDENTIFIER = 1;
    static final int PERSONS = 1 << 1;
    static final int NEAR = 1 << 2;
    static final int HOSTED = 1 << 3;
    static final int WAKES = 1 << 4;
    static final int SETTLED_AS_ASSIGNED = 1 << 5;
    static final int SUPPORTS = 1 << 6;
    static final int ANNOUNCED = 1 << 7;
    static final int DEVICES = 1 << 8;
    static final int STANDING = 1 << 9;
    static final int OTHERS = 1 << 10;
    static final int FLAGS = 1 << 11;
    static final int SUPER_NODE = 1 << 12;
    static final int GROUP_ROOT = 1 << 13;
    static final int SETTLED = 1 << 14;
    static final int KEEPER = 1 << 15;
    static final int TOLD_OF_ITSELF = 1 << 16;
    static final int WAKES_OTHERWISE = 1 << 17;
    static final int ANNOUNCED_BEFORE = 1 << 18;
    static final int ERASED = 1 << 19;
    /** Of state of version 5: touchpoints are followed by marks of their ids. Since then they always are. */
    static final int HOSTED_MARKED = 1 << 20;

    static final int PARENT = 1;
    static final int HOLDING = 1 << 1;
    static final int ASSIGNMENT = 1 << 2;
    static final int SHORT_CUT = 1 << 3;
    static final int VERSION = 1 << 4;

    static final int HAS_DECISIONS = 1;
    static final int HAS_NOTES = 1 << 1;
    static final int ACTIVE = 1 << 2;
    static final int HAS_STATED = 1 << 3;
    static final int HAS_DROPPED = 1 << 4;

    static final int IS_ATTRIBUTED = 1;
    static final int AS_SETTLED = 1 << 1;
    static final int JUST_NOW = 1 << 2;
    static final int FROM_ELSEWHERE = 1 << 3;
    static final int FORWARDED = 1 << 4;
    static final int PASSED_ON = 1 << 5;
    static final int GONE = 1 << 6;
    static final int FOR_INTERVALS = 1 << 7;
    static final int HAS_VERSION = 1 << 8;
    static final int FORWARDED_TO_KEEPER = 1 << 9;
    static final int HAS_SOURCE = 1 << 10;
    static final int MOVED_SINCE = 1 << 11;

    /** Times are written as their distance from this one: 2020-09-13. */
    static final long EPOCH = 1_600_000_000_000L;

    /** A node forgets at times that lie so far apart, where the horizon is a multiple of eight hours. */
    private static final long QUARTER_OF_AN_HOUR = 15L * 60 * 1000;

    private static final long FIRST_QUARTER = EPOCH / QUARTER_OF_AN_HOUR;
    private static final long NEVER = Long.MIN_VALUE;

    private static final ThreadLocal<NodeWriter> OF_THREAD = ThreadLocal.withInitial(NodeWriter::new);

    private final Places<Identifier> identifiers = new Places<>();
    private final Places<String> customers = new Places<>();
    private final Places<Fact.Support> supports = new Places<>();
    private final CompactOutput identifierTable = new CompactOutput();
    private final CompactOutput customerTable = new CompactOutput();
    private final CompactOutput supportTable = new CompactOutput();
    private final CompactOutput body = new CompactOutput();
    private final CompactOutput part = new CompactOutput();
    private final CompactOutput marks = new CompactOutput();
    private final CompactOutput whole = new CompactOutput();
    /** Whoever is the customer that this identifier is by itself follows from its key. */
    private @Nullable Identifier alone;

    private @Nullable Hash128 self;

    /** A customer, and what is stated of those that became it. */
    private @Nullable String absorber;

    private @Nullable Hash128 absorbed;

    static byte[] write(NodeState state) {
        return OF_THREAD.get().pack(state);
    }

    private byte[] pack(NodeState state) {
        clear();
        Identifier own = state.identifier;
        self = own == null ? null : own.hash();
        alone = own;
        NodeReader.Tables known = NodeReader.tablesOf(state);
        if (known != null) {
            known.copyIdentifiers(identifierTable);
            for (Identifier identifier : known.identifiers) {
                identifiers.add(identifier, identifier.hashCode());
            }
            known.copyCustomers(customerTable);
            for (String customer : known.customers) {
                customers.add(customer, customer.hashCode());
            }
            known.copySupports(supportTable);
            for (Fact.Support support : known.supports) {
                supports.add(support, hashOf(support));
            }
        }
        int ownAt = own == null ? 0 : place(own);
        int there = there(state);
        body(state, there);
        if (supports.size() > 0) {
            there |= SUPPORTS;
        }
        whole.clear();
        whole.count(there);
        whole.count(identifiers.size());
        whole.append(identifierTable);
        whole.count(customers.size());
        whole.append(customerTable);
        if (supports.size() > 0) {
            whole.count(supports.size());
            whole.append(supportTable);
        }
        if (own != null) {
            whole.count(ownAt);
        }
        whole.append(body);
        return whole.toBytes();
    }

    private void clear() {
        identifiers.clear();
        customers.clear();
        supports.clear();
        identifierTable.clear();
        customerTable.clear();
        supportTable.clear();
        body.clear();
    }

    // ---- tables

    private int place(Identifier identifier) {
        int hash = identifier.hashCode();
        int known = identifiers.find(identifier, hash);
        if (known >= 0) {
            return known;
        }
        identifierTable.text(identifier.type());
        identifierTable.text(identifier.value());
        return identifiers.add(identifier, hash);
    }

    private int place(String customer) {
        int hash = customer.hashCode();
        int known = customers.find(customer, hash);
        if (known >= 0) {
            return known;
        }
        if (alone != null && CustomerIds.isOf(alone, customer)) {
            customerTable.octet(CompactOutput.ALONE);
        } else {
            customerTable.text(customer);
        }
        return customers.add(customer, hash);
    }

    private int place(Fact.Support support) {
        int hash = hashOf(support);
        int known = supports.find(support, hash);
        if (known >= 0) {
            return known;
        }
        supportTable.number(support.eventTime() - EPOCH);
        supportTable.text(support.touchpointId());
        supportTable.fixed(support.content().high());
        supportTable.fixed(support.content().low());
        return supports.add(support, hash);
    }

    private static int hashOf(Fact.Support support) {
        return (int) support.content().low();
    }

    // ---- the parts

    private static int there(NodeState state) {
        Assignment settled = state.settled;
        return bit(IDENTIFIER, state.identifier != null)
                | bit(STANDING, !state.standing.equals(Standing.INITIAL))
                | bit(NEAR, !isUnused(state.near))
                | bit(ANNOUNCED, !state.announced.isEmpty())
                | bit(ANNOUNCED_BEFORE, !state.announcedBefore.isEmpty())
                | bit(ERASED, !state.erased.isEmpty())
                | bit(OTHERS, !state.others.isEmpty())
                | bit(FLAGS, !state.flags.isEmpty())
                | bit(PERSONS, there(state.persons) != 0)
                | bit(DEVICES, state.devices != null)
                | bit(SUPER_NODE, !state.askers.isEmpty() || !state.watchers.isEmpty())
                | bit(
                        GROUP_ROOT,
                        !state.brought.isEmpty()
                                || !state.broughtStandings.isEmpty()
                                || !state.broughtNotes.isEmpty()
                                || !state.watched.isEmpty())
                | bit(SETTLED_AS_ASSIGNED, settled != null && settled.equals(state.persons.assignment))
                | bit(SETTLED, settled != null && !settled.equals(state.persons.assignment))
                | bit(HOSTED, !state.hosted.isEmpty())
                | bit(KEEPER, !state.seen.isEmpty() || !state.belongings.isEmpty())
                | bit(TOLD_OF_ITSELF, state.toldOfItself)
                | bit(WAKES, state.nextExpiry != Long.MAX_VALUE)
                | bit(WAKES_OTHERWISE, state.wakeAt != state.nextExpiry);
    }

    private void body(NodeState state, int there) {
        if (has(there, STANDING)) {
            standing(state.standing, body);
        }
        if (has(there, NEAR)) {
            facts(state.near, body);
        }
        if (has(there, ANNOUNCED)) {
            supported(state.announced, body);
        }
        if (has(there, ANNOUNCED_BEFORE)) {
            body.count(state.announcedBefore.size());
            state.announcedBefore.forEach((key, supports) -> {
                key(key, body);
                body.count(supports.size());
                supports.stream().sorted().forEach(support -> body.count(place(support)));
            });
        }
        if (has(there, ERASED)) {
            body.count(state.erased.size());
            state.erased.forEach((identifier, until) -> {
                body.count(place(identifier));
                body.number(until - EPOCH);
            });
        }
        if (has(there, OTHERS)) {
            standings(state.others, body);
        }
        if (has(there, FLAGS)) {
            body.count(state.flags.size());
            state.flags.forEach((identifier, flag) -> {
                body.count(place(identifier));
                body.octet(flag.kind().ordinal());
                nullable(flag.keeper(), body);
                body.number(flag.version());
            });
        }
        if (has(there, PERSONS)) {
            bond(state.persons);
        }
        if (state.devices != null) {
            bond(state.devices);
        }
        if (has(there, SUPER_NODE)) {
            hashes(state.askers);
            hashes(state.watchers);
        }
        if (has(there, GROUP_ROOT)) {
            supported(state.brought, body);
            standings(state.broughtStandings, body);
            notes(state.broughtNotes, body);
            identifiers(state.watched, body);
        }
        if (has(there, SETTLED) && state.settled != null) {
            assignment(state.settled, body);
        }
        if (has(there, HOSTED)) {
            hosts(state);
        }
        if (has(there, KEEPER)) {
            seen(state);
        }
        if (has(there, WAKES)) {
            body.number(wake(state.nextExpiry, self));
        }
        if (has(there, WAKES_OTHERWISE)) {
            body.number(wake(state.wakeAt, self));
        }
    }

    /**
     * As a small number, where it is one of the times at which a node forgets: these lie at a distance from the quarters of
     * an hour that follows from the node.
     */
    private static long wake(long at, @Nullable Hash128 self) {
        if (at == Long.MAX_VALUE) {
            return NEVER;
        }
        long since = at - past(self);
        return since % QUARTER_OF_AN_HOUR == 0
                ? 2 * (since / QUARTER_OF_AN_HOUR - FIRST_QUARTER)
                : 2 * (at - EPOCH) + 1;
    }

    /** The same, read. */
    static long wakeAt(long written, @Nullable Hash128 self) {
        if (written == NEVER) {
            return Long.MAX_VALUE;
        }
        return (written & 1) == 0
                ? ((written >> 1) + FIRST_QUARTER) * QUARTER_OF_AN_HOUR + past(self)
                : (written >> 1) + EPOCH;
    }

    private static long past(@Nullable Hash128 self) {
        return self == null ? 0 : Math.floorMod(self.low(), QUARTER_OF_AN_HOUR);
    }

    private static int there(Bond bond) {
        return bit(PARENT, bond.parent != null)
                | bit(HOLDING, !bond.holdsNothing())
                | bit(ASSIGNMENT, bond.assignment != null)
                | bit(SHORT_CUT, bond.shortCut != null)
                | bit(VERSION, bond.version != 0);
    }

    private void bond(Bond bond) {
        body.octet(there(bond));
        hash(bond.parent, body);
        hash(bond.shortCut, body);
        if (bond.assignment != null) {
            assignment(bond.assignment, body);
        }
        if (bond.version != 0) {
            body.number(bond.version);
        }
        if (bond.written() instanceof NodeReader.WrittenHolding written) {
            body.count(written.length);
            body.raw(written.bytes, written.from, written.length);
        } else {
            Holding holding = bond.holding();
            if (holding != null) {
                part.clear();
                holding(holding);
                body.count(part.size());
                body.append(part);
            }
        }
    }

    private void holding(Holding holding) {
        part.octet(bit(HAS_DECISIONS, !holding.decisions.isEmpty())
                | bit(HAS_NOTES, !holding.notes.isEmpty())
                | bit(ACTIVE, holding.active)
                | bit(HAS_STATED, !holding.stated.isEmpty())
                | bit(HAS_DROPPED, holding.dropped > 0));
        facts(holding.facts, part);
        standings(holding.standings, part);
        if (!holding.decisions.isEmpty()) {
            part.count(holding.decisions.size());
            for (Decision decision : holding.decisions.values()) {
                byte[] bytes = LayoutBytes.write(decision, DecisionLayout.INSTANCE);
                part.count(bytes.length);
                part.raw(bytes, 0, bytes.length);
            }
        }
        if (!holding.notes.isEmpty()) {
            notes(holding.notes, part);
        }
        part.count(holding.assigned.size());
        holding.assigned.forEach((identifier, assignment) -> {
            part.count(place(identifier));
            assignment(assignment, part);
        });
        part.count(holding.statements);
        if (holding.dropped > 0) {
            part.count(holding.dropped);
        }
        if (!holding.stated.isEmpty()) {
            stated(holding);
        }
    }

    /** An id is mostly that of a member, and what is stated of it that it became another's. */
    private void stated(Holding holding) {
        part.count(holding.stated.size());
        absorber = null;
        absorbed = null;
        holding.stated.byMember().forEach((member, said) -> {
            part.count(2L * place(member));
            said(said, holding);
        });
        holding.stated.others().forEach((customer, said) -> {
            Identifier member = memberOf(customer, holding);
            part.count(member == null ? 2L * place(customer) + 1 : 2L * place(member));
            said(said, holding);
        });
    }

    private void said(Hash128 said, Holding holding) {
        String into = said.equals(absorbed) ? absorber : absorberOf(said, holding);
        if (into == null) {
            part.count(0);
            hash(said, part);
        } else {
            part.count(place(into) + 1);
        }
    }

    private static @Nullable Identifier memberOf(String customer, Holding holding) {
        for (Identifier member : holding.assigned.keySet()) {
            if (CustomerIds.isOf(member, customer)) {
                return member;
            }
        }
        return null;
    }

    private @Nullable String absorberOf(Hash128 said, Holding holding) {
        for (Assignment assignment : holding.assigned.values()) {
            String customer = assignment.customerId();
            if (!customer.equals(absorber)) {
                absorber = customer;
                absorbed = Holding.absorbedInto(customer);
                if (said.equals(absorbed)) {
                    return customer;
                }
            }
        }
        return null;
    }

    private static boolean isUnused(FactSet facts) {
        return facts.isEmpty() && facts.dropped() == 0;
    }

    private void facts(FactSet facts, CompactOutput out) {
        boolean rare = !facts.withdrawn().isEmpty() || facts.dropped() > 0;
        out.count(2L * facts.count() + (rare ? 1 : 0));
        facts.forEachFact((key, support) -> {
            key(key, out);
            out.count(place(support));
        });
        if (rare) {
            out.count(facts.withdrawn().size());
            for (Fact.Withdrawn withdrawn : facts.withdrawn()) {
                key(withdrawn.key(), out);
                out.count(place(withdrawn.support()));
            }
            out.count(facts.dropped());
            hash(facts.ceiling(), out);
        }
    }

    /** Mostly the stronger of the two announces a fact. */
    private void key(Fact.Key key, CompactOutput out) {
        boolean byLeft = key.home().equals(key.left());
        out.count(2L * place(key.left()) + (byLeft ? 0 : 1));
        out.count(place(key.right()));
        if (!byLeft) {
            out.count(place(key.home()));
        }
    }

    private void supported(Map<Fact.Key, Fact.Support> facts, CompactOutput out) {
        out.count(facts.size());
        facts.forEach((key, support) -> {
            key(key, out);
            out.count(place(support));
        });
    }

    private void standings(Map<Identifier, Standing> standings, CompactOutput out) {
        out.count(standings.size());
        standings.forEach((identifier, standing) -> {
            out.count(place(identifier));
            standing(standing, out);
        });
    }

    private static void standing(Standing standing, CompactOutput out) {
        out.count(standing.version() * 4 + standing.kind().ordinal());
    }

    private void notes(Map<Note.Key, Note> notes, CompactOutput out) {
        out.count(notes.size());
        notes.forEach((key, note) -> {
            out.count(place(key.holder()));
            out.count(place(key.about()));
            out.text(note.text());
            out.count(place(note.customerId()));
            out.number(note.firstSeen());
            out.number(note.lastSeen());
            out.number(note.version());
        });
    }

    private void assignment(Assignment assignment, CompactOutput out) {
        out.count(4L * place(assignment.customerId()) + assignment.kind().ordinal());
        if (assignment.kind() == Assignment.Kind.SHARED) {
            nullable(assignment.keeper(), out);
        }
    }

    private void identifiers(Set<Identifier> all, CompactOutput out) {
        out.count(all.size());
        for (Identifier identifier : all) {
            out.count(place(identifier));
        }
    }

    private void nullable(@Nullable Identifier identifier, CompactOutput out) {
        out.count(identifier == null ? 0 : place(identifier) + 1);
    }

    private void hashes(Set<Hash128> all) {
        body.count(all.size());
        for (Hash128 hash : all) {
            hash(hash, body);
        }
    }

    private static void hash(@Nullable Hash128 hash, CompactOutput out) {
        if (hash != null) {
            out.fixed(hash.high());
            out.fixed(hash.low());
        }
    }

    private void seen(NodeState state) {
        body.count(state.seen.size());
        state.seen.forEach((key, seen) -> {
            body.text(key.touchpointId());
            body.count(place(key.via()));
            body.count(place(key.by()));
            body.number(seen.eventTime() - EPOCH);
            body.count(seen.gapMs());
            boolean again = seen.generation() > 1;
            body.octet(bit(1, seen.logout()) | bit(2, seen.present()) | bit(4, again));
            if (again) {
                body.count(seen.generation());
            }
            body.number(seen.version());
        });
        body.count(state.belongings.size());
        state.belongings.forEach((identifier, belonging) -> {
            body.count(place(identifier));
            body.count(place(belonging.customer()));
            body.number(belonging.version());
        });
    }

    // ---- touchpoints

    private void hosts(NodeState state) {
        part.clear();
        marks.clear();
        int count = state.hosted.open().size();
        if (state.hosted.written() instanceof NodeReader.WrittenHosts written) {
            count += written.count;
            part.raw(written.bytes, written.from, written.length);
            written.copyMarks(marks);
        }
        String settled = NodeReader.settledCustomer(state);
        state.hosted.open().forEach((key, hosted) -> {
            hosted(key, hosted, settled);
            marks.mark(markOf(key.touchpointId()));
        });
        body.count(count);
        body.count(part.size());
        body.append(part);
        body.append(marks);
    }

    /** What tells most ids apart; equal ids have equal marks. */
    static int markOf(String touchpointId) {
        return touchpointId.hashCode();
    }

    private void hosted(HostKey key, Hosted hosted, String settled) {
        boolean elsewhere = !key.from().equals(self);
        String customer = hosted.customer;
        int facts = bit(IS_ATTRIBUTED, customer != null)
                | bit(AS_SETTLED, customer != null && customer.equals(settled))
                | bit(JUST_NOW, hosted.attributedAt == hosted.sequence)
                | bit(FORWARDED, hosted.forwardedTo != null)
                | bit(PASSED_ON, hosted.passedOn)
                | bit(GONE, !hosted.present)
                | bit(FOR_INTERVALS, hosted.keeper)
                | bit(HAS_VERSION, hosted.version != 0)
                | bit(FORWARDED_TO_KEEPER, hosted.forwardedToKeeper)
                | bit(HAS_SOURCE, !hosted.source.isEmpty())
                | bit(MOVED_SINCE, elsewhere && hosted.received != hosted.sequence);
        if (elsewhere) {
            facts |= FROM_ELSEWHERE;
        }
        part.count(facts);
        if (elsewhere) {
            hash(key.from(), part);
        }
        part.count(hosted.sequence >>> SEQUENCE_BITS);
        part.count(hosted.sequence & SEQUENCE_MASK);
        if (hosted.attributedAt != hosted.sequence) {
            part.number(hosted.attributedAt);
        }
        if (customer != null && !customer.equals(settled)) {
            part.text(customer);
        }
        if (hosted.forwardedTo != null) {
            part.count(place(hosted.forwardedTo));
        }
        if (hosted.version != 0) {
            part.number(hosted.version);
        }
        if (!hosted.source.isEmpty()) {
            part.count(place(hosted.source));
        }
        if (has(facts, MOVED_SINCE)) {
            part.count(hosted.sequence - hosted.received);
        }
        touchpoint(hosted.touchpoint);
    }

    static final int SEQUENCE_BITS = 28;
    static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

    static final int RECEIVED_TIME = 1;
    static final int TOUCHPOINT = 1 << 1;
    static final int STAGE = 1 << 2;
    static final int TOPIC = 1 << 3;
    static final int ACTOR = 1 << 4;
    static final int OUTBOUND = 1 << 5;
    static final int SENT_TIME = 1 << 6;
    static final int CASE_ID = 1 << 7;
    static final int LOCATION = 1 << 8;
    static final int BRAND = 1 << 9;
    static final int PRODUCT = 1 << 10;
    static final int SEGMENT = 1 << 11;
    static final int OUTCOME = 1 << 12;
    static final int WAIT = 1 << 13;
    static final int HANDLE = 1 << 14;
    static final int VALUE = 1 << 15;
    static final int SURVEY = 1 << 16;
    static final int SENTIMENT = 1 << 17;
    static final int EXPERIMENTS = 1 << 18;
    static final int CAPTURE_METHOD = 1 << 19;
    static final int PROPERTIES = 1 << 20;

    private void touchpoint(Touchpoint t) {
        part.count(facts(t));
        part.text(t.touchpointId());
        part.number(t.eventTime() - EPOCH);
        part.text(t.channel());
        part.text(t.kind());
        part.count(t.identifiers().size());
        for (Identifier identifier : t.identifiers()) {
            part.count(place(identifier));
        }
        if (t.receivedTime() != t.eventTime()) {
            part.number(t.receivedTime() - t.eventTime());
        }
        text(t.touchpoint());
        text(t.stage());
        text(t.topic());
        text(t.actor());
        Long sent = t.sentTime();
        if (sent != null) {
            part.number(sent - t.eventTime());
        }
        text(t.caseId());
        text(t.location());
        text(t.brand());
        text(t.product());
        text(t.segment());
        text(t.outcome());
        number(t.waitMs());
        number(t.handleMs());
        if (t.value() != null) {
            part.number(t.value().micros());
            part.text(t.value().currency());
        }
        if (t.survey() != null) {
            survey(t.survey());
        }
        if (t.sentiment() != null) {
            part.fixed(Double.doubleToRawLongBits(t.sentiment()));
        }
        if (!t.experiments().isEmpty()) {
            texts(t.experiments());
        }
        text(t.captureMethod());
        if (!t.properties().isEmpty()) {
            texts(t.properties());
        }
    }

    private static int facts(Touchpoint t) {
        return bit(RECEIVED_TIME, t.receivedTime() != t.eventTime())
                | bit(TOUCHPOINT, t.touchpoint() != null)
                | bit(STAGE, t.stage() != null)
                | bit(TOPIC, t.topic() != null)
                | bit(ACTOR, t.actor() != null)
                | bit(OUTBOUND, t.outbound())
                | bit(SENT_TIME, t.sentTime() != null)
                | bit(CASE_ID, t.caseId() != null)
                | bit(LOCATION, t.location() != null)
                | bit(BRAND, t.brand() != null)
                | bit(PRODUCT, t.product() != null)
                | bit(SEGMENT, t.segment() != null)
                | bit(OUTCOME, t.outcome() != null)
                | bit(WAIT, t.waitMs() != null)
                | bit(HANDLE, t.handleMs() != null)
                | bit(VALUE, t.value() != null)
                | bit(SURVEY, t.survey() != null)
                | bit(SENTIMENT, t.sentiment() != null)
                | bit(EXPERIMENTS, !t.experiments().isEmpty())
                | bit(CAPTURE_METHOD, t.captureMethod() != null)
                | bit(PROPERTIES, !t.properties().isEmpty());
    }

    private void survey(Survey survey) {
        Survey.About about = survey.about();
        part.octet(bit(1, survey.higherIsBetter()) | bit(2, survey.verbatim() != null) | bit(4, about != null));
        part.text(survey.metric());
        part.fixed(Double.doubleToRawLongBits(survey.scaleMin()));
        part.fixed(Double.doubleToRawLongBits(survey.scaleMax()));
        part.fixed(Double.doubleToRawLongBits(survey.score()));
        text(survey.verbatim());
        if (about != null) {
            part.octet(bit(1, about.touchpointId() != null)
                    | bit(2, about.channel() != null)
                    | bit(4, about.touchpoint() != null)
                    | bit(8, about.caseId() != null));
            text(about.touchpointId());
            text(about.channel());
            text(about.touchpoint());
            text(about.caseId());
        }
    }

    private void text(@Nullable String text) {
        if (text != null) {
            part.text(text);
        }
    }

    private void number(@Nullable Long number) {
        if (number != null) {
            part.number(number);
        }
    }

    private void texts(Map<String, String> texts) {
        part.count(texts.size());
        new TreeMap<>(texts).forEach((name, value) -> {
            part.text(name);
            part.text(value);
        });
    }

    private static int bit(int bit, boolean set) {
        return set ? bit : 0;
    }

    static boolean has(int bits, int bit) {
        return (bits & bit) != 0;
    }

    private NodeWriter() {}
}
