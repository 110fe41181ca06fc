package io.throughline.pipeline.settings;

import io.throughline.elasticsearch.BulkLimits;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.ElasticsearchConnection;
import io.throughline.elasticsearch.Retention;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How to reach Elasticsearch, and how much to send at once.
 *
 * @param generation which generation of indices is written; a rebuild writes the next one
 * @param retention how long documents are kept, by kind; what is absent is kept for ever
 */
public record ElasticsearchSettings(
        ElasticsearchConnection connection, BulkLimits bulk, int generation, Map<DocumentKind, Duration> retention)
        implements Serializable {

    /** @param retention the section of that name within */
    static ElasticsearchSettings read(Section section, Section retention) {
        ElasticsearchConnection defaults = ElasticsearchConnection.to("http://localhost:9200");
        List<String> urls = section.texts("urls", defaults.urls());
        List<String> none = urls.stream().filter(url -> !Addresses.isUrl(url)).toList();
        none.forEach(url -> section.problem("urls", "must be http or https URLs, was \"" + url + "\""));
        String apiKey = section.secret("api_key");
        String username = section.optionalText("username", null);
        String password = section.secret("password");
        String caCertificate = section.optionalText("ca_certificate", null);
        int connectTimeout = millis(section, "connect_timeout", defaults.connectTimeoutMillis());
        int answerTimeout = millis(section, "answer_timeout", defaults.answerTimeoutMillis());
        if ((username == null) != (password == null)) {
            section.problem(username == null ? "username" : "password", "username and password need each other");
        }
        ElasticsearchConnection connection = section.build(
                () -> new ElasticsearchConnection(
                        none.isEmpty() ? urls : defaults.urls(),
                        apiKey,
                        username,
                        password,
                        caCertificate,
                        connectTimeout,
                        answerTimeout),
                defaults);
        return new ElasticsearchSettings(
                connection, bulk(section.section("bulk")), section.integer("generation", 1, 1), retention(retention));
    }

    private static Map<DocumentKind, Duration> retention(Section section) {
        Map<DocumentKind, Duration> keep = new EnumMap<>(DocumentKind.class);
        for (DocumentKind kind : DocumentKind.values()) {
            if (Retention.applies(kind)) {
                Long millis = section.optionalDuration(key(kind), null);
                if (millis != null) {
                    keep.put(kind, Duration.ofMillis(millis));
                }
            }
        }
        return keep;
    }

    static String key(DocumentKind kind) {
        return kind.word().replace('-', '_');
    }

    private static BulkLimits bulk(Section section) {
        BulkLimits defaults = BulkLimits.DEFAULT;
        int bytes = section.integer("bytes", defaults.bulkBytes(), 1);
        int actions = section.integer("actions", defaults.bulkActions(), 1);
        long delay = section.durationOrZero("delay", defaults.bulkDelayMillis());
        int inFlight = section.integer("in_flight", defaults.inFlight(), 1);
        int bufferedBytes = section.integer("buffered_bytes", (int) defaults.bufferedBytes(), 1);
        int bufferedActions = section.integer("buffered_actions", defaults.bufferedActions(), 1);
        int documentBytes = section.integer("document_bytes", defaults.documentBytes(), 1);
        if (bufferedBytes < bytes) {
            section.problem("buffered_bytes", "must hold at least one bulk of " + bytes + ", was " + bufferedBytes);
        }
        if (bufferedActions < actions) {
            section.problem(
                    "buffered_actions", "must hold at least one bulk of " + actions + ", was " + bufferedActions);
        }
        boolean bigEnough = bufferedBytes >= bytes && bufferedActions >= actions;
        return bigEnough
                ? new BulkLimits(bytes, actions, delay, inFlight, bufferedBytes, bufferedActions, documentBytes)
                : defaults;
    }

    private static int millis(Section section, String name, int defaultMs) {
        long millis = section.duration(name, defaultMs);
        if (millis > Integer.MAX_VALUE) {
            section.problem(name, "must be shorter than 24 d, was " + DurationText.format(millis));
            return defaultMs;
        }
        return (int) millis;
    }

    /** The first URL's neighbours and secrets stay out of it. */
    @Override
    public String toString() {
        return "ElasticsearchSettings[" + connection + ", " + bulk + ", generation " + generation + "]";
    }
}
