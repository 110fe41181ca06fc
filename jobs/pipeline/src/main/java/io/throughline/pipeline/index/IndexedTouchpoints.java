package io.throughline.pipeline.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.Neighbourhood;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.elasticsearch.DocumentKind;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The touchpoints of the live generation of indices, with what stitching looks at: id, time, channel, kind, identifiers. */
public final class IndexedTouchpoints implements Neighbourhood.Source {

    private static final int PAGE = 1_000;
    private static final List<String> FIELDS =
            List.of("touchpoint_id", "customer_id", "event_time", "channel", "kind", "identifiers", "revision");

    /** Without its milliseconds a time would stand for the whole second. */
    private static final DateTimeFormatter TO_THE_MILLISECOND =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private final ElasticsearchClient elasticsearch;

    public IndexedTouchpoints(ElasticsearchClient elasticsearch) {
        this.elasticsearch = elasticsearch;
    }

    @Override
    public @Nullable Touchpoint touchpoint(String touchpointId) throws IOException {
        ObjectNode document = document(touchpointId);
        return document == null ? null : read(document);
    }

    /** The customer the indexed touchpoint names; null where there is no such touchpoint. */
    public @Nullable String customerOf(String touchpointId) throws IOException {
        ObjectNode document = document(touchpointId);
        return document == null ? null : document.path("customer_id").asText();
    }

    private @Nullable ObjectNode document(String touchpointId) throws IOException {
        Query query = Query.of(q -> q.term(t -> t.field("touchpoint_id").value(touchpointId)));
        return search(query, search -> search).stream().findFirst().orElse(null);
    }

    @Override
    public List<Touchpoint> bearing(Collection<Identifier> identifiers, @Nullable String after) throws IOException {
        List<FieldValue> values = identifiers.stream()
                .map(Identifier::value)
                .distinct()
                .map(FieldValue::of)
                .toList();
        Query query = Query.of(q -> q.terms(t -> t.field("identifiers.value").terms(terms -> terms.value(values))));
        Set<Identifier> asked = new HashSet<>(identifiers);
        String from = after;
        while (true) {
            String last = from;
            List<Touchpoint> page =
                    search(query, search -> last == null ? search : search.searchAfter(List.of(FieldValue.of(last))))
                            .stream()
                            .map(IndexedTouchpoints::read)
                            .toList();
            // An index knows types and values, but not which belong together.
            List<Touchpoint> bearing = page.stream()
                    .filter(t -> t.identifiers().stream().anyMatch(asked::contains))
                    .toList();
            if (!bearing.isEmpty() || page.isEmpty()) {
                return bearing;
            }
            from = page.get(page.size() - 1).touchpointId();
        }
    }

    /**
     * Hands on the marks that take the place of all indexed touchpoints an erasure concerns, whatever the job remembers of
     * them.
     *
     * @return how many there were
     */
    public int marks(Erasure erasure, Consumer<StitchedTouchpoint> marks) throws IOException {
        Query query = Query.of(q -> q.bool(bool -> bool.filter(bearing -> bearing.term(t ->
                        t.field("identifiers.value").value(erasure.identifier().value())))
                .filter(early -> early.range(range -> range.date(date -> date.field("event_time")
                        .lte(TO_THE_MILLISECOND.format(Instant.ofEpochMilli(erasure.until()))))))));
        int count = 0;
        List<FieldValue> after = List.of();
        while (true) {
            List<FieldValue> last = after;
            List<Hit<ObjectNode>> page = hits(query, search -> (last.isEmpty() ? search : search.searchAfter(last))
                    // Of two records of one id in different months both are to go.
                    .sort(s -> s.field(f -> f.field("event_time").order(SortOrder.Asc))));
            if (page.isEmpty()) {
                return count;
            }
            after = page.get(page.size() - 1).sort();
            for (Hit<ObjectNode> hit : page) {
                ObjectNode document = hit.source();
                if (document != null && read(document).identifiers().contains(erasure.identifier())) {
                    marks.accept(StitchedTouchpoint.erasedAfter(
                            read(document), document.path("revision").asLong()));
                    count++;
                }
            }
        }
    }

    /** How many touchpoints are indexed. */
    public long count() throws IOException {
        try {
            return elasticsearch
                    .count(count -> count.index(DocumentKind.TOUCHPOINTS.alias()))
                    .count();
        } catch (ElasticsearchException e) {
            throw explained(e);
        }
    }

    private List<Hit<ObjectNode>> hits(Query query, UnaryOperator<SearchRequest.Builder> more) throws IOException {
        SearchRequest.Builder request = new SearchRequest.Builder()
                .index(DocumentKind.TOUCHPOINTS.alias())
                .size(PAGE)
                .trackTotalHits(total -> total.enabled(false))
                .query(query)
                .source(source -> source.filter(filter -> filter.includes(FIELDS)))
                .sort(s -> s.field(f -> f.field("touchpoint_id").order(SortOrder.Asc)));
        try {
            return elasticsearch
                    .search(more.apply(request).build(), ObjectNode.class)
                    .hits()
                    .hits();
        } catch (ElasticsearchException e) {
            throw explained(e);
        }
    }

    private List<ObjectNode> search(Query query, UnaryOperator<SearchRequest.Builder> more) throws IOException {
        // An id is found twice where two records of it lie in different months: the newer revision counts.
        Map<String, ObjectNode> newest = new LinkedHashMap<>();
        for (Hit<ObjectNode> hit : hits(query, more)) {
            ObjectNode document = hit.source();
            if (document != null) {
                newest.merge(
                        document.path("touchpoint_id").asText(),
                        document,
                        (x, y) ->
                                y.path("revision").asLong() > x.path("revision").asLong() ? y : x);
            }
        }
        return List.copyOf(newest.values());
    }

    private static IOException explained(ElasticsearchException e) {
        return new IOException(
                e.status() == 404
                        ? "Elasticsearch has no " + DocumentKind.TOUCHPOINTS.alias()
                                + ": make it with throughline provision and start the index job"
                        : "Elasticsearch refused the search of " + DocumentKind.TOUCHPOINTS.alias() + ": "
                                + e.getMessage());
    }

    private static Touchpoint read(JsonNode document) {
        List<Identifier> identifiers = new ArrayList<>();
        for (JsonNode identifier : document.path("identifiers")) {
            identifiers.add(new Identifier(
                    identifier.path("type").asText(), identifier.path("value").asText()));
        }
        return Touchpoint.of(
                        document.path("touchpoint_id").asText(),
                        Instant.parse(document.path("event_time").asText()).toEpochMilli(),
                        document.path("channel").asText(),
                        document.path("kind").asText())
                .identifiers(identifiers)
                .build();
    }
}
