package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.throughline.domain.measure.MeasureConfig;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which touchpoints somebody asks for: those of the period that count in a metric, as measuring counts them.
 *
 * @param channel of an answer that says what it is about: the channel it is about
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

    /** Of the answers to a survey. */
    public record Scale(int min, int max, boolean higherIsBetter) {

        private static final String LOW_IS_GOOD = "_lower_is_better";

        /** Null where the text is none like {@code 1-7} or {@code 1-5_lower_is_better}. */
        public static @Nullable Scale of(String text) {
            String ends = text.endsWith(LOW_IS_GOOD) ? text.substring(0, text.length() - LOW_IS_GOOD.length()) : text;
            if (!ends.matches("-?\\d{1,4}--?\\d{1,4}")) {
                return null;
            }
            int between = ends.indexOf('-', 1);
            return new Scale(
                    Integer.parseInt(ends.substring(0, between)),
                    Integer.parseInt(ends.substring(between + 1)),
                    ends.equals(text));
        }

        private void addTo(BoolQuery.Builder query) {
            query.filter(equal("survey.scale_min", min)).filter(equal("survey.scale_max", max));
            Query lower = Searches.term("survey.direction", "lower_is_better");
            if (higherIsBetter) {
                query.mustNot(lower);
            } else {
                query.filter(lower);
            }
            query.filter(on -> on.range(range -> range.number(
                    number -> number.field("survey.score").gte((double) min).lte((double) max))));
        }
    }

    private static final Scale ZERO_TO_TEN = new Scale(0, 10, true);
    private static final Scale ONE_TO_FIVE = new Scale(1, 5, true);

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        query.filter(period.over("event_time"));
        if (channel != null) {
            query.filter(measured != null && measured.isAnswer() ? about(channel) : Searches.term("channel", channel));
        }
        also(query, "segment", segment);
        also(query, "kind", kind);
        also(query, "customer_id", customerId);
        if (measured != null) {
            counted(query, measured);
        }
        return Query.of(all -> all.bool(query.build()));
    }

    private void counted(BoolQuery.Builder query, Measured by) {
        switch (by) {
            case WAIT -> query.filter(Searches.exists("wait_ms"));
            case HANDLE -> query.filter(Searches.exists("handle_ms"));
            case QUEUE -> query.filter(either(answered(), abandoned()));
            case SERVICE_LEVEL -> query.filter(serviceLevel());
            case NPS -> {
                query.filter(Searches.term("survey.metric", "nps"));
                ZERO_TO_TEN.addTo(query);
                // Whole numbers only.
                query.filter(filter -> filter.terms(terms -> terms.field("survey.score")
                        .terms(values -> values.value(IntStream.rangeClosed(0, 10)
                                .mapToObj(FieldValue::of)
                                .toList()))));
            }
            case CSAT -> {
                query.filter(Searches.term("survey.metric", "csat"));
                (scale == null ? ONE_TO_FIVE : scale).addTo(query);
            }
            case CES -> {
                query.filter(Searches.term("survey.metric", "ces"));
                if (scale != null) {
                    scale.addTo(query);
                }
            }
        }
    }

    private Query serviceLevel() {
        Query known = Searches.exists("wait_ms");
        Query late = Query.of(filter -> filter.range(range ->
                range.number(number -> number.field("wait_ms").gt((double) measuring.serviceLevelThresholdMs()))));
        return switch (measuring.serviceLevelVariant()) {
            case WITHIN_OF_OFFERED -> both(either(answered(), abandoned()), known);
            case ANSWERED_OF_ANSWERED -> both(answered(), known);
            case ANSWERED_OF_OFFERED -> either(both(answered(), known), abandoned());
            case SHORT_ABANDONS_EXCLUDED -> either(both(answered(), known), both(abandoned(), late));
        };
    }

    private Query answered() {
        return Searches.anyOf("kind", kinds("_answered"));
    }

    private Query abandoned() {
        return either(
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

    /** An answer counts where it says that it belongs. */
    static Query about(String channel) {
        Query own = Query.of(all -> all.bool(bool ->
                bool.filter(Searches.term("channel", channel)).mustNot(Searches.exists("survey.about.channel"))));
        return either(Searches.term("survey.about.channel", channel), own);
    }

    private static Query both(Query one, Query other) {
        return Query.of(all -> all.bool(bool -> bool.filter(one).filter(other)));
    }

    private static Query either(Query one, Query other) {
        return Query.of(all -> all.bool(bool -> bool.should(one).should(other).minimumShouldMatch("1")));
    }

    private static Query equal(String field, int value) {
        return Query.of(query -> query.term(term -> term.field(field).value(value)));
    }

    private static void also(BoolQuery.Builder query, String field, @Nullable String value) {
        if (value != null) {
            query.filter(Searches.term(field, value));
        }
    }
}
