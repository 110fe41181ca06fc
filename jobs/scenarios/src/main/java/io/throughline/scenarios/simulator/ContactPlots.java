package io.throughline.scenarios.simulator;

import io.throughline.schemas.SurveyAbout;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The customer contacts the company: by voice, bot, chat, messenger, e-mail or in public. */
final class ContactPlots {
    private ContactPlots() {}

    /** Whatever is at hand. */
    static void anyContact(Episode e) {
        switch (e.dice.weighted(0.38, 0.26, 0.13, 0.13, 0.10)) {
            case 0 -> call(e);
            case 1 -> assistant(e);
            case 2 -> messaging(e);
            case 3 -> email(e);
            default -> social(e);
        }
    }

    static void call(Episode e) {
        Household home = e.person.household;
        String phone = home.landline() != null && e.dice.chance(0.2) ? home.landline() : e.person.mobileAsTyped(e.dice);
        e.pass(15);
        e.tell(e.draft("ivr", "menu_choice")
                .by("phone", phone)
                .at("voice_menu", "support")
                .noting("choice", e.topic));
        boolean authenticated = e.dice.chance(0.45);
        if (authenticated) {
            e.pass(20);
            e.tell(e.draft("ivr", "authentication")
                    .by("phone", phone)
                    .by(
                            e.dice.chance(0.6) ? "customer_number" : "account_id",
                            e.dice.chance(0.6) ? e.person.customerNumber : e.person.accountId)
                    .at("voice_menu", "support"));
        }
        e.pass(5);
        e.tell(e.draft("call", "call_queued").by("phone", phone).at("hotline", "support"));
        boolean outage = e.world.outages().strikes(e.at) != null;
        double crowd = Math.max(0.5, Rhythm.at(e.at)) * (outage ? 4 : 1);
        long wait = Math.min(2 * Rhythm.HOUR, (long) e.dice.around(75_000 * crowd, 0.9));
        long patience = (long) e.dice.around(480_000, 0.6);
        e.felt(Experience.WAITED, Math.min(3, Math.min(wait, patience) / 300_000.0));
        if (wait > patience) {
            e.passMillis(patience);
            e.felt(Experience.GAVE_UP);
            e.tell(e.draft("call", "call_ended")
                    .by("phone", phone)
                    .at("hotline", "support")
                    .waited(patience)
                    .ended("abandoned"));
            if (e.dice.chance(0.6)) {
                e.later(e.dice.between(5 * Rhythm.MINUTE, 30 * Rhythm.HOUR), () -> anyContact(e));
            }
            return;
        }
        e.passMillis(wait);
        int agent = e.dice.between(1, 180);
        e.meets(agent);
        String number = authenticated || e.dice.chance(0.7) ? e.person.customerNumber : null;
        e.tell(voice(e, "call_answered", phone, number)
                .from("agent")
                .waited(wait)
                .noting("agent", "agent-" + agent));
        long talk = (long) e.dice.around(240_000, 0.6);
        int transfers = e.dice.weighted(0.8, 0.16, 0.04);
        for (int i = 0; i < transfers; i++) {
            e.passMillis(talk / 3);
            long again = (long) e.dice.around(60_000, 0.8);
            e.felt(Experience.TRANSFERRED);
            e.tell(voice(e, "transfer", phone, number)
                    .from("agent")
                    .noting("from", i == 0 ? "first_line" : Company.DEPARTMENTS.get(i))
                    .noting("to", Company.DEPARTMENTS.get(i + 1)));
            e.passMillis(again);
            int next = e.dice.between(1, 180);
            e.meets(next);
            e.tell(voice(e, "transfer_completed", phone, number)
                    .from("agent")
                    .waited(again)
                    .noting("agent", "agent-" + next));
            if (e.dice.chance(0.4)) {
                e.felt(Experience.REPEATED_ONESELF);
                e.pass(20);
                e.tell(voice(e, "authentication", phone, number).noting("asked_again", "true"));
            }
        }
        e.passMillis(talk);
        boolean solved = e.dice.chance(outage ? 0.35 : 0.72);
        String ended = e.tell(voice(e, "call_ended", phone, number)
                .from("agent")
                .handled(talk)
                .ended(solved ? "resolved" : "unresolved")
                .sounding(e.mood()));
        SurveyAbout about = e.about(ended, "call", "hotline");
        settle(e, solved, "call", phone);
        e.ask(
                e.dice.chance(0.6) ? "csat" : "ces",
                e.dice.between(2 * Rhythm.MINUTE, 90 * Rhythm.MINUTE),
                e.dice.chance(0.75) ? "sms" : "ivr",
                about,
                "call_survey",
                "support");
        maybeComplain(e);
    }

