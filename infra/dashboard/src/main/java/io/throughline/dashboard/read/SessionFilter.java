package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions somebody asks for: those that began in the period and meet every condition that is set.
 *
 * @param channels touched all of these
 * @param stages touched all of these
 * @param trouble had any of these: a key of {@link #TROUBLE}
 */
public record SessionFilter(
        Period period,
        List<String> channels,
        List<String> stages,
        @Nullable String segment,
        @Nullable String topic,
        @Nullable String status,
        @Nullable String outcome,
        @Nullable String cutCause,
        @Nullable String customerId,
        List<String> trouble,
        Behind behind) {

    /** Names of trouble to the field that counts it. */
    public static final Map<String, String> TROUBLE = Map.of(
            "complaints", "complaints", "errors", "errors", "handoffs", "handoffs", "switches", "channel_switches");

    /**
     * Which number of a page they are behind.
     *
     * @param turn {@code FROM<tab>TO}: went from one channel to another
     * @param step {@code BY<tab>N<tab>FROM<tab>TO}: as {@link Paths}' links; TO is empty where the session
     *     ended; without it, were at FROM then
     * @param way {@code BY<tab>NAME<tab>NAME...}: took exactly this way, as {@link Paths}' ways
     * @param flag has this contradiction
     */
    public record Behind(@Nullable String turn, @Nullable String step, @Nullable String way, @Nullable String flag) {

        static final Behind NOTHING = new Behind(null, null, null, null);

        /** Whether the text begins with what a path can be read as. */
        public static boolean namesDimension(String text) {
            for (Paths.By by : Paths.By.values()) {
                if (text.startsWith(by.code() + "\t")) {
                    return true;
                }
            }
            return false;
        }

        private void addTo(BoolQuery.Builder query) {
            Searches.also(query, "turns", turn);
            placed(query, "steps.", step);
            placed(query, "ways.", way);
            Searches.also(query, "flags", flag);
        }

        private static void placed(BoolQuery.Builder query, String field, @Nullable String value) {
            if (value != null && namesDimension(value)) {
                int tab = value.indexOf('\t');
                String of = field + value.substring(0, tab);
                String names = value.substring(tab + 1);
                boolean whereFrom = field.equals("steps.") && names.indexOf('\t') == names.lastIndexOf('\t');
                query.filter(whereFrom ? Searches.beginning(of, names + "\t") : Searches.term(of, names));
            }
        }
    }

    /** All sessions of a period, or those that touched a channel. */
    public static SessionFilter of(Period period, @Nullable String channel) {
        return new SessionFilter(
                period,
                channel == null ? List.of() : List.of(channel),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                Behind.NOTHING);
    }

    /** Whatever had any of these kinds of trouble. */
    static Query troubled(List<String> kinds) {
        BoolQuery.Builder any = new BoolQuery.Builder().minimumShouldMatch("1");
        kinds.forEach(kind -> any.should(Searches.moreThanNone(TROUBLE.getOrDefault(kind, kind))));
        return Query.of(query -> query.bool(any.build()));
    }

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        if (customerId == null) {
            query.filter(period.over("start"));
        }
        channels.forEach(channel -> query.filter(Searches.term("channels", channel)));
        stages.forEach(stage -> query.filter(Searches.term("stages", stage)));
        Searches.also(query, "segment", segment);
        Searches.also(query, "topics", topic);
        Searches.also(query, "outcome", outcome);
        Searches.also(query, "cut_cause", cutCause);
        Searches.also(query, "customer_id", customerId);
        behind.addTo(query);
        if (status == null) {
            query.mustNot(Searches.term("status", "absorbed"));
        } else {
            query.filter(Searches.term("status", status));
        }
        if (!trouble.isEmpty()) {
            query.filter(troubled(trouble));
        }
        return Query.of(all -> all.bool(query.build()));
    }
}
