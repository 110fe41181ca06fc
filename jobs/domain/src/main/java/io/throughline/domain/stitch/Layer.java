package io.throughline.domain.stitch;

/** The two graphs that identifiers are brought together in. */
public enum Layer {
    /** Persons, and the device groups that may join them: where customers are decided. */
    PERSONS,
    /** Devices that occur together: where it is seen whether a group can join anybody. */
    DEVICES
}
