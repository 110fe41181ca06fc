package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two generations of one kind, document by document. Not compared are revisions and processing times,
 * which depend on when things arrived, and absorbed documents; a revised session is a closed one.
 *
 * @param onlyLeft documents that the one has and the other lacks
 * @param different documents that both have, with other content
 * @param examples of differences, in words
 */
public record GenerationDiff(
        DocumentKind kind,
        long left,
        long right,
        long onlyLeft,
        long onlyRight,
        long different,
        List<String> examples) {

    private static final int PAGE = 2_000;
    private static final int EXAMPLES = 5;
    private static final int FIELDS_NAMED = 6;
    private static final Set<String> DEPENDENT = Set.of("revision", "processing_time", "event");

    /** What orders the documents of a kind and tells them apart. */
    private static final Map<DocumentKind, List<String>> KEYS = Map.ofEntries(
            Map.entry(DocumentKind.TOUCHPOINTS, List.of("touchpoint_id")),
            Map.entry(DocumentKind.CUSTOMERS, List.of("customer_id")),
            Map.entry(DocumentKind.SESSIONS, List.of("session_id")),
            Map.entry(DocumentKind.ISSUES, List.of("issue_id")),
            Map.entry(DocumentKind.JOURNEYS, List.of("journey_id")),
            Map.entry(DocumentKind.TRANSITIONS, List.of("transition_id")),
            Map.entry(DocumentKind.METRICS, List.of("series_id", "as_of")),
            Map.entry(DocumentKind.ALERTS, List.of("alert_id")),
            Map.entry(DocumentKind.IDENTITY_CHANGES, List.of("change_id")),
            Map.entry(DocumentKind.REJECTED, List.of("origin")),
            Map.entry(DocumentKind.RULE_ERRORS, List.of("rule_error_id")),
            Map.entry(DocumentKind.ACCOUNTING, List.of("source")),
            Map.entry(DocumentKind.QUALITY, List.of("source", "hour")));

    public boolean same() {
        return onlyLeft == 0 && onlyRight == 0 && different == 0;
    }

    /**
     * Reads all documents of both, in order.
     *
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable, refuses or lacks one of the generations
     */
    public static GenerationDiff of(ElasticsearchClient client, DocumentKind kind, int left, int right) {
        return ElasticsearchConnection.speaking(client, () -> {
            Walk one = new Walk(client, kind, left);
            Walk other = new Walk(client, kind, right);
            Tally tally = new Tally();
            Document a = one.next();
            Document b = other.next();
            while (a != null || b != null) {
                int order = a == null ? 1 : b == null ? -1 : a.compareTo(b);
                if (order < 0 && a != null) {
                    tally.onlyLeft(a);
                } else if (order > 0 && b != null) {
                    tally.onlyRight(b);
                } else if (a != null && b != null) {
                    tally.both(a, b);
                }
                a = order <= 0 ? one.next() : a;
                b = order >= 0 ? other.next() : b;
            }
            return new GenerationDiff(
                    kind, one.read, other.read, tally.onlyLeft, tally.onlyRight, tally.different, tally.examples);
        });
    }

    /** Differences as they are found. */
    private static final class Tally {
        private long onlyLeft;
        private long onlyRight;
        private long different;
        private final List<String> examples = new ArrayList<>();

        void onlyLeft(Document document) {
            onlyLeft++;
            example(document + " is in the first one only");
        }

        void onlyRight(Document document) {
            onlyRight++;
            example(document + " is in the second one only");
        }

        void both(Document left, Document right) {
            if (left.content().equals(right.content())) {
                return;
            }
            different++;
            Set<String> names = new TreeSet<>();
            left.content().fieldNames().forEachRemaining(names::add);
            right.content().fieldNames().forEachRemaining(names::add);
            names.removeIf(
                    name -> left.content().path(name).equals(right.content().path(name)));
            List<String> named = names.stream().limit(FIELDS_NAMED).toList();
            example(left + " differs in " + String.join(", ", named)
                    + (names.size() > named.size() ? " and " + (names.size() - named.size()) + " more" : ""));
        }

        private void example(String words) {
            if (examples.size() < EXAMPLES) {
                examples.add(words);
            }
        }
    }

    private record Document(List<FieldValue> key, ObjectNode content) implements Comparable<Document> {

        /** As Elasticsearch sorts: text by the bytes of its UTF-8, numbers by value. */
        @Override
        public int compareTo(Document other) {
            for (int i = 0; i < key.size(); i++) {
                FieldValue one = key.get(i);
                FieldValue two = other.key.get(i);
                int order = one.isString() && two.isString()
                        ? Arrays.compareUnsigned(
                                one.stringValue().getBytes(StandardCharsets.UTF_8),
                                two.stringValue().getBytes(StandardCharsets.UTF_8))
                        : Long.compare(one.longValue(), two.longValue());
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }

        @Override
        public String toString() {
            return String.join("@", key.stream().map(FieldValue::_toJsonString).toList());
        }
    }

    /** All documents of a generation in the order of their keys, a page at a time. */
    private static final class Walk {
        private final ElasticsearchClient client;
        private final DocumentKind kind;
        private final int generation;
        private final Deque<Document> page = new ArrayDeque<>();
        private @Nullable List<FieldValue> after;
        private boolean ended;
        private long read;

        Walk(ElasticsearchClient client, DocumentKind kind, int generation) {
            this.client = client;
            this.kind = kind;
            this.generation = generation;
        }

        @Nullable
        Document next() throws IOException {
            if (page.isEmpty() && !ended) {
                fetch();
            }
            Document next = page.poll();
            read += next == null ? 0 : 1;
            return next;
        }

        private void fetch() throws IOException {
            List<SortOptions> sort = KEYS.getOrDefault(kind, List.of()).stream()
                    .map(field -> SortOptions.of(
                            by -> by.field(each -> each.field(field).order(SortOrder.Asc))))
                    .toList();
            Query standing = Query.of(all -> all.bool(bool -> bool.mustNot(
                    absorbed -> absorbed.term(term -> term.field("status").value("absorbed")))));
            List<FieldValue> from = after;
            List<Hit<ObjectNode>> hits = client.search(
                            search -> {
                                search.index(kind.pattern(generation))
                                        .size(PAGE)
                                        .query(standing)
                                        .trackTotalHits(total -> total.enabled(false))
                                        .sort(sort);
                                return from == null ? search : search.searchAfter(from);
                            },
                            ObjectNode.class)
                    .hits()
                    .hits();
            ended = hits.size() < PAGE;
            for (Hit<ObjectNode> hit : hits) {
                after = hit.sort();
                ObjectNode source = hit.source();
                if (source != null) {
                    page.add(new Document(hit.sort(), comparable(source)));
                }
            }
        }

        private ObjectNode comparable(ObjectNode source) {
            source.remove(DEPENDENT);
            JsonNode status = source.path("status");
            if (kind == DocumentKind.SESSIONS && status.asText().equals("revised")) {
                source.put("status", "closed");
            }
            return source;
        }
    }
}
