package io.throughline.delivery;

import java.util.concurrent.atomic.LongAdder;

/** What became of the notifications of one target since the process began. */
public final class Counts {

    final LongAdder delivered = new LongAdder();
    final LongAdder unwanted = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder deadLetters = new LongAdder();

    public long delivered() {
        return delivered.sum();
    }

    /** Left out as the target's configuration says. */
    public long unwanted() {
        return unwanted.sum();
    }

    /** Attempts beyond the first. */
    public long retries() {
        return retries.sum();
    }

    public long deadLetters() {
        return deadLetters.sum();
    }

    @Override
    public String toString() {
        return delivered() + " delivered, " + unwanted() + " not wanted, " + retries() + " retries, " + deadLetters()
                + " dead letters";
    }
}
