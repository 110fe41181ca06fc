package io.throughline.pipeline.replay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Three days of two dozen people on all channels, who share devices, give each other's numbers, ask again, are promised
 * things and answer surveys. Everything follows from the seed.
 */
final class RandomTouchpoints {
    private static final long MIDNIGHT = 1767261600000L;
    private static final String[] TYPES = {"customer_number", "email", "phone", "device_id", "cookie"};
    private static final String[] CHANNELS = {"web", "app", "call", "store", "email"};
    private static final String[] KINDS = {
        "page_view",
        "page_view",
        "login",
        "logout",
        "complaint",
        "error",
        "survey_response",
        "purchase",
        "call_queued",
        "call_answered",
        "call_ended",
        "transfer",
        "message",
        "promise_made",
        "promise_kept",
        "case_opened",
        "case_resolved"
    };
    private static final String[] STAGES = {"awareness", "acquisition", "onboarding", "engagement", "support"};
    private static final String[] TOPICS = {"billing", "delivery", "price"};

    private final Random random;
    private final List<String> lines = new ArrayList<>();
    private long earliest = Long.MAX_VALUE;
    private long latest = Long.MIN_VALUE;

    RandomTouchpoints(Random random, int count) {
        this.random = random;
        for (int i = 0; i < count; i++) {
            lines.add(line(i));
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<String> inAnyOrderWithDuplicates(int duplicates) {
        List<String> shuffled = new ArrayList<>(lines);
        for (int i = 0; i < duplicates; i++) {
            shuffled.add(lines.get(random.nextInt(lines.size())));
        }
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** Epoch milliseconds. */
    long earliest() {
        return earliest;
    }

    /** Epoch milliseconds. */
    long latest() {
        return latest;
    }

    private String line(int number) {
        long time = MIDNIGHT + random.nextInt(3 * 24 * 60) * 60_000L;
        earliest = Math.min(earliest, time);
        latest = Math.max(latest, time);
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "{\"touchpoint_id\":\"t%d\",\"event_time\":%d,\"channel\":\"%s\",\"identifiers\":[%s]",
                number,
                time,
                oneOf(CHANNELS),
                random.nextBoolean() ? identifier() : identifier() + "," + identifier()));
        String kind = oneOf(KINDS);
        line.append(",\"kind\":\"").append(kind).append('"');
        if (kind.equals("survey_response")) {
            line.append(random.nextBoolean() ? survey("nps", 0, 10) : survey("csat", 1, 5));
        }
        if (kind.startsWith("call_")) {
            line.append(",\"wait_ms\":").append(random.nextInt(1_200_000));
        }
        if (kind.startsWith("promise_") || random.nextInt(3) == 0) {
            line.append(",\"topic\":\"").append(oneOf(TOPICS)).append('"');
        }
        if (kind.startsWith("promise_")) {
            line.append(",\"properties\":{\"promise\":\"p")
                    .append(random.nextInt(3))
                    .append("\"}");
        }
        if (random.nextBoolean()) {
            line.append(",\"stage\":\"").append(oneOf(STAGES)).append('"');
        }
        if (random.nextInt(4) == 0) {
            line.append(",\"sentiment\":").append(random.nextInt(21) / 10.0 - 1);
        }
        return line.append('}').toString();
    }

    private String survey(String metric, int least, int most) {
        return String.format(
                Locale.ROOT,
                ",\"survey\":{\"metric\":\"%s\",\"scale_min\":%d,\"scale_max\":%d,\"score\":%d}",
                metric,
                least,
                most,
                least + random.nextInt(most - least + 1));
    }

    private String identifier() {
        String type = oneOf(TYPES);
        int value = random.nextInt(25);
        return "{\"type\":\"" + type + "\",\"value\":\""
                + switch (type) {
                    case "phone" -> "+3809700000" + (10 + value);
                    case "email" -> "p" + value + "@shop.example";
                    default -> "v" + value;
                }
                + "\"}";
    }

    private String oneOf(String... some) {
        return some[random.nextInt(some.length)];
    }
}
