package io.throughline.domain.ingest;

import java.io.Serializable;

/**
 * How identifiers of one type are brought into one form.
 *
 * @param name as touchpoints name the type, snake_case
 * @param form what the values are
 * @param personal whether the value is replaced by a keyed pseudonym
 */
public record IdentifierRule(String name, Form form, boolean personal) implements Serializable {

    /** What the values of an identifier type are. */
    public enum Form {
        /** Compared trimmed and in lower case. */
        EMAIL,
        /** Compared as E.164. */
        PHONE,
        /** Compared exactly, trimmed. */
        TEXT
    }
}
