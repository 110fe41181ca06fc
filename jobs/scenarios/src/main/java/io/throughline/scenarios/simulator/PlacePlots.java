package io.throughline.scenarios.simulator;

import io.throughline.schemas.SurveyAbout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where people stand: shops, branches, kiosks, posters, meetings, forms on paper. */
final class PlacePlots {
    private PlacePlots() {}

    static void storeVisit(Episode e) {
        if (!Rhythm.open(e.at)) {
            OnlinePlots.browse(e);
            return;
        }
        e.brand = e.brand == Company.BANK ? Company.RETAIL : e.brand;
        String place = place(e);
        Company.Product product = e.dice.pick(e.brand.products());
        e.product = product.name();
        if (e.dice.chance(0.3)) {
            e.takes(e.person.phone, true);
            e.loggedIn = e.person.customerNumber != null && e.dice.chance(0.8);
            e.tell(e.screen("page_view").at("store_coupon", "engagement").in(place));
        }
        if (e.dice.chance(0.3)) {
            e.pass(240);
            e.tell(kiosk(e, place, "search")
                    .by("loyalty_id", e.dice.chance(0.4) ? e.person.loyaltyId : null)
                    .at("price_check", "engagement")
                    .noting("query", product.name()));
        }
        e.pass(600);
        if (e.dice.chance(0.12)) {
            e.felt(Experience.OUT_OF_STOCK);
            e.tell(e.draft("store", "out_of_stock")
                    .from("agent")
                    .by("loyalty_id", loyalty(e))
                    .by("card_token", e.person.card)
                    .at("shop_floor", "engagement")
                    .in(place));
            return;
        }
        long wait = (long) e.dice.around(150_000, 0.8);
        e.felt(Experience.WAITED, Math.min(2, wait / 600_000.0));
        e.passMillis(wait);
        String purchase = e.tell(e.draft("store", "purchase")
                .from("agent")
                .by("loyalty_id", loyalty(e))
                .by("card_token", e.person.card)
                .at("till", "engagement")
                .in(place)
                .waited(wait)
                .ended("paid")
                .worth(Math.max(9, product.price() * e.dice.between(3, 14) / 10.0)));
        e.felt(Experience.PLEASANT);
        feedback(e, place, e.about(purchase, "store", "till"));
        if (e.dice.chance(0.08)) {
            e.later(e.dice.between(Rhythm.DAY, 9 * Rhythm.DAY), () -> giveBack(e, place, product));
        }
    }

    private static void giveBack(Episode e, String place, Company.Product product) {
        if (!Rhythm.open(e.at)) {
            e.later(Rhythm.nextOpen(e.at) - e.at, () -> giveBack(e, place, product));
            return;
        }
        e.topic = "refund";
        e.felt(Experience.UNRESOLVED, 0.4);
        e.tell(e.draft("store", "return")
                .from("agent")
                .by("card_token", e.person.card)
                .by("loyalty_id", loyalty(e))
                .at("service_desk", "support")
                .in(place)
                .worth(-product.price())
                .ended("refunded"));
    }

    private static void feedback(Episode e, String place, SurveyAbout about) {
        if (e.dice.chance(0.10)) {
            e.pass(60);
            e.tell(kiosk(e, place, "survey_response")
                    .captured("kiosk")
                    .at("exit_terminal", "engagement")
                    .answering(e.response("csat", about)));
        } else if (e.dice.chance(0.10)) {
            e.pass(200);
            e.answer("nps", "qr", about, "receipt_code", "engagement");
        }
    }

    /** An advert with a code on it: the first trace of somebody unknown. */
    static void poster(Episode e) {
        e.tell(e.draft("qr", "page_view")
                .on(e.person.phone)
                .by("cookie", e.person.phone.cookieAt(e.at))
                .captured("qr")
                .at("poster", "awareness")
                .in(place(e))
                .noting("campaign", e.dice.pick(Company.CAMPAIGNS)));
        e.takes(e.person.phone, false);
        OnlinePlots.look(e, e.dice.between(1, 3));
    }

    static void offlineFeedback(Episode e) {
        String place = place(e);
        String metric = e.dice.chance(0.5) ? "nps" : "csat";
        switch (e.dice.between(0, 2)) {
            case 0 -> e.answer(metric, "paper", e.about(null, "store", "till"), "feedback_card", "engagement");
            case 1 -> e.answer(metric, "qr", e.about(null, "store", "till"), "receipt_code", "engagement");
            default ->
                e.tell(kiosk(e, place, "survey_response")
                        .captured("kiosk")
                        .at("exit_terminal", "engagement")
                        .answering(e.response(metric, null)));
        }
    }

