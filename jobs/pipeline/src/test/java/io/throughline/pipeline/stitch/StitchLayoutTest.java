package io.throughline.pipeline.stitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.stitch.Assignment;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Fact;
import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.Layer;
import io.throughline.domain.stitch.NodeRule;
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
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.stitch.StitchInput;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.stitch.StitchMessage.Part;
import io.throughline.domain.stitch.StitchMessage.Place;
import io.throughline.domain.stitch.Vicinity.Passage;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.measure.StateBytes;
import io.throughline.pipeline.stitch.CutLayout.Cut;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What running jobs have of stitching in their state and in the feedback topic can be read for ever. */
class StitchLayoutTest {

    private static final Identifier EMAIL = new Identifier("email", "ada");
    private static final Identifier PHONE = new Identifier("phone", "555");
    private static final Identifier COOKIE = new Identifier("cookie", "k-1");
    private static final Hash128 SMALL = new Hash128(1, 2);
    private static final Place PLACE = new Place(SMALL, false, "c-1");
    private static final Fact.Support SUPPORT = new Fact.Support(1_700_000_000_000L, "t-1", new Hash128(3, 4));
    private static final Fact.Key KEY = new Fact.Key(EMAIL, PHONE, EMAIL);
    private static final Fact.Key OTHER_HOME = new Fact.Key(PHONE, COOKIE, EMAIL);
    private static final Fact.Withdrawn WITHDRAWN = new Fact.Withdrawn(KEY, SUPPORT);
    private static final Standing QUARANTINED = new Standing(Standing.Kind.QUARANTINED, 7);
    private static final Assignment JOINED = new Assignment(Assignment.Kind.JOINED, "c-1", null);
    private static final Assignment SHARED = new Assignment(Assignment.Kind.SHARED, "c-2", COOKIE);
    private static final Decision DECISION = new Decision(Decision.Verdict.NEVER, EMAIL, PHONE, 5, "why", "ada");
    private static final Note.Key NOTE_KEY = new Note.Key(EMAIL, COOKIE);
    private static final StitchMessage ANNOUNCE = new StitchMessage.Announce(
            PHONE, EMAIL, Standing.INITIAL, PLACE, List.of(new Fact(KEY, SUPPORT)), List.of());
    private static final Note NOTE = new Note("shared", "", 1, 2, 3);
    private static final Touchpoint TOUCHPOINT = Touchpoint.of("t-1", 1_700_000_000_000L, "web", "login")
            .receivedTime(1_700_000_000_500L)
            .identifiers(List.of(EMAIL, COOKIE))
            .build();

    @Test
    void pinsTheBytesOfANodeThatRemembersLittle() throws IOException {
        NodeState state = new NodeState();
        state.identifier = EMAIL;
        state.persons.parent = SMALL;
        state.persons.assignment = JOINED;
        state.persons.version = 9;
        state.settled = JOINED;
        state.nextExpiry = aTimeToForget(EMAIL);
        state.wakeAt = state.nextExpiry;
        pinned("node-member.v7.hex", state, EMAIL);
    }

    @Test
    void pinsTheBytesOfANodeThatRemembersEverything() throws IOException {
        NodeState state = everythingEver();
        NodeState kept = pinned("node-full.v7.hex", state, COOKIE);
        assertThat(kept.announcedBefore).isEqualTo(state.announcedBefore);
        assertThat(kept.erased).isEqualTo(state.erased);
        assertThat(kept.hosted.values())
                .extracting(hosted -> hosted.source)
                .containsExactlyInAnyOrder("touchpoints-3", "", "");
        assertThat(kept.hosted.values())
                .extracting(hosted -> hosted.sequence - hosted.received)
                .containsExactlyInAnyOrder(0L, 0L, 300L);
    }

    @Test
    void readsWhenNodesForgetThatSaidItInMilliseconds() throws IOException {
        assertThat(readAgain("node-full.v5.hex", 5)).isEqualTo(StateBytes.committed("node-full.v7.hex"));

        NodeState member = new NodeState();
        member.identifier = EMAIL;
        member.persons.parent = SMALL;
        member.persons.assignment = JOINED;
        member.persons.version = 9;
        member.settled = JOINED;
        assertThat(readAgain("node-member.v5.hex", 5))
                .isEqualTo(StateBytes.write(NodeStateLayout.INSTANCE, new KeptNode(member)));
    }