    private static Draft voice(Episode e, String kind, String phone, @Nullable String number) {
        return e.draft("call", kind)
                .by("phone", phone)
                .by("customer_number", number)
                .at("hotline", "support");
    }

    /** The bot first; a person when it gives up. */
    static void assistant(Episode e) {
        if (e.sitting != null && !e.loggedIn) {
            OnlinePlots.chooseDevice(e);
        }
        e.pass(20);
        e.tell(e.screen("page_view").at("help", "support"));
        int rounds = e.dice.between(1, 3);
        for (int i = 0; i < rounds; i++) {
            e.pass(25);
            e.tell(e.onScreen("bot", "message")
                    .at("assistant", "support")
                    .sounding(e.mood())
                    .trying("bot_greeting", e.person.variantOf("bot_greeting")));
            e.pass(2);
            e.tell(e.onScreen("bot", "message").outbound("bot").at("assistant", "support"));
        }
        if (e.dice.chance(0.42)) {
            e.felt(Experience.RESOLVED);
            String ended = e.tell(e.onScreen("bot", "conversation_ended")
                    .from("bot")
                    .at("assistant", "support")
                    .ended("resolved"));
            if (e.dice.chance(0.15)) {
                e.pass(8);
                e.answer("csat", "bot", e.about(ended, "bot", "assistant"), "assistant_survey", "support");
            }
            return;
        }
        e.felt(Experience.BOT_FAILED);
        e.pass(6);
        e.tell(e.onScreen("bot", "transfer")
                .from("bot")
                .at("assistant", "support")
                .ended("handed_over")
                .noting("from", "bot")
                .noting("to", "first_line"));
        chat(e);
    }

    private static void chat(Episode e) {
        e.pass(3);
        e.tell(e.onScreen("chat", "chat_queued").at("live_chat", "support"));
        long wait = (long) e.dice.around(50_000 * Math.max(0.5, Rhythm.at(e.at)), 0.9);
        e.felt(Experience.WAITED, Math.min(2, wait / 240_000.0));
        e.passMillis(wait);
        int agent = e.dice.between(1, 180);
        e.meets(agent);
        String given = e.dice.chance(0.4) ? e.person.emailAsTyped(e.dice) : null;
        e.tell(e.onScreen("chat", "chat_answered")
                .outbound("agent")
                .at("live_chat", "support")
                .waited(wait)
                .noting("agent", "agent-" + agent));
        int rounds = e.dice.between(1, 4);
        long began = e.at;
        for (int i = 0; i < rounds; i++) {
            e.pass(40);
            e.tell(e.onScreen("chat", "message")
                    .by("email", given)
                    .at("live_chat", "support")
                    .sounding(e.mood()));
            e.pass(45);
            e.tell(e.onScreen("chat", "message").outbound("agent").at("live_chat", "support"));
        }
        if (e.dice.chance(0.15)) {
            e.felt(Experience.TRANSFERRED);
            e.tell(e.onScreen("chat", "transfer")
                    .from("agent")
                    .at("live_chat", "support")
                    .noting("from", "first_line")
                    .noting("to", e.dice.pick(Company.DEPARTMENTS.subList(1, 5))));
            e.pass(90);
            e.tell(e.onScreen("chat", "message").outbound("agent").at("live_chat", "support"));
        }
        boolean solved = e.dice.chance(0.7);
        e.pass(20);
        String ended = e.tell(e.onScreen("chat", "chat_ended")
                .from("agent")
                .at("live_chat", "support")
                .handled(e.at - began)
                .ended(solved ? "resolved" : "unresolved"));
        SurveyAbout about = e.about(ended, "chat", "live_chat");
        if (e.dice.chance(0.2)) {
            e.pass(10);
            e.answer(e.dice.chance(0.5) ? "csat" : "ces", "chat", about, "chat_survey", "support");
        }
        settle(e, solved, "chat", e.person.mobile);
        maybeComplain(e);
    }

