package io.throughline.scenarios.simulator;

import java.util.List;

/** The company speaks first. */
final class OutreachPlots {
    private OutreachPlots() {}

    static void campaign(Episode e) {
        String campaign = e.dice.pick(Company.CAMPAIGNS);
        String channel = List.of("email", "push", "sms", "viber").get(e.dice.weighted(0.55, 0.25, 0.12, 0.08));
        String sitting = e.sitting;
        e.sitting = null;
        e.tell(addressed(e, channel, "offer")
                .outbound("system")
                .at("campaign", "engagement")
                .noting("campaign", campaign));
        e.sitting = sitting;
        if (!e.dice.chance(0.35)) {
            return;
        }
        e.passMillis(e.dice.between(Rhythm.MINUTE, 8 * Rhythm.HOUR));
        e.tell(addressed(e, channel, "message_opened")
                .at("campaign", "engagement")
                .noting("campaign", campaign));
        if (e.dice.chance(0.04)) {
            e.pass(20);
            e.tell(addressed(e, channel, "consent_withdrawn")
                    .at("campaign", "engagement")
                    .noting("purpose", "marketing"));
            return;
        }
        if (!e.dice.chance(0.3)) {
            return;
        }
        e.pass(15);
        e.takes(e.dice.chance(0.7) ? e.person.phone : e.person.laptop, false);
        e.tell(e.screen("page_view")
                .by("email", "email".equals(channel) ? e.person.email : null)
                .at("offers", "engagement")
                .noting("campaign", campaign));
        OnlinePlots.look(e, e.dice.between(0, 3));
        if (e.dice.chance(0.25)) {
            e.logIn();
            e.pass(80);
            Company.Product product = e.dice.pick(e.brand.products());
            e.product = product.name();
            e.tell(e.screen("purchase")
                    .at("checkout", "acquisition")
                    .by("card_token", e.person.card)
                    .ended("paid")
                    .worth(Math.max(5, product.price() * 0.8))
                    .noting("campaign", campaign));
            e.felt(Experience.PLEASANT);
        }
    }

    static void relationshipSurvey(Episode e) {
        String channel = e.dice.chance(0.6) ? "email" : e.dice.chance(0.5) ? "sms" : "app";
        String sitting = e.sitting;
        e.sitting = null;
        e.tell(addressed(e, "app".equals(channel) ? "push" : channel, "survey_invitation")
                .outbound("system")
                .at("relationship_survey", "engagement"));
        e.sitting = sitting;
        e.ask(
                "nps",
                e.dice.between(Rhythm.MINUTE, 30 * Rhythm.HOUR),
                channel,
                e.about(null, channel, "relationship"),
                "relationship_survey",
                "engagement");
    }

    private static Draft addressed(Episode e, String channel, String kind) {
        Draft draft = e.draft(channel, kind).about(null);
        return switch (channel) {
            case "email" -> draft.by("email", e.person.email);
            case "push" -> draft.by("device_id", e.person.phone.deviceId());
            case "viber" ->
                draft.by("messaging_id", "viber:" + e.person.mobile.substring(1))
                        .by("phone", e.person.mobile);
            default -> draft.by("phone", e.person.mobile);
        };
    }
}
