package io.throughline.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a target made of a parcel. */
public sealed interface Answer {

    /** It has it. */
    record Delivered() implements Answer {}

    /** It will never take this parcel: its contents are at fault. */
    record Refused(String detail) implements Answer {}

    /**
     * It may take the parcel later: it is down, busy, or does not let us in at present.
     *
     * @param after how long it asks to be left alone; null where it does not say
     */
    record TryLater(String detail, @Nullable Duration after) implements Answer {}
}
