package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.CanonicalForm;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CanonicalFormTest {

    private static final Touchpoint BARE =
            Touchpoint.of("t", 1, "web", "page_view").build();

    @Test
    void everyFactMakesADifference() {
        List<UnaryOperator<Touchpoint.Builder>> changes = List.of(
                b -> b.eventTime(2),
                b -> b.receivedTime(2),
                b -> b.sentTime(2L),
                b -> b.channel("app"),
                b -> b.kind("search"),
                b -> b.outbound(true),
                b -> b.actor("x"),
                b -> b.identifiers(List.of(new Identifier("x", "y"))),
                b -> b.touchpoint("x"),
                b -> b.stage("x"),
                b -> b.topic("x"),
                b -> b.caseId("x"),
                b -> b.location("x"),
                b -> b.brand("x"),
                b -> b.product("x"),
                b -> b.segment("x"),
                b -> b.outcome("x"),
                b -> b.waitMs(2L),
                b -> b.handleMs(2L),
                b -> b.value(new Money(2, "EUR")),
                b -> b.value(new Money(2, "USD")),
                b -> b.survey(survey(true, null, null)),
                b -> b.survey(survey(false, null, null)),
                b -> b.survey(survey(true, "x", null)),
                b -> b.survey(survey(true, null, new Survey.About(null, null, null, null))),
                b -> b.survey(survey(true, null, new Survey.About("x", null, null, null))),
                b -> b.survey(survey(true, null, new Survey.About(null, "x", null, null))),
                b -> b.survey(survey(true, null, new Survey.About(null, null, "x", null))),
                b -> b.survey(survey(true, null, new Survey.About(null, null, null, "x"))),
                b -> b.sentiment(0.0),
                b -> b.sentiment(-0.0),
                b -> b.experiments(Map.of("x", "y")),
                b -> b.captureMethod("x"),
                b -> b.properties(Map.of("x", "y")));

        Set<Object> hashes = new HashSet<>(Set.of(CanonicalForm.hash(BARE)));
        changes.forEach(change ->
                hashes.add(CanonicalForm.hash(change.apply(BARE.toBuilder()).build())));

        assertThat(hashes).hasSize(changes.size() + 1);
    }

    @Test
    void theOrderOfPropertiesMakesNone() {
        Map<String, String> oneWay = new LinkedHashMap<>();
        Map<String, String> otherWay = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            oneWay.put("k" + i, "v");
            otherWay.put("k" + (49 - i), "v");
        }

        assertThat(CanonicalForm.of(BARE.toBuilder().properties(oneWay).build()))
                .isEqualTo(
                        CanonicalForm.of(BARE.toBuilder().properties(otherWay).build()));
    }

    @Test
    void theFormOfABareTouchpointIsTheOneDuplicatesHaveBeenJudgedByBefore() {
        assertThat(CanonicalForm.of(BARE))
                .containsExactly(
                        "touchpoint_id",
                        "t",
                        "event_time",
                        "1",
                        "received_time",
                        "1",
                        "channel",
                        "web",
                        "kind",
                        "page_view",
                        "outbound",
                        "false",
                        "identifiers",
                        "0");
    }

    private static Survey survey(boolean higherIsBetter, String verbatim, Survey.About about) {
        return new Survey("nps", 0, 10, higherIsBetter, 9, verbatim, about);
    }
}
