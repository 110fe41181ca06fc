package io.throughline.domain.stitch;

/** What an identifier names. */
public enum Scope {
    /** A person: links to other identifiers one by one. */
    PERSON,
    /** A thing people use: joins people only where that breaks no rule, otherwise it is shared. */
    DEVICE,
    /** One visit: never links anything. */
    SESSION
}
