package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.RawDecision;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.Decision;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.IdentityDecision;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** People's decisions on the wire: from the control topic, nothing checked, and to it. */
public final class AvroDecisions {

    public static RawDecision raw(IdentityDecision decision) {
        return new RawDecision(
                decision.getVerdict(),
                identity(decision.getOne()),
                identity(decision.getOther()),
                millis(decision.getEffectiveFrom()),
                decision.getReason(),
                decision.getAuthor());
    }

    /** @param decidedAt when the decision was written down, UTC */
    public static IdentityDecision of(Decision decision, Instant decidedAt) {
        return IdentityDecision.newBuilder()
                .setVerdict(DecisionValidation.word(decision.verdict()))
                .setOne(new Identifier(decision.one().type(), decision.one().value()))
                .setOther(
                        new Identifier(decision.other().type(), decision.other().value()))
                .setEffectiveFrom(Instant.ofEpochMilli(decision.effectiveFrom()))
                .setReason(decision.reason())
                .setAuthor(decision.author().isEmpty() ? null : decision.author())
                .setDecidedAt(decidedAt)
                .build();
    }

    /** The key of the decision's record: the same text for every decision on the pair, and no other pair's. */
    public static String keyOf(Decision decision) {
        return keyOf(decision.one()) + "|" + keyOf(decision.other());
    }

    static String keyOf(io.throughline.domain.touchpoint.Identifier identifier) {
        // A pseudonym stays as it is; a value that holds a separator could otherwise read as another pair.
        return identifier.type() + ":" + URLEncoder.encode(identifier.value(), StandardCharsets.UTF_8);
    }

    private static @Nullable Identity identity(@Nullable Identifier identifier) {
        return identifier == null ? null : new Identity(identifier.getType(), identifier.getValue());
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private AvroDecisions() {}
}
