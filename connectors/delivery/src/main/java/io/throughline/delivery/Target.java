package io.throughline.delivery;

import java.io.IOException;
import java.util.List;

/** A system that is told of alerts. Used by several threads at once. */
public interface Target extends AutoCloseable {

    /** Turns notifications into what is sent, in their order. An alert's later ones never come before its earlier ones. */
    List<Parcel> pack(List<Notification> notifications);

    /**
     * Tries once.
     *
     * @throws IOException if there was no answer; it is not known then whether the parcel arrived
     */
    Answer deliver(Parcel parcel) throws IOException, InterruptedException;

    /** Tells what happened before this process began, or that an end will never be delivered. Nothing is sent. */
    default void remind(Notification notification) {}

    @Override
    default void close() {}
}
