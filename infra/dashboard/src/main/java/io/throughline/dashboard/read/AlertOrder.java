package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import io.throughline.domain.alert.AlertRule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What comes first in a list of alerts. */
public enum AlertOrder {
    NEWEST,
    /** The most severe, of equally severe ones the newest. */
    SEVERITY;

    public static List<String> codes() {
        return Arrays.stream(values()).map(AlertOrder::code).toList();
    }

    /** @param code one of {@link #codes()} */
    public static AlertOrder of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    private String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What to ask for alerts in this order. */
    Query query(Query wanted) {
        return switch (this) {
            case NEWEST -> wanted;
            case SEVERITY -> Searches.scoredBy(wanted, "severity", AlertRule.SEVERITIES);
        };
    }

    SortOptions[] sort() {
        SortOptions newest = Searches.newestFirst("opened_at");
        SortOptions byId = Searches.thenBy("alert_id");
        return switch (this) {
            case NEWEST -> new SortOptions[] {newest, byId};
            case SEVERITY -> new SortOptions[] {Searches.highestScoreFirst(), newest, byId};
        };
    }
}
