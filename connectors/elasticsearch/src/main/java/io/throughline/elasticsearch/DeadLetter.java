package io.throughline.elasticsearch;

/**
 * A document Elasticsearch will never take.
 *
 * @param detail Elasticsearch's own reason
 */
public record DeadLetter(IndexAction action, Reason reason, String detail) {

    /** Why it will never be taken. */
    public enum Reason {
        /** Its content contradicts the mapping or the rules for documents. */
        POISON_DOCUMENT,
        /** It alone is more than Elasticsearch or the configured limit takes. */
        OVERSIZE_DOCUMENT
    }
}
