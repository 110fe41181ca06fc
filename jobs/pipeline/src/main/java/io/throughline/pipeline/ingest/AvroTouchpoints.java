package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.RawTouchpoint.Amount;
import io.throughline.domain.ingest.RawTouchpoint.Answer;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Money;
import io.throughline.schemas.SurveyAbout;
import io.throughline.schemas.Touchpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the wire's touchpoint to the domain's, fact by fact, nothing checked. */
public final class AvroTouchpoints {

    public static RawTouchpoint raw(Touchpoint t) {
        return RawTouchpoint.builder()
                .touchpointId(t.getTouchpointId())
                .eventTime(millis(t.getEventTime()))
                .sentTime(millis(t.getSentTime()))
                .receivedTime(millis(t.getReceivedTime()))
                .channel(t.getChannel())
                .kind(t.getKind())
                .direction(t.getDirection())
                .actor(t.getActor())
                .identifiers(identities(t.getIdentifiers()))
                .touchpoint(t.getTouchpoint())
                .stage(t.getStage())
                .topic(t.getTopic())
                .caseId(t.getCaseId())
                .location(t.getLocation())
                .brand(t.getBrand())
                .product(t.getProduct())
                .segment(t.getSegment())
                .outcome(t.getOutcome())
                .waitMs(t.getWaitMs())
                .handleMs(t.getHandleMs())
                .value(amount(t.getValue()))
                .survey(answer(t.getSurvey()))
                .sentiment(t.getSentiment())
                .experiments(t.getExperiments())
                .captureMethod(t.getCaptureMethod())
                .properties(t.getProperties())
                .build();
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static @Nullable List<Identity> identities(@Nullable List<Identifier> identifiers) {
        if (identifiers == null) {
            return null;
        }
        List<Identity> identities = new ArrayList<>(identifiers.size());
        for (Identifier identifier : identifiers) {
            identities.add(new Identity(identifier.getType(), identifier.getValue()));
        }
        return identities;
    }

    private static @Nullable Amount amount(@Nullable Money money) {
        return money == null ? null : new Amount(money.getAmount(), money.getCurrency());
    }

    private static @Nullable Answer answer(io.throughline.schemas.@Nullable Survey survey) {
        if (survey == null) {
            return null;
        }
        return new Answer(
                survey.getMetric(),
                survey.getScaleMin(),
                survey.getScaleMax(),
                survey.getDirection(),
                survey.getScore(),
                survey.getVerbatim(),
                about(survey.getAbout()));
    }

    private static Survey.@Nullable About about(@Nullable SurveyAbout about) {
        return about == null
                ? null
                : new Survey.About(
                        about.getTouchpointId(), about.getChannel(), about.getTouchpoint(), about.getCaseId());
    }

    private AvroTouchpoints() {}
}
