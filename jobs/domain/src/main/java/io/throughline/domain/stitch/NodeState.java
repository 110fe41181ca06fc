package io.throughline.domain.stitch;

import io.throughline.domain.stitch.LoginIntervals.DeviceEvent;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one identifier's node remembers. Most nodes hold a few touchpoints and one assignment; only the smallest
 * identifier of a component, its root, holds the component's facts.
 */
public final class NodeState {

    /** A touchpoint this node places, and where it stands. */
    public static final class Hosted {
        public final Touchpoint touchpoint;
        /** Handed over for the login intervals of a shared device. */
        public final boolean keeper;
        /** Version of the assignment of the node that handed it over; 0 at its home. */
        public final long version;
        /** False: taken back, remembered so that a stale message cannot bring it again. */
        public final boolean present;
        /** Grows with every attribution and every word to another node. */
        public long sequence;
        /** Customer it is attributed to at {@link #attributedAt}; null: none. */
        public @Nullable String customer;

        public long attributedAt;
        /** Identifier whose node places it instead. */
        public @Nullable Identifier forwardedTo;

        public boolean forwardedToKeeper;

        public Hosted(Touchpoint touchpoint, boolean keeper, long version, boolean present, long sequence) {
            this.touchpoint = touchpoint;
            this.keeper = keeper;
            this.version = version;
            this.present = present;
            this.sequence = sequence;
        }
    }

    /** @param from the node that handed it over; the node itself at the touchpoint's home */
    public record HostKey(String touchpointId, Hash128 from) {}

    /** @param via the device identifier the touchpoint bore */
    public record SeenKey(String touchpointId, Identifier via) {}

    /** The newest word on something that happened on a device; see {@link StitchMessage.Seen}. */
    public record SeenEvent(DeviceEvent event, boolean present, long version, long step) {}

    /** This node's identifier; null while only messages between hashes have passed. */
    public @Nullable Identifier identifier;
    /** A smaller node of the same component; null: this is the root. */
    public @Nullable Hash128 parent;
    /** Facts whose weaker identifier this is. */
    public FactSet owned = new FactSet();
    /** Keys of the owned facts the root knows; a super-node tells it no more than it takes to see that. */
    public final Set<Fact.Key> forwarded = new HashSet<>();
    /** Facts this node announced as the home of touchpoints. */
    public final Map<Fact.Key, Fact.Support> announced = new HashMap<>();

    /** At the root: all facts of the component. */
    public FactSet component = new FactSet();
    /** At the root: what members were last told. */
    public Map<Identifier, Assignment> assigned = new HashMap<>();
    /** At the root: hash of what was last stated of each customer id. */
    public Map<String, Hash128> stated = new HashMap<>();
    /** At the root: the attempt in which members were last told; a later one tells them again. */
    public long attempt;

    /** What the root decided on this identifier; null: it was never seen with another. */
    public @Nullable Assignment assignment;

    public long assignmentVersion;

    public final Map<HostKey, Hosted> hosted = new HashMap<>();
    public final Map<SeenKey, SeenEvent> seen = new HashMap<>();
    /** No touchpoint or sighting expires before this event time. */
    public long nextExpiry = Long.MAX_VALUE;
    /** The wake-up asked for and not yet due; kept here so that asking costs no second look-up. */
    public long wakeAt = Long.MAX_VALUE;
}
