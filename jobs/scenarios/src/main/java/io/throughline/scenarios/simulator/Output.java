package io.throughline.scenarios.simulator;

import io.throughline.schemas.Touchpoint;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where simulated records go. */
interface Output extends Wire, Closeable {

    void write(Touchpoint touchpoint) throws IOException;

    /** Writes a record as it is, good or not; the touchpoint it was made from gives the key. */
    void writeRaw(Touchpoint origin, byte @Nullable [] record) throws IOException;

    /** Returns when everything written so far is where it belongs. */
    void flush() throws IOException;
}