    /** WhatsApp, Viber or plain SMS: hours between the lines. */
    static void messaging(Episode e) {
        String channel = List.of("whatsapp", "viber", "sms").get(e.dice.weighted(0.5, 0.25, 0.25));
        e.tell(message(e, channel).sounding(e.mood()));
        long wait = (long) e.dice.around(25 * Rhythm.MINUTE, 1.1);
        e.felt(Experience.WAITED, Math.min(2, wait / (2.0 * Rhythm.HOUR)));
        e.passMillis(wait);
        e.meets(e.dice.between(1, 180));
        e.tell(message(e, channel).outbound("agent").waited(wait));
        if (e.dice.chance(0.6)) {
            e.pass(200);
            e.tell(message(e, channel).sounding(e.mood()));
            e.pass(400);
            e.tell(message(e, channel).outbound("agent"));
        }
        boolean solved = e.dice.chance(0.74);
        String ended = e.tell(e.draft(channel, "conversation_ended")
                .from("agent")
                .by("messaging_id", messagingId(e, channel))
                .by("phone", e.person.mobile)
                .at("messenger", "support")
                .ended(solved ? "resolved" : "unresolved"));
        settle(e, solved, channel, e.person.mobile);
        e.ask(
                "csat",
                e.dice.between(5 * Rhythm.MINUTE, 5 * Rhythm.HOUR),
                "sms",
                e.about(ended, channel, "messenger"),
                "messenger_survey",
                "support");
    }

    private static Draft message(Episode e, String channel) {
        return e.draft(channel, "message")
                .by("messaging_id", messagingId(e, channel))
                .by("phone", e.person.mobile)
                .at("messenger", "support");
    }

    private static @Nullable String messagingId(Episode e, String channel) {
        return "sms".equals(channel) ? null : channel + ":" + e.person.mobile.substring(1);
    }

    static void email(Episode e) {
        openCase(e, "email", e.person.emailAsTyped(e.dice));
        e.tell(mail(e).sounding(e.mood()));
        awaitReply(e, 0);
    }

    private static void awaitReply(Episode e, int reminders) {
        long asked = e.at;
        boolean forgotten = reminders < 2 && e.dice.chance(0.18);
        if (forgotten) {
            e.later(e.dice.between(2 * Rhythm.DAY, 4 * Rhythm.DAY), () -> {
                e.felt(Experience.MET_SILENCE);
                if (e.dice.chance(0.5)) {
                    e.tell(mail(e).noting("reminder", "true").sounding(e.mood()));
                    awaitReply(e, reminders + 1);
                } else {
                    anyContact(e);
                }
            });
            return;
        }
        e.meanwhile((long) e.dice.around(9 * Rhythm.HOUR, 0.8), () -> {
            e.meets(e.dice.between(1, 180));
            e.felt(Experience.WAITED, Math.min(2, (e.at - asked) / (20.0 * Rhythm.HOUR)));
            boolean solved = e.dice.chance(0.68);
            String reply =
                    e.tell(mail(e).outbound("agent").waited(e.at - asked).ended(solved ? "resolved" : "unresolved"));
            settle(e, solved, "email", e.person.mobile);
            e.ask(
                    "ces",
                    e.dice.between(Rhythm.HOUR, 30 * Rhythm.HOUR),
                    "email",
                    e.about(reply, "email", "mailbox"),
                    "email_survey",
                    "support");
        });
    }

    private static Draft mail(Episode e) {
        return e.draft("email", "message")
                .by("email", e.person.emailAsTyped(e.dice))
                .at("mailbox", "support");
    }

    /** In public first, in private when the company asks. */
    static void social(Episode e) {
        boolean angry = e.dissatisfaction() > 0.45 || e.dice.chance(0.25);
        e.tell(e.draft("social", angry ? "complaint" : "message")
                .by("social_id", e.person.handle)
                .at("public_post", "support")
                .sounding(e.mood())
                .noting("network", e.dice.pick(List.of("x", "facebook", "instagram"))));
        if (e.dice.chance(0.25)) {
            e.felt(Experience.MET_SILENCE, 0.6);
            return;
        }
        long wait = (long) e.dice.around(50 * Rhythm.MINUTE, 0.9);
        e.passMillis(wait);
        e.tell(e.draft("social", "message")
                .outbound("agent")
                .by("social_id", e.person.handle)
                .at("public_post", "support")
                .waited(wait));
        if (e.dice.chance(0.6)) {
            e.pass(600);
            e.tell(e.draft("social", "message")
                    .by("social_id", e.person.handle)
                    .by("email", e.dice.chance(0.6) ? e.person.emailAsTyped(e.dice) : null)
                    .by("customer_number", e.dice.chance(0.3) ? e.person.customerNumber : null)
                    .at("private_message", "support")
                    .sounding(e.mood()));
            settle(e, e.dice.chance(0.6), "social", e.person.mobile);
        }
    }

