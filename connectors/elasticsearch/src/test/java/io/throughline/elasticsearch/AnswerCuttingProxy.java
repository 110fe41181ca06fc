package io.throughline.elasticsearch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets requests through to Elasticsearch and cuts the connection when the answer to a bulk comes back. */
final class AnswerCuttingProxy implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final URI target;
    private final AtomicInteger answersToCut;

    AnswerCuttingProxy(String target, int answersToCut) throws IOException {
        this.target = URI.create(target);
        this.answersToCut = new AtomicInteger(answersToCut);
        threads.execute(this::listen);
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    private void listen() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(target.getHost(), target.getPort());
                AtomicBoolean bulk = new AtomicBoolean();
                threads.execute(() -> copy(client, server, bulk, false));
                threads.execute(() -> copy(server, client, bulk, true));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private void copy(Socket from, Socket to, AtomicBoolean bulk, boolean answers) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!answers && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).startsWith("POST /_bulk")) {
                    bulk.set(true);
                }
                if (answers && bulk.getAndSet(false) && answersToCut.getAndDecrement() > 0) {
                    return;
                }
                out.write(buffer, 0, length);
                out.flush();
            }
        } catch (IOException cut) {
            // The other direction was closed.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
