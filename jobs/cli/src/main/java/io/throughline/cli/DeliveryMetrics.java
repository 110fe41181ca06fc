package io.throughline.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.throughline.delivery.Counts;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What {@code deliver} counts, at {@code /metrics} in Prometheus's text format, and {@code /health} for whoever asks whether it
 * lives: it ends where it cannot go on.
 */
final class DeliveryMetrics implements AutoCloseable {

    static final String DELIVERED = "throughline_deliver_delivered_total";
    static final String UNWANTED = "throughline_deliver_unwanted_total";
    static final String RETRIES = "throughline_deliver_retries_total";
    static final String DEAD_LETTERS = "throughline_deliver_dead_letters_total";

    /** Prometheus and whoever watches, with some to spare for those who ask and then say no more. */
    private static final int ASKED_AT_ONCE = 8;

    private final HttpServer server;
    private final ExecutorService answering;

    private DeliveryMetrics(HttpServer server, ExecutorService answering) {
        this.server = server;
        this.answering = answering;
    }

    /**
     * @param at port 0 takes a free one
     * @param targets what is counted so far, by target
     * @throws UsageException if nobody can listen there
     */
    static DeliveryMetrics serve(InetSocketAddress at, Supplier<Map<String, Counts>> targets) throws IOException {
        String given = "--metrics " + at.getHostString() + ":" + at.getPort();
        if (at.isUnresolved()) {
            throw new UsageException(given + ": no address is known of " + at.getHostString());
        }
        HttpServer server;
        try {
            server = HttpServer.create(at, 0);
        } catch (BindException e) {
            // Taken, of another machine, or of those that only a superuser may listen at: the system says which.
            throw new UsageException(
                    given + " cannot be listened at (" + e.getMessage() + "): choose another, port 0 takes a free one");
        }
        server.createContext("/metrics", exchange -> answer(exchange, text(targets.get())));
        server.createContext("/health", exchange -> answer(exchange, "up\n"));
        // Without threads of its own it reads what is asked in the one that accepts, and waits for the slowest there.
        ExecutorService answering = Executors.newFixedThreadPool(ASKED_AT_ONCE, task -> {
            Thread thread = new Thread(task, "deliver-metrics");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(answering);
        server.start();
        return new DeliveryMetrics(server, answering);
    }

    String url() {
        InetSocketAddress at = server.getAddress();
        return "http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + "/metrics";
    }

    static String text(Map<String, Counts> targets) {
        StringBuilder text = new StringBuilder();
        add(text, DELIVERED, "Notifications the target took.", targets, Counts::delivered);
        add(text, UNWANTED, "Left out as the target's configuration says.", targets, Counts::unwanted);
        add(text, RETRIES, "Attempts beyond the first.", targets, Counts::retries);
        add(text, DEAD_LETTERS, "Handed to the topic undelivered.", targets, Counts::deadLetters);
        return text.toString();
    }

    private static void add(
            StringBuilder text, String name, String help, Map<String, Counts> targets, ToLongFunction<Counts> count) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" counter\n");
        targets.forEach((target, counts) -> text.append(name)
                .append("{target=\"")
                .append(target.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                .append("\"} ")
                .append(count.applyAsLong(counts))
                .append('\n'));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        answering.shutdownNow();
    }
}
