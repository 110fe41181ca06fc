package io.throughline.kafka;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Takes the key of a record from the record itself; the same document must always give the same key. */
@FunctionalInterface
public interface RecordKey<T> extends Serializable {

    /** The key, written as UTF-8; absent where the topic has none. */
    @Nullable
    String of(T record);
}
