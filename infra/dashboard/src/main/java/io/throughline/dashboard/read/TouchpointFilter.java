package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Scale;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which touchpoints somebody asks for: those of the period that count in a metric, as measuring counts them.
 *
 * @param channel of an answer that says what it is about: the channel it is about
 * @param customerId whose; of whenever, then
 * @param measured what the metric is made of; null: all touchpoints
 * @param measuring how it is measured
 */
public record TouchpointFilter(
        Period period,
        @Nullable String channel,
        @Nullable String segment,
        @Nullable String kind,
        @Nullable String customerId,
        @Nullable Measured measured,
        @Nullable Scale scale,
        MeasureConfig measuring) {

    /** What a touchpoint has that it is counted by. */
    public enum Measured {
        /** A wait, also of nothing. */
        WAIT,
        /** A handling time. */
        HANDLE,
        /** The end of waiting in a queue: answered or given up. */
        QUEUE,
        /** The same where the service level counts it, which depends on the variant of its formula. */
        SERVICE_LEVEL,
        NPS,
        CSAT,
        CES;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static List<String> codes() {
            return Stream.of(values()).map(Measured::code).toList();
        }

        public static @Nullable Measured of(@Nullable String code) {
            return Stream.of(values())
                    .filter(each -> each.code().equals(code))
                    .findFirst()
                    .orElse(null);
        }

        private boolean isAnswer() {
            return this == NPS || this == CSAT || this == CES;
        }
    }

    private static final Scale ZERO_TO_TEN = new Scale(0, 10, true);
    private static final Scale ONE_TO_FIVE = new Scale(1, 5, true);

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        if (customerId == null) {
            query.filter(period.over("event_time"));
        }
        if (channel != null) {
            query.filter(
                    measured != null && measured.isAnswer()
                            ? Searches.about(channel)
                            : Searches.term("channel", channel));
        }
        Searches.also(query, "segment", segment);
        Searches.also(query, "kind", kind);
        Searches.also(query, "customer_id", customerId);
        if (measured != null) {
            counted(query, measured);
        }
        return Query.of(all -> all.bool(query.build()));
    }

    private void counted(BoolQuery.Builder query, Measured by) {
        switch (by) {
            case WAIT -> query.filter(Searches.exists("wait_ms"));
            case HANDLE -> query.filter(Searches.exists("handle_ms"));
            case QUEUE -> query.filter(Searches.either(answered(), abandoned()));
            case SERVICE_LEVEL -> query.filter(serviceLevel());
            case NPS -> {
                query.filter(Searches.term("survey.metric", "nps"));
                on(query, ZERO_TO_TEN);
                // Whole numbers only.
                query.filter(filter -> filter.terms(terms -> terms.field("survey.score")
                        .terms(values -> values.value(IntStream.rangeClosed(0, 10)
                                .mapToObj(FieldValue::of)
                                .toList()))));
            }
            case CSAT -> {
                query.filter(Searches.term("survey.metric", "csat"));
                on(query, scale == null ? ONE_TO_FIVE : scale);
            }
            case CES -> {
                query.filter(Searches.term("survey.metric", "ces"));
                if (scale != null) {
                    on(query, scale);
                }
            }
        }
    }

    private Query serviceLevel() {
        Query known = Searches.exists("wait_ms");
        Query late = Query.of(filter -> filter.range(range ->
                range.number(number -> number.field("wait_ms").gt((double) measuring.serviceLevelThresholdMs()))));
        return switch (measuring.serviceLevelVariant()) {
            case WITHIN_OF_OFFERED -> both(Searches.either(answered(), abandoned()), known);
            case ANSWERED_OF_ANSWERED -> both(answered(), known);
            case ANSWERED_OF_OFFERED -> Searches.either(both(answered(), known), abandoned());
            case SHORT_ABANDONS_EXCLUDED -> Searches.either(both(answered(), known), both(abandoned(), late));
        };
    }

    private Query answered() {
        return Searches.anyOf("kind", kinds("_answered"));
    }

    private Query abandoned() {
        return Searches.either(
                Searches.anyOf("kind", kinds("_abandoned")),
                both(
                        Searches.anyOf(
                                "kind",
                                Stream.concat(kinds("_queued").stream(), kinds("_ended").stream())
                                        .toList()),
                        Searches.term("outcome", "abandoned")));
    }

    private List<String> kinds(String end) {
        return measuring.queues().stream().map(queue -> queue + end).toList();
    }

    private static Query both(Query one, Query other) {
        return Query.of(all -> all.bool(bool -> bool.filter(one).filter(other)));
    }

    /** Answers on the scale, which is also where their score has to be. */
    private static void on(BoolQuery.Builder query, Scale scale) {
        query.filter(equal("survey.scale_min", scale.min())).filter(equal("survey.scale_max", scale.max()));
        Query lower = Searches.term("survey.direction", "lower_is_better");
        if (scale.higherIsBetter()) {
            query.mustNot(lower);
        } else {
            query.filter(lower);
        }
        query.filter(score -> score.range(range -> range.number(
                number -> number.field("survey.score").gte((double) scale.min()).lte((double) scale.max()))));
    }

    private static Query equal(String field, int value) {
        return Query.of(query -> query.term(term -> term.field(field).value(value)));
    }
}
