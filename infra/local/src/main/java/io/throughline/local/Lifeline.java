package io.throughline.local;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * Loaded as an agent into every server process: ends it when the process that started it is gone.
 *
 * <p>The starter holds the other end of standard input. The kernel closes that end however the starter dies, even by
 * {@code kill -9}; one byte {@link #RELEASE} beforehand lets the server live on by itself. Ctrl-C and the closing of a
 * terminal reach every process of the group; here they are left to the starter, which stops servers in order.
 *
 * <p>Must stand alone: it is the only class of ours in those processes.
 */
final class Lifeline {
    static final int RELEASE = 'r';

    private static final long SECONDS_TO_END = 10;

    private Lifeline() {}

    public static void premain(String unused) {
        for (String name : new String[] {"INT", "HUP"}) {
            try {
                Signal.handle(new Signal(name), signal -> {});
            } catch (IllegalArgumentException e) {
                // This platform has no such signal.
            }
        }
        daemon("lifeline", Lifeline::watch).start();
    }

    private static void watch() {
        int read;
        try {
            read = System.in.read();
        } catch (IOException e) {
            read = -1;
        }
        if (read == RELEASE) {
            return;
        }
        System.err.println("The process that started this server is gone; ending.");
        daemon("lifeline-exit", () -> System.exit(1)).start();
        try {
            TimeUnit.SECONDS.sleep(SECONDS_TO_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
