package io.throughline.dashboard.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Stands between a client and a server, and can keep what the server says to itself for a while, or say it late. */
final class Relay implements AutoCloseable {

    private final ServerSocket door;
    private final URI server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore open = new Semaphore(1);
    private volatile Duration late = Duration.ZERO;

    private Relay(ServerSocket door, URI server) {
        this.door = door;
        this.server = server;
    }

    static Relay before(URI server) throws IOException {
        Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server);
        relay.threads.execute(relay::accept);
        return relay;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    /** From now on nothing the server says comes through. */
    void hold() {
        open.acquireUninterruptibly();
    }

    void release() {
        open.release();
    }

    /** From now on each answer begins so much later. */
    void delay(Duration late) {
        this.late = late;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket behind = new Socket(server.getHost(), server.getPort());
                threads.execute(() -> pass(client, behind, false));
                threads.execute(() -> pass(behind, client, true));
            } catch (IOException closed) {
                if (!door.isClosed()) {
                    throw new UncheckedIOException(closed);
                }
            }
        }
    }

    private void pass(Socket from, Socket to, boolean held) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            while (true) {
                boolean begins = in.available() == 0;
                int length = in.read(buffer);
                if (length < 0) {
                    return;
                }
                if (held && begins) {
                    LockSupport.parkNanos(late.toNanos());
                }
                if (held) {
                    open.acquireUninterruptibly();
                    open.release();
                }
                out.write(buffer, 0, length);
                out.flush();
            }
        } catch (IOException gone) {
            // One of them hung up: so does the other.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        threads.shutdownNow();
    }
}
