package io.throughline.dashboard.live;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.throughline.dashboard.read.Json;
import io.throughline.dashboard.read.View;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Carries the board to the browsers. Sections are state, not a log: a slow browser skips to the newest one and never
 * holds anybody else up, and one that comes back is sent what changed since the last event id it saw.
 */
public final class Feed implements AutoCloseable {

    /** Open pages; beyond, a page is told to come back later. */
    public static final int MOST_CLIENTS = 200;

    /** Different views at the same time: what bounds the load on Elasticsearch. */
    public static final int MOST_VIEWS = 32;

    private final Board board;
    private final Clock clock;
    /** Event ids of an earlier run of the server mean nothing to this one. */
    private final String run;

    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService senders;

    /** The browser's end of a connection. */
    public interface Connection {
        /**
         * Blocks until written.
         *
         * @param id null: not an event to resume from
         */
        void send(String event, String json, @Nullable String id);

        boolean gone();

        void close();
    }

    public Feed(Board board, Clock clock, String run) {
        this.board = board;
        this.clock = clock;
        this.run = run;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MOST_CLIENTS, MOST_CLIENTS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "dashboard-sender");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.senders = pool;
    }

    /** One browser, and what it has been sent. */
    public final class Client {
        private final View view;
        private final Connection connection;
        private final AtomicBoolean sending = new AtomicBoolean();
        private volatile long seen;

        private Client(View view, Connection connection, long seen) {
            this.view = view;
            this.connection = connection;
            this.seen = seen;
        }

        private void send() {
            try {
                for (Board.Published section : board.changedSince(seen, view)) {
                    connection.send(section.name().code(), section.json(), run + "-" + section.version());
                    seen = section.version();
                }
                connection.send("pulse", pulse(), null);
            } catch (RuntimeException unwritable) {
                leave(this);
                connection.close();
            } finally {
                sending.set(false);
            }
        }
    }

    /** Sent with every round: the page's clock, and whether what it shows is still moving. */
    record PulseEvent(
            Instant serverTime,
            @Nullable Instant asOf,
            @Nullable Long readMillis,
            String elasticsearch,
            @Nullable String outage,
            @Nullable Boolean late,
            @Nullable Instant outageSince) {
        static PulseEvent of(Board.Pulse pulse, Instant now) {
            String state = pulse.outage() != null ? "down" : pulse.asOf() == null ? "starting" : "up";
            return new PulseEvent(
                    now, pulse.asOf(), pulse.readMillis(), state, pulse.outage(), pulse.late(), pulse.outageSince());
        }
    }

    /**
     * Whether there is room for somebody looking at this view. Two joining at the same instant may both get the last
     * place.
     */
    public boolean hasRoomFor(View view) {
        Set<View> looking = views();
        return clients.size() < MOST_CLIENTS && (looking.contains(view) || looking.size() < MOST_VIEWS);
    }

    /**
     * Sends what this browser has not seen, now and with every round.
     *
     * @param lastEventId as the browser gives it back; null or foreign: everything is sent
     */
    public Client join(View view, Connection connection, @Nullable String lastEventId) {
        Client client = new Client(view, connection, seenIn(lastEventId));
        clients.add(client);
        publishTo(client);
        return client;
    }

    public void leave(Client client) {
        clients.remove(client);
    }

    /** The pulse event as JSON. */
    public String pulse() {
        return Json.text(PulseEvent.of(board.pulse(), clock.instant()));
    }

    /** The pulse with the number of open pages and of different views, as JSON. */
    public String health() {
        return Json.text(
                new Health("up", PulseEvent.of(board.pulse(), clock.instant()), clients.size(), views().size()));
    }

    /** @param dashboard always up: it serves the last data while Elasticsearch is away */
    record Health(String dashboard, @JsonUnwrapped PulseEvent pulse, int clients, int views) {}

    /** Views somebody looks at. */
    public Set<View> views() {
        return clients.stream().map(client -> client.view).collect(Collectors.toSet());
    }

    /** Sends everybody what is new to them; returns at once. */
    public void publish() {
        clients.forEach(this::publishTo);
    }

    private void publishTo(Client client) {
        if (client.connection.gone()) {
            leave(client);
        } else if (client.sending.compareAndSet(false, true)) {
            senders.execute(client::send);
        }
    }

    private long seenIn(@Nullable String lastEventId) {
        if (lastEventId == null || !lastEventId.startsWith(run + "-")) {
            return 0;
        }
        try {
            return Long.parseLong(lastEventId.substring(run.length() + 1));
        } catch (NumberFormatException foreign) {
            return 0;
        }
    }

    @Override
    public void close() {
        clients.forEach(client -> client.connection.close());
        senders.shutdownNow();
    }
}
