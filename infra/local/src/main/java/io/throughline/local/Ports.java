package io.throughline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on 127.0.0.1. */
final class Ports {
    private static final int LOWEST = 20_000;

    /** From here on systems give ports to clients: between the choice and the start of a server one may take it. */
    private static final int LOWEST_OF_CLIENTS = 32_768;

    private static final int MOST_TRIES = 1_000;

    private Ports() {}

    /** That many different ports nobody listens on at this moment, and no client is given. */
    static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int tries = 0; held.size() < count; tries++) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, LOWEST_OF_CLIENTS);
                try {
                    held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
                } catch (IOException e) {
                    if (tries >= MOST_TRIES) {
                        throw new UncheckedIOException(
                                "No free port on 127.0.0.1 from " + LOWEST + " to " + LOWEST_OF_CLIENTS, e);
                    }
                }
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(Ports::close);
        }
    }

    static boolean isBusy(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