    @Test
    void readsNodesThatPointAtSmallerOnesOnly() throws IOException {
        for (String file : List.of("node-full", "node-member")) {
            assertThat(readAgain(file + ".v6.hex", 6)).isEqualTo(StateBytes.committed(file + ".v7.hex"));
        }
    }

    private static byte[] readAgain(String file, int version) throws IOException {
        return StateBytes.write(NodeStateLayout.INSTANCE, StateBytes.read(NodeStateLayout.INSTANCE, file, version));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 1_700_000_000_000L, 1_600_000_000_000L, 900_000L, -900_000L, Long.MAX_VALUE})
    void wakesWhenItWasToWake(long at) throws IOException {
        for (long time : at == Long.MAX_VALUE ? new long[] {at} : new long[] {at, at + aTimeToForget(EMAIL)}) {
            NodeState state = new NodeState();
            state.identifier = EMAIL;
            state.nextExpiry = time;
            state.wakeAt = at;
            NodeState read = StateBytes.roundTrip(NodeStateLayout.INSTANCE, new KeptNode(state))
                    .open(EMAIL.hash());
            assertThat(read.nextExpiry).isEqualTo(time);
            assertThat(read.wakeAt).isEqualTo(at);
        }
    }

    /** What the times at which nodes forget are written small by: if these change, a checkpoint grows. */
    @Test
    void nodesForgetAtQuartersOfAnHourOfTheirOwn() {
        for (long minute = 0; minute < 3_000; minute += 7) {
            Touchpoint touchpoint = Touchpoint.of("t", 1_700_000_000_000L + minute * 60_000, "web", "login")
                    .identifiers(List.of(EMAIL))
                    .build();
            StitchInput touched = new StitchInput.Touched(new TouchpointChange(touchpoint, +1, 1, ""));
            NodeState state = new NodeRule(StitchConfig.DEFAULTS)
                    .on(EMAIL.hash(), null, touched)
                    .state();
            assertThat((state.nextExpiry - aTimeToForget(EMAIL)) % (15 * 60 * 1000))
                    .isZero();
        }
    }

    /** Nodes forget at times that differ from node to node, and by quarters of an hour. */
    private static long aTimeToForget(Identifier node) {
        long quarter = 15L * 60 * 1000;
        return 1_702_800_000_000L + Math.floorMod(node.hash().low(), quarter);
    }

    private static NodeState everythingEver() {
        NodeState state = everything();
        state.announcedBefore = Map.of(KEY, Set.of(new Fact.Support(1_700_000_000_001L, "t-3", new Hash128(7, 8))));
        state.erased = Map.of(PHONE, 1_700_000_000_002L);
        Hosted read = new Hosted(TOUCHPOINT, false, 0, true, 1 << 28);
        read.source = "touchpoints-3";
        Hosted moved = new Hosted(TOUCHPOINT, false, 3, true, 1 << 28);
        moved.sequence += 300;
        state.hosted.put(new HostKey("t-1", new Hash128(9, 10)), moved);
        state.hosted.put(new HostKey("t-1", COOKIE.hash()), read);
        return state;
    }

    @Test
    void marksTheTouchpointsOfNodesThatHadNone() throws IOException {
        KeptNode kept = StateBytes.read(NodeStateLayout.INSTANCE, "node-full.v4.hex", 4);
        assertThat(kept.open(COOKIE.hash()).hosted.written()).isNotNull();
        KeptNode marked = LayoutBytes.copy(kept, NodeStateLayout.INSTANCE);
        assertThat(marked.open(COOKIE.hash()).hosted.written()).satisfies(written -> {
            assertThat(written.mayHold("t-1")).isTrue();
            assertThat(written.mayHold("t-2")).isFalse();
        });
    }

    @Test
    void readsWhatNodesRememberedBeforeAnybodyCouldBeErased() throws IOException {
        NodeState read =
                StateBytes.read(NodeStateLayout.INSTANCE, "node-full.v3.hex", 3).open(COOKIE.hash());
        NodeState expected = everything();
        assertThat(StateBytes.write(NodeStateLayout.INSTANCE, new KeptNode(read)))
                .isEqualTo(StateBytes.write(NodeStateLayout.INSTANCE, new KeptNode(expected)));
    }

    private static NodeState everything() {
        NodeState state = new NodeState();
        state.identifier = COOKIE;
        state.standing = QUARANTINED;
        state.near.add(new Fact(OTHER_HOME, SUPPORT));
        state.near.withdraw(WITHDRAWN);
        state.near.restoreDropped(3, SMALL);
        state.announced = Map.of(KEY, SUPPORT);
        state.others = Map.of(EMAIL, QUARANTINED);
        state.flags = Map.of(PHONE, new Flag(Assignment.Kind.SHARED, COOKIE, 11));
        state.persons.shortCut = SMALL;
        state.persons.hold(holding());
        state.persons.version = 12;
        state.devices = new Bond();
        state.devices.parent = SMALL;
        state.devices.assignment = SHARED;
        state.devices.version = 13;
        state.askers = Set.of(SMALL);
        state.watchers = Set.of(new Hash128(5, 6));
        state.brought = Map.of(OTHER_HOME, SUPPORT);
        state.broughtStandings = Map.of(COOKIE, new Standing(Standing.Kind.CONTRADICTED, 2));
        state.broughtNotes = Map.of(NOTE_KEY, NOTE);
        state.watched = Set.of(EMAIL);
        state.settled = SHARED;
        Hosted hosted = new Hosted(TOUCHPOINT, true, 3, true, 1 << 28);
        hosted.customer = "c-1";
        hosted.attributedAt = 4;
        hosted.forwardedTo = PHONE;
        hosted.forwardedToKeeper = true;
        hosted.passedOn = true;
        state.hosted.put(new HostKey("t-1", SMALL), hosted);
        state.seen = Map.of(new SeenKey("t-2", COOKIE, EMAIL), new SeenEvent(1, 2, true, true, 1, 3));
        state.belongings = Map.of(EMAIL, new Belonging("c-1", 4));
        state.nextExpiry = 1_702_592_000_001L;
        state.wakeAt = 1_702_592_000_001L;
        return state;
    }

    private static Holding holding() {
        Holding holding = new Holding();
        holding.facts.add(new Fact(KEY, SUPPORT));
        holding.standings = Map.of(EMAIL, Standing.INITIAL);
        holding.restoreDecisions(List.of(DECISION));
        holding.notes = Map.of(NOTE_KEY, NOTE);
        holding.assigned = Map.of(EMAIL, JOINED);
        holding.stated = Stated.of(Map.of("c-1", SMALL));
        holding.statements = 8;
        holding.active = true;
        return holding;
    }

    private static NodeState pinned(String file, NodeState state, Identifier own) throws IOException {
        byte[] golden = StateBytes.committed(file);
        String written = HexFormat.of().formatHex(StateBytes.write(NodeStateLayout.INSTANCE, new KeptNode(state)));
        assertThat(written)
                .as("bytes of %s; if they must change, raise the version and add a new file", file)
                .isEqualTo(HexFormat.of().formatHex(golden));
        KeptNode kept = StateBytes.read(NodeStateLayout.INSTANCE, file, 7);
        NodeState read = kept.open(own.hash());
        assertThat(read.hosted.values()).hasSize(state.hosted.open().size());
        assertThat(read.persons.holding() == null).isEqualTo(state.persons.holding() == null);
        assertThat(StateBytes.write(NodeStateLayout.INSTANCE, kept)).isEqualTo(golden);
        return read;
    }

    @Test
    void refusesStateOfTheVersionsBefore() {
        DataInputStream in = new DataInputStream(InputStream.nullInputStream());
        assertThatThrownBy(() -> NodeStateLayout.INSTANCE.read(in, 2))
                .hasMessageContaining("start the job without state and replay its input");
    }

    @Test
    void pinsTheBytesOfMessages() throws IOException {
        Stamp stamp = new Stamp(new Run(42, 7, 1), 9);
        StateBytes.areGolden("letter-announce.v3.hex", LetterLayout.INSTANCE, new Letter(ANNOUNCE, stamp));
        StateBytes.areStillRead("letter-announce.v2.hex", 2, LetterLayout.INSTANCE, new Letter(ANNOUNCE, stamp));
        assertThat(HexFormat.of().formatHex(bundle(stamp).bytes()))
                .isEqualTo(HexFormat.of().formatHex(StateBytes.committed("bundle.v4.hex")));
        StateBytes.areGolden("cut.v1.hex", CutLayout.INSTANCE, new Cut(stamp.run(), 9));
        StateBytes.areGolden("passage.v1.hex", PassageLayout.INSTANCE, new Passage(Set.of(2, 128), -3));
    }

    private static Bundle bundle(Stamp stamp) {
        Bundle.Open open = new Bundle.Open();
        MessageOutput room = new MessageOutput();
        open.add(new Letter(ANNOUNCE, stamp), room);
        open.add(new Letter(new StitchMessage.Union(Layer.DEVICES, new Hash128(9, 9), SMALL), stamp), room);
        return open.close(3);
    }

    @Test
    void readsRecordsOfEveryBuildThatMayHaveWrittenThem() throws IOException {
        Stamp stamp = new Stamp(new Run(42, 7, 1), 9);
        Letter letter = new Letter(ANNOUNCE, stamp);
        assertThat(opened(StateBytes.committed("letter-announce.v2.hex"))).containsExactly(letter);
        assertThat(opened(StateBytes.committed("letter-announce.v3.hex"))).containsExactly(letter);
        assertThat(opened(StateBytes.committed("bundle.v4.hex")))
                .containsExactly(
                        letter, new Letter(new StitchMessage.Union(Layer.DEVICES, new Hash128(9, 9), SMALL), stamp));
        assertThatThrownBy(() -> opened(new byte[] {5, 0, 0}))
                .hasMessageContaining("start the job without state and replay its input");
        assertThatThrownBy(() -> opened(new byte[0])).isInstanceOf(IOException.class);
    }

    @Test
    void aBundleThatWasCutShortIsSaidToBeDamagedUnlessItEndsWithALetter() throws IOException {
        byte[] bundle = bundle(new Stamp(new Run(42, 7, 1), 9)).bytes();
        List<Letter> all = opened(bundle);
        int whole = 0;
        for (int length = 1; length < bundle.length; length++) {
            byte[] cut = Arrays.copyOf(bundle, length);
            try {
                List<Letter> some = opened(cut);
                assertThat(some).isEqualTo(all.subList(0, some.size()));
                whole++;
            } catch (IOException damaged) {
                continue;
            }
        }
        assertThat(whole).as("ends of the stamp and of the first letter").isEqualTo(2);
    }

    private static List<Letter> opened(byte[] record) throws IOException {
        List<Letter> letters = new ArrayList<>();
        Bundle.open(record, letters::add);
        return letters;
    }

    @Test
    void bundlesCrossBetweenTasks() throws IOException {
        Bundle bundle = bundle(new Stamp(new Run(42, 7, 1), 9));
        Bundle crossed = StateBytes.roundTrip(BundleLayout.INSTANCE, bundle);
        assertThat(crossed.partition()).isEqualTo(bundle.partition());
        assertThat(crossed.bytes()).isEqualTo(bundle.bytes());
    }

    @Test
    void refusesAMessageOfAnotherBuild() {
        assertThatThrownBy(() -> LayoutBytes.read(new byte[] {1, 0, 0}, LetterLayout.INSTANCE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 1, this build reads 2, 3 and bundles, 4")
                .hasMessageContaining("start the job without state and replay its input");
    }

    @Test
    void everyMessageComesBack() throws IOException {
        Part part = new Part(
                List.of(new Fact(KEY, SUPPORT)),
                List.of(WITHDRAWN),
                Map.of(EMAIL, QUARANTINED),
                List.of(DECISION),
                Map.of(NOTE_KEY, NOTE),
                Map.of(EMAIL, JOINED, COOKIE, SHARED),
                Map.of("c-1", SMALL),
                8,
                SMALL,
                Map.of(PHONE, "c-3"));
        List<StitchMessage> messages = new ArrayList<>(List.of(
                new StitchMessage.Announce(
                        PHONE, EMAIL, QUARANTINED, new Place(SMALL, true, null), List.of(), List.of(WITHDRAWN)),
                new StitchMessage.Union(Layer.DEVICES, new Hash128(9, 9), SMALL),
                new StitchMessage.Join(Layer.PERSONS, COOKIE, SMALL),
                new StitchMessage.Deliver(Layer.PERSONS, SMALL, part, null),
                new StitchMessage.Deliver(Layer.DEVICES, SMALL, part, SMALL),
                new StitchMessage.Assigned(Layer.PERSONS, EMAIL, SMALL, 1L << 50, JOINED, true),
                new StitchMessage.Became(EMAIL, COOKIE, Assignment.Kind.SHARED, COOKIE, 3),
                new StitchMessage.Watch(EMAIL, SMALL),
                new StitchMessage.Stands(SMALL, EMAIL, QUARANTINED),
                new StitchMessage.Host(PHONE, SMALL, TOUCHPOINT, true, false, 4, false, 5),
                new StitchMessage.Seen(COOKIE, COOKIE, EMAIL, "t-1", 1, 2, true, false, 1, 3, "c-1", 4),
                new StitchMessage.Seen(COOKIE, COOKIE, EMAIL, "t-1", 1, 2, true, false, 2, 3, "c-1", 4),
                new StitchMessage.Belongs(COOKIE, EMAIL, "c-1", 5),
                new StitchMessage.Decided(EMAIL, DECISION),
                new StitchMessage.Erased(EMAIL, PHONE, 1_700_000_000_000L),
                new StitchMessage.Several(
                        List.of(new StitchMessage.Watch(EMAIL, SMALL), new StitchMessage.Erased(EMAIL, PHONE, 7)))));
        assertThat(messages.stream().map(Object::getClass).toList())
                .containsOnly(StitchMessage.class.getPermittedSubclasses());
        for (StitchMessage message : messages) {
            Letter letter = new Letter(message, null);
            assertThat(StateBytes.roundTrip(LetterLayout.INSTANCE, letter)).isEqualTo(letter);
        }
    }

    @Test
    void aLetterIsPassedOnInTheFormatOfWhoWroteIt() {
        int another = LetterLayout.FORMAT + 1;
        Letter unread = new Letter(SMALL, null, LayoutBytes.write(ANNOUNCE, StitchMessageLayout.INSTANCE), another);
        assertThat(LayoutBytes.write(unread, LetterLayout.INSTANCE)[0]).isEqualTo((byte) another);

        assertThat(new Letter(ANNOUNCE, null).format()).isEqualTo(LetterLayout.FORMAT);
    }

    @Test
    void aLetterThatIsWrittenAnewIsOfTodaysFormat() {
        byte[] written = new Letter(ANNOUNCE, null).written();
        Letter read = new Letter(SMALL, null, written, LetterLayout.FORMAT + 1);
        assertThat(read.message()).isEqualTo(ANNOUNCE);

        assertThat(LayoutBytes.write(read, LetterLayout.INSTANCE)[0]).isEqualTo((byte) LetterLayout.FORMAT);
    }

    @Test
    void aLetterThatWasCutShortIsSaidToBeDamaged() {
        byte[] letter = LayoutBytes.write(new Letter(ANNOUNCE, null), LetterLayout.INSTANCE);
        for (int length = 0; length < letter.length; length++) {
            byte[] cut = Arrays.copyOf(letter, length);
            assertThatThrownBy(() -> LayoutBytes.read(cut, LetterLayout.INSTANCE))
                    .as("%d of %d bytes", length, letter.length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aMessageThatWasCutShortIsSaidToBeDamaged() {
        byte[] message = new Letter(ANNOUNCE, null).written();
        for (int length = 0; length < message.length; length++) {
            Letter cut = new Letter(SMALL, null, Arrays.copyOf(message, length), LetterLayout.FORMAT);
            assertThatThrownBy(cut::message)
                    .as("%d of %d bytes", length, message.length)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("to node " + SMALL.hex() + " is damaged");
        }
    }

    @Test
    void aMessageThatSaysWhatNoneSaysIsSaidToBeDamaged() {
        byte[] union = new Letter(new StitchMessage.Union(Layer.DEVICES, new Hash128(9, 9), SMALL), null).written();
        union[1] = 77;

        assertThatThrownBy(new Letter(SMALL, null, union, LetterLayout.FORMAT)::message)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void aLetterIsPassedOnUnread() throws IOException {
        byte[] none = {99};
        Letter unread = new Letter(SMALL, new Stamp(new Run(42, 7, 1), 9), none, LetterLayout.FORMAT);

        Letter passedOn = StateBytes.roundTrip(LetterLayout.INSTANCE, unread);

        assertThat(passedOn.to()).isEqualTo(SMALL);
        assertThat(passedOn.stamp()).isEqualTo(unread.stamp());
        assertThat(passedOn.written()).isEqualTo(none);
        assertThatThrownBy(passedOn::message).hasMessageContaining("is damaged").hasMessageContaining(SMALL.hex());
    }
}