    /** How the contact leaves things: solved, or open with a promise that may be kept. */
    private static void settle(Episode e, boolean solved, String channel, String phone) {
        if (solved) {
            e.felt(Experience.RESOLVED);
            if (e.caseId != null) {
                String sitting = e.sitting;
                e.sitting = null;
                e.pass(60);
                e.tell(e.draft(channel, "case_resolved")
                        .outbound("agent")
                        .by("phone", phone)
                        .by("customer_number", e.person.customerNumber)
                        .at("case", "support")
                        .ended("resolved"));
                e.sitting = sitting;
            }
            return;
        }
        e.felt(Experience.UNRESOLVED);
        if (e.caseId == null && e.dice.chance(0.6)) {
            openCase(e, channel, null);
        }
        if (e.dice.chance(0.5)) {
            promiseCallback(e, channel, phone);
        } else if (e.dice.chance(0.6)) {
            e.later(e.dice.between(3 * Rhythm.HOUR, 6 * Rhythm.DAY), () -> {
                e.felt(Experience.REPEATED_ONESELF, 0.6);
                anyContact(e);
            });
        }
    }

    private static void openCase(Episode e, String channel, @Nullable String email) {
        if (e.caseId != null) {
            return;
        }
        e.caseId = "CASE-" + Device.hex(e.dice.next()).substring(0, 10).toUpperCase(Locale.ROOT);
        e.pass(10);
        e.tell(e.draft(channel, "case_opened")
                .from("system")
                .by("email", email)
                .by("customer_number", e.person.customerNumber)
                .by("phone", e.person.mobile)
                .at("case", "support"));
    }

    private static void promiseCallback(Episode e, String channel, String phone) {
        long due = Rhythm.nextOpen(e.at + e.dice.between(4 * Rhythm.HOUR, 2 * Rhythm.DAY));
        e.pass(5);
        e.tell(e.draft(channel, "promise_made")
                .outbound("agent")
                .by("phone", phone)
                .by("customer_number", e.person.customerNumber)
                .at("callback", "support")
                .noting("promise", "callback")
                .noting("due", Instant.ofEpochMilli(due).toString()));
        if (e.dice.chance(0.68)) {
            e.meanwhile(due - e.at - e.dice.between(Rhythm.MINUTE, 3 * Rhythm.HOUR), () -> {
                long talk = (long) e.dice.around(200_000, 0.5);
                e.felt(Experience.PROMISE_KEPT);
                e.tell(e.draft("call", "promise_kept")
                        .outbound("agent")
                        .by("phone", phone)
                        .by("customer_number", e.person.customerNumber)
                        .at("callback", "support")
                        .noting("promise", "callback")
                        .handled(talk));
                e.passMillis(talk);
                settle(e, e.dice.chance(0.85), "call", phone);
            });
            return;
        }
        e.meanwhile(due - e.at + e.dice.between(Rhythm.MINUTE, Rhythm.HOUR), () -> {
            e.felt(Experience.PROMISE_BROKEN);
            if (e.dice.chance(0.5)) {
                e.tell(e.draft("call", "promise_broken")
                        .outbound("system")
                        .by("phone", phone)
                        .by("customer_number", e.person.customerNumber)
                        .at("callback", "support")
                        .noting("promise", "callback"));
            }
            if (e.dice.chance(0.65)) {
                e.later(e.dice.between(Rhythm.HOUR, 2 * Rhythm.DAY), () -> anyContact(e));
            } else {
                maybeComplain(e);
            }
        });
    }

    private static void maybeComplain(Episode e) {
        double d = e.dissatisfaction();
        if (e.dice.chance(Math.min(0.6, 0.35 * d * d * e.person.openness()))) {
            e.later(e.dice.between(10 * Rhythm.MINUTE, Rhythm.DAY), () -> {
                if (e.dice.chance(0.5)) {
                    social(e);
                } else {
                    e.tell(e.draft("email", "complaint")
                            .by("email", e.person.emailAsTyped(e.dice))
                            .at("complaint_form", "support")
                            .sounding(e.mood()));
                }
            });
        }
    }
}
