package io.throughline.pipeline.index;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.Refresh;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.Explanation;
import io.throughline.domain.stitch.Neighbourhood;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.stitch.Subject;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.elasticsearch.DocumentJson;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.StitchedTouchpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Explanations from documents as the index job writes them. Others use the servers too: every value bears this run's name. */
@Servers(Server.ELASTICSEARCH)
class IndexedTouchpointsIT {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final String run = "run-" + UUID.randomUUID();
    private ElasticsearchClient client;

    @BeforeEach
    void open(LocalServers servers) throws IOException {
        Settings settings =
                Settings.parse("test", "elasticsearch: {urls: ['" + servers.elasticsearchUrl() + "']}", Map.of());
        IndexJob.prepare(settings.elasticsearch());
        client = settings.elasticsearch().connection().open();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
    }

    @Test
    void a_chain_over_months_is_found_and_explained() throws IOException {
        index("t-1", 1, NOON, id("customer_number", "k"), id("email", "e"));
        index("t-2", 1, NOON.plusSeconds(40L * 86_400), id("email", "e"), id("phone", "p"));
        index("t-3", 1, NOON, id("phone", "p"));
        // The same value of another type is somebody else.
        index("t-4", 1, NOON, id("loyalty_id", "e"));

        IndexedTouchpoints indexed = new IndexedTouchpoints(client);
        Subject a = new Subject.TouchpointId(run + "t-3");
        Subject b = new Subject.Known(new io.throughline.domain.touchpoint.Identifier("customer_number", run + "k"));
        Neighbourhood around = Neighbourhood.of(indexed, List.of(a, b), List.of(), StitchConfig.DEFAULTS, 1_000);
        Explanation why = Explanation.of(around.touchpoints(), List.of(), StitchConfig.DEFAULTS, a, b);

        assertThat(around.touchpoints())
                .extracting(Touchpoint::touchpointId)
                .containsExactlyInAnyOrder(run + "t-1", run + "t-2", run + "t-3");
        assertThat(why.oneCustomer()).isTrue();
        assertThat(why.path()).extracting(Explanation.Step::touchpointId).containsExactly(run + "t-2", run + "t-1");
        assertThat(indexed.count()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void more_than_a_page_is_read_to_its_end_and_a_bound_is_kept() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            ids.add("m-" + i);
        }
        client.bulk(bulk -> {
            bulk.refresh(Refresh.True);
            ids.forEach(id -> bulk.operations(operation -> operation.index(index -> index.index(
                            DocumentKind.TOUCHPOINTS.index(1, NOON))
                    .id(run + id)
                    .document(co.elastic.clients.util.BinaryData.of(
                            DocumentJson.toBytes(document(id, 1, NOON, id("email", "many"))), "application/json")))));
            return bulk;
        });
        IndexedTouchpoints indexed = new IndexedTouchpoints(client);
        Subject many = new Subject.Known(new io.throughline.domain.touchpoint.Identifier("email", run + "many"));

        assertThat(Neighbourhood.of(indexed, List.of(many), List.of(), StitchConfig.DEFAULTS, 10_000)
                        .touchpoints())
                .hasSize(1_500);
        Neighbourhood bounded = Neighbourhood.of(indexed, List.of(many), List.of(), StitchConfig.DEFAULTS, 1_200);
        assertThat(bounded.complete()).isFalse();
        assertThat(bounded.touchpoints()).hasSize(1_200);
    }

    @Test
    void of_a_touchpoint_in_two_months_the_newer_revision_counts() throws IOException {
        index("twice", 1, NOON, id("email", "old"));
        index("twice", 2, NOON.plusSeconds(40L * 86_400), id("email", "new"));

        Touchpoint touchpoint = new IndexedTouchpoints(client).touchpoint(run + "twice");

        assertThat(touchpoint.identifiers())
                .extracting(io.throughline.domain.touchpoint.Identifier::value)
                .containsExactly(run + "new");
        assertThat(new IndexedTouchpoints(client).customerOf(run + "twice")).isEqualTo(run);
        assertThat(new IndexedTouchpoints(client).touchpoint(run + "nobody")).isNull();
        assertThat(new IndexedTouchpoints(client).customerOf(run + "nobody")).isNull();
    }

    @Test
    void marks_take_the_place_of_all_that_an_erasure_concerns_and_of_nothing_else() throws IOException {
        Instant later = NOON.plusSeconds(40L * 86_400);
        index("e-1", 7, NOON, id("email", "gone"), id("phone", "p"));
        index("e-2", 1, NOON, id("email", "gone"));
        index("e-2", 2, later, id("email", "gone"));
        index("e-3", 1, later.plusMillis(1), id("email", "gone"));
        index("e-4", 1, NOON, id("loyalty_id", "gone"));
        List<io.throughline.domain.sessionize.StitchedTouchpoint> marks = new ArrayList<>();

        int count = new IndexedTouchpoints(client)
                .marks(
                        new Erasure(
                                new io.throughline.domain.touchpoint.Identifier("email", run + "gone"),
                                later.toEpochMilli(),
                                "asked for it",
                                "ada"),
                        marks::add);

        assertThat(count).isEqualTo(3);
        assertThat(marks)
                .extracting(mark -> mark.touchpoint().touchpointId() + " at "
                        + Instant.ofEpochMilli(mark.touchpoint().eventTime()))
                .containsExactlyInAnyOrder(run + "e-1 at " + NOON, run + "e-2 at " + NOON, run + "e-2 at " + later);
        assertThat(marks).allSatisfy(mark -> {
            assertThat(mark.isErased()).isTrue();
            assertThat(mark.touchpoint().identifiers()).isEmpty();
            assertThat(mark.revision()).isGreaterThan(7);
        });
    }

    private void index(String id, int revision, Instant time, Identifier... identifiers) throws IOException {
        client.index(index -> index.index(DocumentKind.TOUCHPOINTS.index(1, time))
                .id(run + id)
                .refresh(Refresh.True)
                .withJson(new ByteArrayInputStream(DocumentJson.toBytes(document(id, revision, time, identifiers)))));
    }

    private StitchedTouchpoint document(String id, int revision, Instant time, Identifier... identifiers) {
        return StitchedTouchpoint.newBuilder(Documents.touchpoint(run + id, run, revision, time))
                .setIdentifiers(List.of(identifiers))
                .build();
    }

    private Identifier id(String type, String value) {
        return Identifier.newBuilder().setType(type).setValue(run + value).build();
    }
}
