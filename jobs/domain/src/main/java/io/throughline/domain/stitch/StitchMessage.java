package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What identifier nodes tell each other. One sender's messages to one node keep their order; those of different senders
 * come in any, and each may come again. Versions grow with content, never with time, so that what is stale never wins.
 */
public sealed interface StitchMessage {

    /** The node it is for: the hash of its identifier. */
    Hash128 to();

    /**
     * An identifier learns with whom it was seen.
     *
     * @param home the node that tells
     * @param standing what the home says of itself
     * @param place where the home is, so that what follows can go there at once
     * @param facts each with {@code identifier} at one end
     * @param withdrawn supports that no longer count
     */
    record Announce(
            Identifier identifier,
            Identifier home,
            Standing standing,
            Place place,
            List<Fact> facts,
            List<Fact.Withdrawn> withdrawn)
            implements StitchMessage {
        @Override
        public Hash128 to() {
            return identifier.hash();
        }
    }

    /**
     * Where a node was in its own layer when it spoke. It may be elsewhere by now: this saves messages, and nothing
     * relies on it.
     *
     * @param root the node it pointed at; itself where it pointed at none
     * @param alone whether it was of one component with nobody
     * @param customer whose it was; null: nobody else can be presumed to be the same customer
     */
    record Place(Hash128 root, boolean alone, @Nullable String customer) {}

    /** The two nodes are of one component: {@code to} shall come to point at the smaller one. */
    record Union(Layer layer, Hash128 to, Hash128 smaller) implements StitchMessage {}

    /** The node is asked to become of one component with another, if it can be used at all. */
    record Join(Layer layer, Identifier identifier, Hash128 other) implements StitchMessage {
        @Override
        public Hash128 to() {
            return identifier.hash();
        }
    }

    /**
     * Something for the root of a component to hold; whoever is not root passes it on.
     *
     * @param with the component shall become one with this node's; null: it need not
     */
    record Deliver(Layer layer, Hash128 to, Part part, @Nullable Hash128 with) implements StitchMessage {}

    /**
     * Part of a {@link Holding}, field by field.
     *
     * @param broughtBy of device groups: a node of the component of the persons' layer that was told of them; null: none was
     * @param presumed members that took themselves to be of a customer without having been told, and which
     */
    record Part(
            List<Fact> facts,
            List<Fact.Withdrawn> withdrawn,
            Map<Identifier, Standing> standings,
            List<Decision> decisions,
            Map<Note.Key, Note> notes,
            Map<Identifier, Assignment> assigned,
            Map<String, Hash128> stated,
            long statements,
            @Nullable Hash128 broughtBy,
            Map<Identifier, String> presumed) {

        static Part of(List<Fact> facts, List<Fact.Withdrawn> withdrawn, Map<Identifier, Standing> standings) {
            return new Part(facts, withdrawn, standings, List.of(), Map.of(), Map.of(), Map.of(), 0, null, Map.of());
        }

        Part presuming(Identifier member, String customer) {
            return new Part(
                    facts,
                    withdrawn,
                    standings,
                    decisions,
                    notes,
                    assigned,
                    stated,
                    statements,
                    broughtBy,
                    Map.of(member, customer));
        }

        static Part of(Map<Identifier, Standing> standings, List<Decision> decisions) {
            return new Part(
                    List.of(), List.of(), standings, decisions, Map.of(), Map.of(), Map.of(), 0, null, Map.of());
        }

        static Part of(Map<Note.Key, Note> notes) {
            return new Part(List.of(), List.of(), Map.of(), List.of(), notes, Map.of(), Map.of(), 0, null, Map.of());
        }
    }

    /**
     * The root's decision on one member.
     *
     * @param joins whether this is also the {@link Union} of the two
     */
    record Assigned(Layer layer, Identifier member, Hash128 root, long version, Assignment assignment, boolean joins)
            implements StitchMessage {
        @Override
        public Hash128 to() {
            return member.hash();
        }
    }

    /**
     * What became of a weaker identifier, for a home that was seen with it.
     *
     * @param kind SHARED or QUARANTINED; JOINED: neither any more
     * @param keeper of a shared device
     */
    record Became(Identifier home, Identifier of, Assignment.Kind kind, @Nullable Identifier keeper, long version)
            implements StitchMessage {
        @Override
        public Hash128 to() {
            return home.hash();
        }
    }

    /** The root of a device group wants to know what a person identifier can be used for, now and whenever it changes. */
    record Watch(Identifier person, Hash128 from) implements StitchMessage {
        @Override
        public Hash128 to() {
            return person.hash();
        }
    }

    /** The answer to {@link Watch}. */
    record Stands(Hash128 to, Identifier of, Standing standing) implements StitchMessage {}

    /**
     * A touchpoint that another node cannot place: its identifier is quarantined, or another identifier of the same
     * shared device keeps the login intervals.
     *
     * @param host the identifier whose node shall place it
     * @param from the node that asks
     * @param present false: no longer
     * @param gone not present because the touchpoint no longer counts: a better duplicate replaced it
     * @param version of what the asking node is; a lower one is stale
     * @param keeper whether it is handed over for the login intervals
     * @param sequence attributions of the host continue from here
     */
    record Host(
            Identifier host,
            Hash128 from,
            Touchpoint touchpoint,
            boolean present,
            boolean gone,
            long version,
            boolean keeper,
            long sequence)
            implements StitchMessage {
        @Override
        public Hash128 to() {
            return host.hash();
        }
    }

    /**
     * A person was on a shared device.
     *
     * @param keeper the identifier that keeps the device's login intervals
     * @param via the device identifier the touchpoint bore
     * @param by the person's identifier whose node tells
     * @param customer the person's customer, as of {@code customerVersion}
     * @param present false: no longer, or another identifier keeps the intervals
     * @param generation of the touchpoint: a word on a better duplicate is later than all on what it replaced
     * @param version grows with every word on this generation of the touchpoint
     */
    record Seen(
            Identifier keeper,
            Identifier via,
            Identifier by,
            String touchpointId,
            long eventTime,
            long gapMs,
            boolean logout,
            boolean present,
            int generation,
            long version,
            String customer,
            long customerVersion)
            implements StitchMessage {
        @Override
        public Hash128 to() {
            return keeper.hash();
        }
    }

    /** Somebody seen on a shared device now belongs to this customer. */
    record Belongs(Identifier keeper, Identifier person, String customer, long version) implements StitchMessage {
        @Override
        public Hash128 to() {
            return keeper.hash();
        }
    }

    /** A person decided on two identifiers, of which this is one. */
    record Decided(Identifier identifier, Decision decision) implements StitchMessage {
        @Override
        public Hash128 to() {
            return identifier.hash();
        }
    }

    /**
     * An identifier is erased: its own node is told by whoever asks for it and tells all that it was seen with, now and
     * whenever it is seen with another.
     *
     * @param identifier whose node is told
     * @param of what is erased; {@code identifier} itself where somebody asks for it
     * @param until no touchpoint that bears it counts up to this event time, epoch milliseconds
     */
    record Erased(Identifier identifier, Identifier of, long until) implements StitchMessage {
        @Override
        public Hash128 to() {
            return identifier.hash();
        }
    }

    /** What a node has to tell another at once, in the order in which it says it: one message that is one turn there. */
    record Several(List<StitchMessage> all) implements StitchMessage {
        @Override
        public Hash128 to() {
            return all.get(0).to();
        }
    }
}