    /** Booked online, held in the branch or by video, followed up by mail. */
    static void advice(Episode e) {
        e.brand = e.dice.chance(0.8) ? Company.BANK : Company.TELECOM;
        e.product = e.brand == Company.BANK ? "home_loan" : "fiber_500";
        e.topic = e.brand == Company.BANK ? "home_loan" : "contract_change";
        OnlinePlots.chooseDevice(e);
        OnlinePlots.look(e, e.dice.between(1, 3));
        e.logIn();
        e.pass(60);
        e.tell(e.onScreen("chat", "message").at("live_chat", "acquisition").by("email", e.person.email));
        e.pass(60);
        e.tell(e.onScreen("chat", "appointment_booked").outbound("agent").at("appointment", "acquisition"));
        String place = place(e);
        long when = Rhythm.nextOpen(e.at + e.dice.between(Rhythm.DAY, 6 * Rhythm.DAY));
        boolean remote = e.dice.chance(0.35);
        OnlinePlots.promise(e, "appointment", when);
        e.meanwhile(
                when - e.at - 3 * Rhythm.HOUR,
                () -> e.tell(e.draft("sms", "message")
                        .outbound("system")
                        .by("phone", e.person.mobile)
                        .at("appointment_reminder", "acquisition")));
        e.later(when - e.at, () -> meet(e, remote, place));
    }

    private static void meet(Episode e, boolean remote, String place) {
        if (e.dice.chance(0.08)) {
            e.felt(Experience.PROMISE_BROKEN, 0.7);
            e.tell(e.draft(remote ? "video" : "meeting", "appointment_missed")
                    .from("agent")
                    .by("customer_number", e.person.customerNumber)
                    .by("email", e.person.email)
                    .at("appointment", "acquisition")
                    .ended("cancelled_by_us"));
            return;
        }
        e.meets(e.dice.between(200, 260));
        if (!remote) {
            e.tell(new Draft("meeting", "check_in")
                    .of(e.brand, e.product, e.person.segment)
                    .about(e.topic)
                    .by("device_id", "tablet-" + place)
                    .by("customer_number", e.person.customerNumber)
                    .at("branch_tablet", "acquisition")
                    .in(place));
        }
        long talk = (long) e.dice.around(35 * Rhythm.MINUTE, 0.4);
        e.tell(advised(e, remote, "meeting_started", place).from("agent"));
        e.passMillis(talk);
        String ended = e.tell(advised(e, remote, "meeting_ended", place)
                .from("agent")
                .handled(talk)
                .ended(e.dice.chance(0.4) ? "contract" : "considering"));
        e.felt(Experience.PROMISE_KEPT);
        e.meanwhile(
                e.dice.between(Rhythm.HOUR, Rhythm.DAY),
                () -> e.tell(e.draft("email", "message")
                        .outbound("agent")
                        .by("email", e.person.email)
                        .by("customer_number", e.person.customerNumber)
                        .at("advice_summary", "acquisition")));
        e.ask(
                "csat",
                e.dice.between(2 * Rhythm.HOUR, 2 * Rhythm.DAY),
                e.dice.chance(0.5) ? "ivr" : "email",
                e.about(ended, remote ? "video" : "meeting", "advice"),
                "advice_survey",
                "acquisition");
    }

    private static Draft advised(Episode e, boolean remote, String kind, String place) {
        return e.draft(remote ? "video" : "meeting", kind)
                .by("customer_number", e.person.customerNumber)
                .by("email", e.person.email)
                .at("advice", "acquisition")
                .in(remote ? null : place);
    }

    private static Draft kiosk(Episode e, String place, String kind) {
        return e.draft("kiosk", kind).by("device_id", "kiosk-" + place).in(place);
    }

    private static @Nullable String loyalty(Episode e) {
        return e.dice.chance(0.8) ? e.person.loyaltyId : null;
    }

    private static String place(Episode e) {
        List<String> places = e.brand.places();
        return places.get(e.dice.chance(0.8) ? e.person.habit % places.size() : e.dice.between(0, places.size() - 1));
    }
}
