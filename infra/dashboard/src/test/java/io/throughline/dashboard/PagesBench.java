package io.throughline.dashboard;

import static io.throughline.dashboard.IndexedExperience.document;

import co.elastic.clients.elasticsearch._types.Refresh;
import io.throughline.dashboard.read.ExperienceReader;
import io.throughline.dashboard.read.View;
import io.throughline.dashboard.read.Window;
import io.throughline.elasticsearch.DocumentKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fills an Elasticsearch with a month of synthetic experience and measures how long each page's data takes, every request
 * being one nobody asked before. {@code infra/build/pages-bench URL [TOUCHPOINTS] [REQUESTS]}; everything
 * {@code throughline-*} at that URL is deleted first, unless TOUCHPOINTS is 0.
 */
public final class PagesBench {

    private static final List<String> CHANNELS =
            List.of("web", "app", "chat", "bot", "email", "call", "ivr", "sms", "whatsapp", "social", "store", "kiosk");
    private static final List<String> STAGES =
            List.of("awareness", "acquisition", "onboarding", "engagement", "support");
    private static final List<String> TOPICS = List.of("billing", "delivery", "contract", "login", "returns");
    private static final List<String> METRICS = List.of(
            "nps",
            "csat",
            "ces",
            "fcr_net",
            "fcr_gross",
            "wait_p50",
            "wait_p90",
            "service_level",
            "touchpoints",
            "sessions",
            "customers",
            "handle_p50");
    private static final int PER_SESSION = 7;
    private static final int SESSIONS_PER_CUSTOMER = 4;
    private static final Duration SPAN = Duration.ofDays(30);

    private static final List<String> PAGES = List.of(
            "/api/channels?window=24h",
            "/api/channels?window=30d",
            "/api/journeys?window=24h",
            "/api/journeys?window=30d&by=stage",
            "/api/alerts?status=all",
            "/api/sessions?window=24h",
            "/api/sessions?window=30d&trouble=complaints,errors&channel=call",
            "/api/sessions/s-77",
            "/api/customers",
            "/api/customers/c-77",
            "/api/verbatims?window=30d&words=waiting",
            "/api/rules?window=30d",
            "/api/pipeline");

    private final IndexedExperience indexed;
    private final Random random = new Random(20260301);
    private final Instant end = Instant.now();

    private PagesBench(IndexedExperience indexed) {
        this.indexed = indexed;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        URI elasticsearch = URI.create(arguments[0]);
        int touchpoints = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int requests = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 60;
        try (IndexedExperience indexed = new IndexedExperience(elasticsearch.toString())) {
            PagesBench bench = new PagesBench(indexed);
            if (touchpoints > 0) {
                bench.fill(touchpoints);
            }
            try (DashboardServer server = DashboardServer.start(new DashboardSettings(elasticsearch, "127.0.0.1", 0))) {
                bench.measure(server.url(), requests);
            }
        }
        System.exit(0);
    }

    private void fill(int touchpoints) {
        indexed.remove();
        indexed.empty();
        long started = System.nanoTime();
        int sessions = touchpoints / PER_SESSION;
        for (int i = 0; i < sessions; i++) {
            session(i);
            if (i % 300 == 299) {
                indexed.index(Refresh.False);
            }
        }
        for (int i = 0; i < sessions / SESSIONS_PER_CUSTOMER; i++) {
            indexed.customer("c-" + i, at(random.nextDouble()), Map.of());
            if (i % 2_000 == 1_999) {
                indexed.index(Refresh.False);
            }
        }
        for (int i = 0; i < sessions / SESSIONS_PER_CUSTOMER; i++) {
            Instant start = at(random.nextDouble());
            indexed.document(
                    DocumentKind.JOURNEYS,
                    "j-" + i,
                    document(
                            "journey_id",
                            "j-" + i,
                            "customer_id",
                            "c-" + i,
                            "status",
                            List.of("active", "active", "converted", "abandoned", "churned")
                                    .get(i % 5),
                            "start",
                            start,
                            "end",
                            start.plus(Duration.ofHours(random.nextInt(200))),
                            "furthest_stage",
                            STAGES.get(Math.min(random.nextInt(5), random.nextInt(6))),
                            "conversion_ms",
                            random.nextInt(500_000_000),
                            "channels",
                            List.of(CHANNELS.get(i % 12)),
                            "revision",
                            1));
            if (i % 2_000 == 1_999) {
                indexed.index(Refresh.False);
            }
        }
        for (int i = 0; i < touchpoints / 200; i++) {
            indexed.alert(
                    "a-" + i,
                    at(random.nextDouble()),
                    document(
                            "status",
                            List.of("open", "acknowledged", "resolved", "resolved", "retracted")
                                    .get(i % 5),
                            "severity",
                            List.of("error", "warning", "critical").get(i % 3),
                            "rule_id",
                            "rule-" + i % 11,
                            "customer_id",
                            "c-" + random.nextInt(Math.max(1, sessions / SESSIONS_PER_CUSTOMER))));
        }
        for (String channel : channels()) {
            for (String metric : METRICS) {
                Map<String, String> dimensions = channel.isEmpty() ? Map.of() : Map.of("channel", channel);
                for (int i = 0; i < 14 * 24; i++) {
                    indexed.metric(
                            metric, "24h", dimensions, end.minus(Duration.ofHours(i)), 40 + random.nextGaussian(), 900);
                }
                for (int i = 0; i < 60; i++) {
                    indexed.metric(
                            metric,
                            "30d",
                            dimensions,
                            end.minus(Duration.ofDays(i)),
                            40 + random.nextGaussian(),
                            9_000);
                }
            }
        }
        Instant today = end.truncatedTo(ChronoUnit.DAYS);
        for (int day = 0; day < 30; day++) {
            for (String from : CHANNELS) {
                for (String to : CHANNELS) {
                    String id = "channel|" + day + from + to;
                    indexed.document(
                            DocumentKind.TRANSITIONS,
                            id,
                            document(
                                    "transition_id",
                                    id,
                                    "kind",
                                    "channel",
                                    "day",
                                    today.minus(Duration.ofDays(day)),
                                    "from",
                                    from,
                                    "to",
                                    to,
                                    "count",
                                    random.nextInt(900),
                                    "revision",
                                    1));
                }
            }
        }
        for (int i = 0; i < 40; i++) {
            indexed.accounting("touchpoints-" + i, 25_000, 24_000, 500, 500, Map.of());
        }
        indexed.index(Refresh.True);
        System.out.printf(
                Locale.ROOT,
                "filled with %d touchpoints in %d sessions, %.0f s%n",
                sessions * PER_SESSION,
                sessions,
                (System.nanoTime() - started) / 1e9);
    }

