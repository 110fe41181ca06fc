package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one identifier's node remembers. Most nodes hold a few touchpoints, whom they were seen with and one assignment;
 * only one identifier of a component, its root, holds what is known of the component. What is empty takes no
 * space.
 */
public final class NodeState {

    /** A node's place in one layer: it points at another node, or it is a root and holds what is known. */
    public static final class Bond {
        /**
         * A node of the same component; null: this is the root. It is a smaller one, unless this node was new to the component
         * and nobody points at it.
         */
        public @Nullable Hash128 parent;
        /** A node nearer to the root than the parent; null: none is known. */
        public @Nullable Hash128 shortCut;

        private @Nullable Holding holding;
        private @Nullable WrittenHolding written;
        /** What the root decided on this identifier; null: nothing. */
        public @Nullable Assignment assignment;

        public long version;

        /** At the root, unless nothing is known. */
        public @Nullable Holding holding() {
            WrittenHolding before = written;
            if (before != null) {
                holding = before.read();
                written = null;
            }
            return holding;
        }

        public void hold(@Nullable Holding held) {
            holding = held;
            written = null;
        }

        /** The same, to be read once it is asked for. */
        public void hold(WrittenHolding held) {
            holding = null;
            written = held;
        }

        /** What is held and was not read yet; null: it was, or nothing is held. */
        public @Nullable WrittenHolding written() {
            return written;
        }

        public boolean holdsNothing() {
            return holding == null && written == null;
        }

        /** Where what is for the root goes. */
        Hash128 way() {
            Hash128 up = parent;
            Hash128 cut = shortCut;
            if (cut != null && (up == null || cut.compareTo(up) < 0)) {
                return cut;
            }
            return Objects.requireNonNull(up, "asked of nodes that are no root");
        }
    }

    /** A {@link Holding} in written form. */
    public interface WrittenHolding {
        Holding read();
    }

    /** A touchpoint this node places, and where it stands. */
    public static final class Hosted {
        public final Touchpoint touchpoint;
        /** Handed over for the login intervals of a shared device. */
        public final boolean keeper;
        /** Version of the node that handed it over; 0 at its home. */
        public final long version;
        /** False: taken back, remembered so that a stale message cannot bring it again. */
        public final boolean present;
        /** Grows with every attribution and every word to another node. */
        public long sequence;
        /** The sequence it was handed over with: of two words with the same version the later has the higher one. */
        public long received;
        /** Customer it is attributed to at {@link #attributedAt}; null: none. */
        public @Nullable String customer;

        public long attributedAt;
        /** Identifier whose node places it instead. */
        public @Nullable Identifier forwardedTo;

        public boolean forwardedToKeeper;
        /** Whether a weaker identifier's node ever placed it, and so may have announced it. */
        public boolean passedOn;
        /** At its home: where the record that stands for it was read; empty: nobody noted it. */
        public String source = "";

        public Hosted(Touchpoint touchpoint, boolean keeper, long version, boolean present, long sequence) {
            this.touchpoint = touchpoint;
            this.keeper = keeper;
            this.version = version;
            this.present = present;
            this.sequence = sequence;
            this.received = sequence;
        }
    }

    /** @param from the node that handed it over; the node itself at the touchpoint's home */
    public record HostKey(String touchpointId, Hash128 from) {}

    /**
     * @param via the device identifier the touchpoint bore
     * @param by the person's identifier whose node tells
     */
    public record SeenKey(String touchpointId, Identifier via, Identifier by) {}

    /** The newest word on a person who was on a shared device; see {@link StitchMessage.Seen}. */
    public record SeenEvent(
            long eventTime, long gapMs, boolean logout, boolean present, int generation, long version) {}

    /** Whose a person is, as of a version. */
    public record Belonging(String customer, long version) {}

    /** What a weaker identifier became; see {@link StitchMessage.Became}. */
    public record Flag(Assignment.Kind kind, @Nullable Identifier keeper, long version) {}

    /** This node's identifier; null while only messages between hashes have passed. */
    public @Nullable Identifier identifier;

    public Standing standing = Standing.INITIAL;

    /** Facts with this identifier at one end; the others' nodes or this one announced them. */
    public FactSet near = new FactSet();
    /** Facts this node announced on pairs of other identifiers. */
    public Map<Fact.Key, Fact.Support> announced = Map.of();
    /** Supports this node announced of such pairs before a better one took their place; hardly any pair has one. */
    public Map<Fact.Key, Set<Fact.Support>> announcedBefore = Map.of();
    /** Up to when this identifier and those that touchpoints placed here bore are erased, event time. */
    public Map<Identifier, Long> erased = Map.of();
    /** Standings of homes, other than the one everybody begins with. */
    public Map<Identifier, Standing> others = Map.of();
    /** What weaker identifiers this one was seen with became, other than joined. */
    public Map<Identifier, Flag> flags = Map.of();

    public Bond persons = new Bond();
    /** Of devices only. */
    public @Nullable Bond devices;

    /** Nodes that asked to become of one component while this identifier could not be used. */
    public Set<Hash128> askers = Set.of();
    /** Roots of device groups that want to know this person's standing. */
    public Set<Hash128> watchers = Set.of();

    /** At the root of device groups: facts brought to the persons' layer. */
    public Map<Fact.Key, Fact.Support> brought = Map.of();
    /** At the root of device groups: standings of devices brought to the persons' layer. */
    public Map<Identifier, Standing> broughtStandings = Map.of();
    /** At the root of device groups: notes on devices brought to the persons' layer. */
    public Map<Note.Key, Note> broughtNotes = Map.of();
    /** At the root of device groups: person identifiers it watches. */
    public Set<Identifier> watched = Set.of();

    /** What this identifier could last be used for, as its touchpoints were placed by. */
    public @Nullable Assignment settled;

    /** Whether homes were ever told that this identifier is shared or quarantined: they must hear when it is not. */
    public boolean toldOfItself;

    public Hosts hosted = new Hosts();
    /** At the keeper of a shared device. */
    public Map<SeenKey, SeenEvent> seen = Map.of();
    /** At the keeper of a shared device: whose the persons seen on it are. */
    public Map<Identifier, Belonging> belongings = Map.of();
    /** No touchpoint or sighting expires before this event time. */
    public long nextExpiry = Long.MAX_VALUE;
    /** The wake-up asked for and not yet due; kept here so that asking costs no second look-up. */
    public long wakeAt = Long.MAX_VALUE;
}
