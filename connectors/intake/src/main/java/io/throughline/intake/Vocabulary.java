package io.throughline.intake;

import java.util.List;

/** One way in which others write down what happened. May be shared by threads. */
public interface Vocabulary {

    /**
     * What a record comes to: an outcome for each event in it, and at least one. Bad data never throws. The same bytes
     * always come to the same touchpoints with the same ids, so that reading them twice counts nothing twice.
     *
     * @param record without its line end
     */
    List<Outcome> read(byte[] record);
}
