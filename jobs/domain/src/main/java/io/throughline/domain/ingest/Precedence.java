package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.CanonicalForm;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;

/**
 * What decides between records with one touchpoint_id: the smallest stands for it.
 *
 * @param receivedTime epoch milliseconds
 * @param content hash of the content, for those received at the same time
 */
record Precedence(long receivedTime, Hash128 content) implements Comparable<Precedence> {

    static Precedence of(Touchpoint touchpoint) {
        return new Precedence(touchpoint.receivedTime(), CanonicalForm.hash(touchpoint));
    }

    @Override
    public int compareTo(Precedence other) {
        int byReceived = Long.compare(receivedTime, other.receivedTime);
        return byReceived != 0 ? byReceived : content.compareTo(other.content);
    }
}
