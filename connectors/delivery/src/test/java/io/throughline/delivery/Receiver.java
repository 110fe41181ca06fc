package io.throughline.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A server on this machine that keeps what it is sent and answers as it was told; 200 when it was told nothing. */
final class Receiver implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** @param headers by their names in lower case */
    record Request(String method, String path, Map<String, String> headers, byte[] body) {
        JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + new String(body, UTF_8), e);
            }
        }
    }

    private record Reply(int status, Map<String, String> headers, String body, CountDownLatch at) {}

    private static final CountDownLatch AT_ONCE = new CountDownLatch(0);

    private final HttpServer server;
    private final List<Request> requests = new ArrayList<>();
    private final Queue<Reply> replies = new ArrayDeque<>();
    private Reply otherwise = new Reply(200, Map.of(), "ok", AT_ONCE);

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "receiver");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            Map<String, String> headers = new HashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
            byte[] body = exchange.getRequestBody().readAllBytes();
            Reply reply;
            synchronized (this) {
                requests.add(new Request(
                        exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers, body));
                reply = replies.isEmpty() ? otherwise : replies.remove();
            }
            awaitOpen(reply.at());
            reply.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] answer = reply.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    synchronized Receiver replies(int status, Map<String, String> headers, String body) {
        replies.add(new Reply(status, headers, body, AT_ONCE));
        return this;
    }

    /** The next request is answered when this is open. */
    synchronized Receiver repliesAt(CountDownLatch at) {
        replies.add(new Reply(200, Map.of(), "ok", at));
        return this;
    }

    private static void awaitOpen(CountDownLatch at) {
        try {
            at.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized Receiver always(int status) {
        otherwise = new Reply(status, Map.of(), "", AT_ONCE);
        return this;
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
