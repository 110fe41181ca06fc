package io.throughline.domain.stitch;

import io.throughline.domain.stitch.LoginIntervals.DeviceEvent;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.List;
import java.util.Map;

/**
 * What identifier nodes tell each other. Every message may be lost with the attempt that sent it, come again, and come
 * in any order relative to other senders; versions grow with content, never with time or attempts.
 */
public sealed interface StitchMessage {

    /** The node it is for: the hash of its identifier. */
    Hash128 to();

    /** The node of the weaker identifier comes to own facts, and learns that supports were withdrawn. */
    record Announce(Identifier right, List<Fact> facts, List<Fact.Withdrawn> withdrawn) implements StitchMessage {
        @Override
        public Hash128 to() {
            return CustomerIds.hash(right);
        }
    }

    /** The two nodes are of one component: {@code to} shall come to point at the smaller one. */
    record Union(Hash128 to, Hash128 smaller) implements StitchMessage {}

    /**
     * Everything a node knows of its component, for the component's root; whoever is not root passes it on.
     *
     * @param assigned what the members were last told
     * @param stated what readers were last told of each customer id, as a hash
     */
    record Deliver(
            Hash128 to,
            List<Fact> facts,
            List<Fact.Withdrawn> withdrawn,
            Map<Identifier, Assignment> assigned,
            Map<String, Hash128> stated)
            implements StitchMessage {}

    /** The root's decision on one member. */
    record Assigned(Identifier member, Hash128 root, long version, Assignment assignment) implements StitchMessage {
        @Override
        public Hash128 to() {
            return CustomerIds.hash(member);
        }
    }

    /**
     * A touchpoint that another node cannot place: its identifier is quarantined, or another identifier of the same
     * shared device keeps the login intervals.
     *
     * @param host the identifier whose node shall place it
     * @param from the node that asks
     * @param present false: no longer
     * @param version of the asking node's assignment; a lower one is stale
     * @param keeper whether it is handed over for the login intervals
     * @param sequence attributions of the host continue from here
     */
    record Host(
            Identifier host,
            Hash128 from,
            Touchpoint touchpoint,
            boolean present,
            long version,
            boolean keeper,
            long sequence)
            implements StitchMessage {
        @Override
        public Hash128 to() {
            return CustomerIds.hash(host);
        }
    }

    /**
     * Something happened on a device together with a person.
     *
     * @param via the device identifier the touchpoint bore
     * @param present false: no longer, because a better duplicate replaced it or another identifier keeps it
     * @param version of the passing node's assignment, 0 from the touchpoint's home; a lower one is stale
     * @param step grows with every word on this event at the same version
     */
    record Seen(Identifier device, Identifier via, DeviceEvent event, boolean present, long version, long step)
            implements StitchMessage {
        @Override
        public Hash128 to() {
            return CustomerIds.hash(device);
        }
    }
}
