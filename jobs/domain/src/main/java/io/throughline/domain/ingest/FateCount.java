package io.throughline.domain.ingest;

import org.jspecify.annotations.Nullable;

/**
 * Records of one source that ended the same way, or that the same was remarked on.
 *
 * @param fate null: a remark, which is no end
 * @param detail for rejected records a {@link RejectReason#code()}, for processed ones their channel where it is known, for a
 *     remark its {@link Remark#code()}
 * @param count may be negative: records counted before that ended another way after all
 */
public record FateCount(String source, @Nullable Fate fate, @Nullable String detail, long count) {

    /** Accepted records of which something was left out or changed. */
    public static FateCount remark(String source, Remark remark, long count) {
        return new FateCount(source, null, remark.code(), count);
    }
}
