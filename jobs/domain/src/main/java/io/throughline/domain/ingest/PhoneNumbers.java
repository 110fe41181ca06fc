package io.throughline.domain.ingest;

import org.jspecify.annotations.Nullable;

/** Knows the numbering plans of the world. */
public interface PhoneNumbers {

    /** Knows none: every number stays local. */
    PhoneNumbers NONE = (number, country) -> null;

    /**
     * E.164 with a leading plus, followed by {@code ;ext=} and the extension where there is one.
     *
     * @param number as written by people, trimmed
     * @param country ISO 3166 two-letter code that national numbers belong to; null: only international ones are known
     * @return null where the number belongs to no known plan
     */
    @Nullable
    String e164(String number, @Nullable String country);
}
