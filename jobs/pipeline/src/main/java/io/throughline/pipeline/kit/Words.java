package io.throughline.pipeline.kit;

import org.jspecify.annotations.Nullable;

/**
 * Words that stand in almost every state, written as their number. Their order is part of the layout: new ones only at
 * the end.
 */
final class Words {
    private static final String[] ALL = {
        "customer_number",
        "account_id",
        "loyalty_id",
        "email",
        "phone",
        "social_id",
        "messaging_id",
        "card_token",
        "device_id",
        "cookie",
        "session_id",
        "web",
        "app",
        "chat",
        "bot",
        "call",
        "ivr",
        "sms",
        "whatsapp",
        "viber",
        "push",
        "social",
        "store",
        "kiosk",
        "qr",
        "paper",
        "video",
        "meeting",
        "page_view",
        "search",
        "click",
        "message",
        "message_opened",
        "visit",
        "call_queued",
        "call_answered",
        "call_ended",
        "call_abandoned",
        "chat_queued",
        "chat_answered",
        "chat_ended",
        "chat_abandoned",
        "video_queued",
        "video_answered",
        "video_ended",
        "video_abandoned",
        "transfer",
        "purchase",
        "survey_invitation",
        "survey_response",
        "complaint",
        "error",
        "login",
        "logout",
        "promise_made",
        "promise_kept",
        "promise_broken",
        "case_opened",
        "case_resolved",
        "offer",
        "delivery",
        "consent_given",
        "awareness",
        "acquisition",
        "onboarding",
        "engagement",
        "support",
        "customer",
        "agent",
        "system",
        "online",
        "manual_entry",
        "import",
        "nps",
        "csat",
        "ces",
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "joined",
        "quarantined",
        ""
    };

    /** No word has more letters. */
    static final int LONGEST = 24;

    /** By hash, each in the first free place from its own on; asked for every text that is packed. */
    private static final @Nullable String[] PLACES = new String[1 << 9];

    private static final byte[] NUMBERS = new byte[PLACES.length];

    static {
        for (int i = 0; i < ALL.length; i++) {
            int place = placeOf(ALL[i]);
            PLACES[place] = ALL[i];
            NUMBERS[place] = (byte) i;
            if (ALL[i].length() > LONGEST) {
                throw new IllegalStateException(ALL[i] + " is longer than it may be");
            }
        }
        if (ALL.length >= CompactOutput.WORDS) {
            throw new IllegalStateException("the first byte of a text has room for so many words only");
        }
    }

    /** -1: it is none. */
    static int numberOf(String text) {
        int place = placeOf(text);
        return PLACES[place] == null ? -1 : NUMBERS[place];
    }

    /** Where it stands, or would. */
    private static int placeOf(String text) {
        int hash = text.hashCode();
        int place = (hash ^ hash >>> 15) & PLACES.length - 1;
        for (String there = PLACES[place]; there != null && !there.equals(text); there = PLACES[place]) {
            place = place + 1 & PLACES.length - 1;
        }
        return place;
    }

    /** @throws IllegalStateException where a newer build knew more words */
    static String word(int number) {
        if (number >= ALL.length) {
            throw new IllegalStateException("word " + number + " was written by a newer build, this one knows "
                    + ALL.length + ": start the newer build again");
        }
        return ALL[number];
    }

    private Words() {}
}
