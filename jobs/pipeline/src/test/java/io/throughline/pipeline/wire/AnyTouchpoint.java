package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Touchpoints with every mixture of facts, the same for the same seed. */
final class AnyTouchpoint {

    private static final String[] WORDS = {"a", "checkout", "Zürich", "🙂", "", "\u0000", "x".repeat(300)};

    private final Random random;

    AnyTouchpoint(long seed) {
        this.random = new Random(seed);
    }

    /** The touchpoint that golden bytes are of: every fact present. */
    static Touchpoint full() {
        return Touchpoint.of("t-1", 1_700_000_000_000L, "chat", "survey_response")
                .receivedTime(1_700_000_000_250L)
                .sentTime(1_699_999_999_000L)
                .outbound(true)
                .actor("agent")
                .identifiers(List.of(new Identifier("email", "8a1f"), new Identifier("device_id", "d1")))
                .touchpoint("Checkout")
                .stage("support")
                .topic("billing")
                .caseId("C-7")
                .location("Zürich")
                .brand("acme")
                .product("card")
                .segment("gold")
                .outcome("resolved")
                .waitMs(61_000L)
                .handleMs(0L)
                .value(new Money(-19_990_000, "EUR"))
                .survey(new Survey("csat", 1, 5, true, 4.5, "fine", new Survey.About("t-0", "call", "hotline", "C-7")))
                .sentiment(-0.25)
                .experiments(Map.of("button", "green"))
                .captureMethod("online")
                .properties(Map.of("url", "/cart", "agent_name", "Bo"))
                .build();
    }

    Touchpoint next() {
        return Touchpoint.of(word() + random.nextInt(), time(), word(), word())
                .receivedTime(time())
                .sentTime(maybe(time()))
                .outbound(random.nextBoolean())
                .actor(maybe(word()))
                .identifiers(identifiers())
                .touchpoint(maybe(word()))
                .stage(maybe(word()))
                .topic(maybe(word()))
                .caseId(maybe(word()))
                .location(maybe(word()))
                .brand(maybe(word()))
                .product(maybe(word()))
                .segment(maybe(word()))
                .outcome(maybe(word()))
                .waitMs(maybe(random.nextLong()))
                .handleMs(maybe((long) random.nextInt()))
                .value(maybe(new Money(random.nextLong(), word())))
                .survey(maybe(survey()))
                .sentiment(maybe(random.nextDouble()))
                .experiments(texts())
                .captureMethod(maybe(word()))
                .properties(texts())
                .build();
    }

    private Survey survey() {
        return new Survey(
                word(),
                random.nextDouble(),
                random.nextDouble(),
                random.nextBoolean(),
                random.nextDouble(),
                maybe(word()),
                maybe(new Survey.About(maybe(word()), maybe(word()), maybe(word()), maybe(word()))));
    }

    private List<Identifier> identifiers() {
        List<Identifier> identifiers = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            identifiers.add(new Identifier(word(), word()));
        }
        return identifiers;
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            texts.put(word() + i, word());
        }
        return texts;
    }

    private long time() {
        return random.nextInt(10) == 0 ? random.nextLong() : 1_700_000_000_000L + random.nextInt();
    }

    private String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private <T> T maybe(T value) {
        return random.nextBoolean() ? value : null;
    }
}
