package io.throughline.domain.ingest;

import java.util.Locale;

/** Something an accepted touchpoint lost or had changed; counted per remark, so that nothing vanishes unseen. */
public enum Remark {
    /** A negative {@code wait_ms}: left out, kept as {@code properties.dropped_wait_ms}. */
    NEGATIVE_WAIT,
    /** A negative {@code handle_ms}: left out, kept as {@code properties.dropped_handle_ms}. */
    NEGATIVE_HANDLE,
    /** A sentiment outside -1 to 1 or not a number: left out, kept as {@code properties.dropped_sentiment}. */
    SENTIMENT_OFF_SCALE,
    /** A survey answer outside its scale, or a scale without extent: kept, no metric counts it. */
    SURVEY_OFF_SCALE,
    /** An identifier whose value is blank or a known placeholder: left out. */
    BLOCKED_IDENTIFIER,
    /** An identifier that cannot be what its type says: left out. */
    MALFORMED_IDENTIFIER,
    /** An identifier of a type the configuration does not name: left out or kept as configured. */
    UNKNOWN_IDENTIFIER_TYPE,
    /** An identifier beyond {@code ingest.max_identifiers}: left out, the strongest stay. */
    SURPLUS_IDENTIFIER,
    /** A phone number without a known country: kept as its digits. */
    LOCAL_PHONE,
    /** A channel the configuration does not name. */
    UNKNOWN_CHANNEL,
    /** A kind the configuration does not name. */
    UNKNOWN_KIND,
    /** A sender's clock that was off by more than the allowed skew: the event time was corrected. */
    CLOCK_CORRECTED,
    /** A property or experiment beyond the limits of count or length: left out or cut. */
    SURPLUS_PROPERTY;

    /** The name counters carry. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
