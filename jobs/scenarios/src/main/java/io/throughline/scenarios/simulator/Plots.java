package io.throughline.scenarios.simulator;

import java.util.function.Consumer;

/** Which episode begins: weighted by who the person is, what time it is and whether something is on fire. */
final class Plots {
    private Plots() {}

    static void begin(Episode e) {
        e.sitDown();
        Company.Brand down = e.world.outages().strikes(e.at);
        if (down != null && e.dice.chance(0.5)) {
            e.brand = down;
            e.topic = down == Company.TELECOM ? "outage" : "online_access";
            e.plot = "outage";
            e.felt(Experience.OUTAGE);
            ContactPlots.anyContact(e);
        } else if (e.person.customerNumber == null) {
            prospect(e);
        } else {
            customer(e);
        }
        e.leave();
    }

    private static void prospect(Episode e) {
        switch (e.dice.weighted(50, 22, 8, 10, 5, 5)) {
            case 0 -> played(e, "browse", OnlinePlots::browse);
            case 1 -> played(e, "onboarding", OnlinePlots::onboard);
            case 2 -> played(e, "store_visit", PlacePlots::storeVisit);
            case 3 -> played(e, "question", ContactPlots::assistant);
            case 4 -> played(e, "social", ContactPlots::social);
            default -> played(e, "poster", PlacePlots::poster);
        }
    }

    private static void customer(Episode e) {
        switch (e.dice.weighted(26, 12, 11, 10, 11, 6, 6, 8, 4, 4, 4, 3)) {
            case 0 -> played(e, "browse", OnlinePlots::browse);
            case 1 -> played(e, "order", OnlinePlots::order);
            case 2 -> played(e, "store_visit", PlacePlots::storeVisit);
            case 3 -> played(e, "call", ContactPlots::call);
            case 4 -> played(e, "assistant", ContactPlots::assistant);
            case 5 -> played(e, "messaging", ContactPlots::messaging);
            case 6 -> played(e, "email", ContactPlots::email);
            case 7 -> played(e, "campaign", OutreachPlots::campaign);
            case 8 -> played(e, "social", ContactPlots::social);
            case 9 -> played(e, "relationship_survey", OutreachPlots::relationshipSurvey);
            case 10 -> played(e, "offline_feedback", PlacePlots::offlineFeedback);
            default -> played(e, "advice", PlacePlots::advice);
        }
    }

    private static void played(Episode e, String name, Consumer<Episode> plot) {
        e.plot = name;
        plot.accept(e);
    }
}
