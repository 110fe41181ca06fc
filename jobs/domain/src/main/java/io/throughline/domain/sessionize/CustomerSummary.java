package io.throughline.domain.sessionize;

import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;

/** What a customer document says. */
final class CustomerSummary {

    private CustomerSummary() {}

    /**
     * @param count touchpoints of the timeline that count already
     * @param tally of these
     */
    static Customer active(CustomerState state, int count, Tally tally, List<String> identifierOrder, long revision) {
        List<Held> counting = state.timeline.subList(0, count);
        Totals totals = state.totals;
        long first = totals.firstSeen;
        long last = totals.lastSeen;
        if (count > 0) {
            first = Math.min(first, counting.get(0).eventTime());
            last = Math.max(last, counting.get(count - 1).eventTime());
        }
        Touchpoint named = tally.namesSegment(counting);
        return new Customer(
                state.customerId,
                false,
                null,
                identifiers(state, tally, counting, identifierOrder),
                first,
                last,
                tally.channelsAnd(totals.channels),
                totals.touchpoints + count,
                totals.sessions + state.sessions.size(),
                tally.moneyAnd(totals.micros),
                // What was turned away may be later than what is held.
                named == null || named.eventTime() < totals.segmentAt ? totals.segment : named.segment(),
                Consent.latest(totals.consents, tally.speaksOfConsent() ? counting : List.of()),
                null,
                revision);
    }

    /** The same, with what its touchpoints say of its experience, as of the last of them. */
    static Customer withExperience(Customer customer, Tally tally, ExperienceConfig config) {
        Long lastSeen = customer.lastSeen();
        if (lastSeen == null) {
            return customer;
        }
        return customer.with(ExperienceScore.of(tally.experiences(), lastSeen, config));
    }

    static Customer absorbed(CustomerState state, long revision) {
        return new Customer(
                state.customerId,
                true,
                state.identity == null ? null : state.identity.absorbedInto(),
                List.of(),
                null,
                null,
                List.of(),
                0,
                0,
                List.of(),
                null,
                List.of(),
                null,
                revision);
    }

    /**
     * Those stated to be the customer's, since and until when the customer's touchpoints bore them. Only of one that none of them
     * bore stands what is stated, which is of whoever's touchpoints: one that nobody bore is not listed.
     */
    private static List<Known> identifiers(
            CustomerState state, Tally tally, List<Held> counting, List<String> identifierOrder) {
        CustomerIdentity identity = state.identity;
        if (identity == null || identity.known().isEmpty()) {
            return tally.identifiers(counting, state.totals.sightings, identifierOrder);
        }
        List<Known> all = new ArrayList<>(identity.known().size());
        for (Known known : identity.known()) {
            Sighting sighting = Sighting.both(
                    tally.sighting(counting, known.identifier()), state.totals.sightings.get(known.identifier()));
            if (sighting != null) {
                all.add(new Known(known.identifier(), sighting.first(), sighting.last(), known.note()));
            } else if (known.seen()) {
                all.add(known);
            }
        }
        return List.copyOf(all);
    }

    /** Of the first touchpoints of the timeline. */
    static Tally tallyOf(CustomerState state, int count, SessionizeConfig config) {
        if (count == state.timeline.size()) {
            return state.tally(config);
        }
        Tally tally = new Tally(config);
        state.timeline.subList(0, count).forEach(held -> tally.add(held.touchpoint()));
        return tally;
    }
}
