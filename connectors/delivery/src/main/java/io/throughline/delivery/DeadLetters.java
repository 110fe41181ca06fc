package io.throughline.delivery;

/** Where notifications go that could not be delivered, so that none is lost without a trace. */
@FunctionalInterface
public interface DeadLetters {

    /** Returns when the letter is safe. */
    void put(Undelivered letter) throws InterruptedException;
}
