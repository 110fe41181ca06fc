package io.throughline.kafka;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What became of the bytes of one record: the record, or why there is none. */
public sealed interface Decoded<T extends SpecificRecord> {

    /**
     * The bytes held a record.
     *
     * @param schemaId the registry's id of the schema it was written with
     */
    record Record<T extends SpecificRecord>(T value, int schemaId) implements Decoded<T> {}

    /**
     * The bytes hold no record that can be taken. Reading them again gives the same answer, except that an unknown schema
     * may be registered later.
     *
     * @param detail what is wrong and where, one line, without any of the bytes
     * @param schemaId the schema the bytes named, where they got that far
     */
    record Failure<T extends SpecificRecord>(Kind kind, String detail, @Nullable Integer schemaId)
            implements Decoded<T> {}

    /** Why bytes cannot be taken. */
    enum Kind {
        /** No value at all, or an empty one. */
        EMPTY,
        /** Not in Confluent's wire format, or not what the schema says. */
        MALFORMED,
        /** The registry does not know the schema, or it is named in a form other than a number. */
        UNKNOWN_SCHEMA,
        /** The schema is known, but what it describes cannot be read as the expected record. */
        INCOMPATIBLE_SCHEMA,
        /** More bytes than are read at all. */
        OVERSIZE
    }
}
