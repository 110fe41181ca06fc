package io.throughline.local;

import java.io.IOException;
import java.util.List;

/** What one kind of server needs before, while and after it starts. */
interface ServerSetup {
    /** Writes the configuration and says which processes to start; may run a preparing process to its end first. */
    List<JavaCommand> prepare() throws IOException;

    /** Whether it does its work now, asked over the network as a client would. Never throws because it is not up yet. */
    boolean answers();

    /** Settings that can only be made on a running server. */
    default void configure() throws IOException {}
}
