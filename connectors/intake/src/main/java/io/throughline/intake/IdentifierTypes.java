package io.throughline.intake;

import java.util.Comparator;
import java.util.List;

/** The types of identifiers that everybody knows; configurations may know others. */
final class IdentifierTypes {

    static final List<String> STRONGEST_FIRST = List.of(
            "customer_number",
            "account_id",
            "loyalty_id",
            "email",
            "phone",
            "social_id",
            "messaging_id",
            "card_token",
            "device_id",
            "cookie");

    /** Records are keyed by their first identifier: the stronger it is, the more of a customer stays in order. */
    static final Comparator<String> BY_STRENGTH =
            Comparator.comparingInt(IdentifierTypes::place).thenComparing(Comparator.naturalOrder());

    private static int place(String type) {
        int place = STRONGEST_FIRST.indexOf(type);
        return place < 0 ? STRONGEST_FIRST.size() : place;
    }

    private IdentifierTypes() {}
}
