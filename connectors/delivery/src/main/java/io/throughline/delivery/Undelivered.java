package io.throughline.delivery;

import java.time.Instant;
import java.util.Locale;

/**
 * A notification a target will not be told of any more.
 *
 * @param detail what the target said last, with its status
 * @param attempts how often it was tried
 */
public record Undelivered(
        String target, Notification notification, Reason reason, String detail, int attempts, Instant at) {

    /** Why. */
    public enum Reason {
        /** The target said that it will never take it. */
        REFUSED,
        /** It was tried for as long as it was worth anything. */
        GAVE_UP,
        /** It was published too long ago when its turn came. */
        EXPIRED;

        /** As documents spell it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
