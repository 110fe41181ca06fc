package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.mapping.FieldType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who comes first in a list of customers. */
public enum CustomerOrder {
    SEEN,
    /** Whose experience stands worst, of equals who was seen last; those without a score come last. */
    EXPERIENCE;

    public static List<String> codes() {
        return Arrays.stream(values()).map(CustomerOrder::code).toList();
    }

    /** @param code one of {@link #codes()} */
    public static CustomerOrder of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    private String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    SortOptions[] sort() {
        SortOptions seenLast = Searches.newestFirst("last_seen");
        SortOptions byId = Searches.thenBy("customer_id");
        return switch (this) {
            case SEEN -> new SortOptions[] {seenLast, byId};
            case EXPERIENCE ->
                new SortOptions[] {Searches.sort("experience_score", SortOrder.Asc, FieldType.Integer), seenLast, byId};
        };
    }
}