    private static List<String> channels() {
        List<String> all = new ArrayList<>(CHANNELS);
        all.add("");
        return all;
    }

    private Instant at(double share) {
        return end.minusMillis((long) (share * share * SPAN.toMillis()));
    }

    private void session(int number) {
        Instant start = at(random.nextDouble());
        String id = "s-" + number;
        String customer = "c-" + number / SESSIONS_PER_CUSTOMER;
        List<Map<String, Object>> path = new ArrayList<>();
        TreeSet<String> channels = new TreeSet<>();
        TreeSet<String> stages = new TreeSet<>();
        String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
        int switches = 0;
        for (int k = 0; k < PER_SESSION; k++) {
            if (random.nextInt(4) == 0) {
                channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
                switches++;
            }
            String stage = STAGES.get(Math.min(random.nextInt(5), random.nextInt(5)));
            String touchpoint = id + "-" + k;
            Instant time = start.plusSeconds(60L * k);
            channels.add(channel);
            stages.add(stage);
            path.add(document(
                    "touchpoint_id",
                    touchpoint,
                    "event_time",
                    time,
                    "channel",
                    channel,
                    "kind",
                    "message",
                    "touchpoint",
                    "place-" + random.nextInt(30),
                    "stage",
                    stage));
            Map<String, Object> more = document(
                    "customer_id",
                    customer,
                    "session_id",
                    id,
                    "stage",
                    stage,
                    "topic",
                    TOPICS.get(random.nextInt(TOPICS.size())));
            if (random.nextInt(40) == 0) {
                more.put(
                        "survey",
                        document(
                                "metric",
                                "csat",
                                "scale_min",
                                1,
                                "scale_max",
                                5,
                                "score",
                                1 + random.nextInt(5),
                                "verbatim",
                                random.nextInt(3) == 0 ? "Still waiting for a call back" : "Quick and friendly"));
            }
            indexed.touchpoint(touchpoint, channel, time, more);
        }
        indexed.session(
                id,
                start,
                start.plusSeconds(60L * (PER_SESSION - 1)),
                document(
                        "customer_id",
                        customer,
                        "status",
                        "closed",
                        "path",
                        path,
                        "channels",
                        List.copyOf(channels),
                        "stages",
                        List.copyOf(stages),
                        "topics",
                        List.of(TOPICS.get(random.nextInt(TOPICS.size()))),
                        "touchpoint_count",
                        PER_SESSION,
                        "channel_switches",
                        switches,
                        "complaints",
                        random.nextInt(20) == 0 ? 1 : 0,
                        "errors",
                        random.nextInt(15) == 0 ? 1 : 0,
                        "outcome",
                        random.nextBoolean() ? "resolved" : "unresolved"));
    }

    private void measure(URI server, int requests) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        System.out.printf(Locale.ROOT, "%-72s %8s %8s %8s%n", "page's data", "p50 ms", "p95 ms", "max ms");
        List<Double> rounds = new ArrayList<>();
        ExperienceReader live = new ExperienceReader(indexed.client());
        for (int i = -5; i < requests; i++) {
            long started = System.nanoTime();
            // Half a minute on each time, so that every round reads the history too.
            live.read(end.plusSeconds(31L * (i + 6)), Set.of(View.DEFAULT, new View(Window.MONTH, "call")));
            if (i >= 0) {
                rounds.add((System.nanoTime() - started) / 1e6);
            }
        }
        report("overview: one round of the live figures for two views, with history", rounds);
        for (String page : PAGES) {
            List<Double> took = new ArrayList<>();
            // The first ones warm the JVMs up, as a day of work does.
            for (int i = -10; i < requests; i++) {
                // Another end each time: nothing comes from what was answered before.
                String until =
                        end.minusSeconds(3L * i).truncatedTo(ChronoUnit.SECONDS).toString();
                String address = page + (page.contains("?") ? "&" : "?") + "until=" + until;
                // What names no period is remembered for a second; all of it is limited to ten a second.
                Thread.sleep(page.contains("window") ? 110 : 1_050);
                long started = System.nanoTime();
                get(http, server.resolve(address));
                if (i >= 0) {
                    took.add((System.nanoTime() - started) / 1e6);
                }
            }
            report(page, took);
        }
    }

    private static String get(HttpClient http, URI address) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(address + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private static void report(String what, List<Double> millis) {
        List<Double> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "%-72s %8.0f %8.0f %8.0f%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1),
                sorted.get(sorted.size() - 1));
    }
}
