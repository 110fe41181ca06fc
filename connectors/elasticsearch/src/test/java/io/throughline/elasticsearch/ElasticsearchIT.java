package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import com.fasterxml.jackson.databind.JsonNode;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link Verdict} and the templates assume about Elasticsearch, asked of a real one. Generation 1 is made once; each
 * test writes documents of its own.
 */
@Servers(value = Server.ELASTICSEARCH, own = true)
@Timeout(180)
class ElasticsearchIT {

    private static final BackOff SOON = new BackOff(50, 100, 400, 400);
    private static final BulkLimits LIMITS = new BulkLimits(1 << 20, 500, 10, 2, 8 << 20, 2_000, 1 << 20);
    private static final String NOVEMBER = DocumentKind.TOUCHPOINTS.index(1, Instant.parse("2026-11-23T10:00:00Z"));

    private static final String THIS_MONTH = DocumentKind.TOUCHPOINTS.index(1, Instant.now());

    private static String url;
    private static ElasticsearchClient client;

    private final DeadLettersDouble deadLetters = new DeadLettersDouble();
    private BulkCounts counts = new BulkCounts();

    @BeforeAll
    static void makeGeneration1(LocalServers servers) {
        url = servers.elasticsearchUrl();
        client = ElasticsearchConnection.to(url).open();
        TemplateInstaller.apply(client, 1, Map.of());
    }

    @AfterAll
    static void close() throws IOException {
        client.close();
    }

    @Test
    void templates_indices_and_aliases_can_be_applied_again() throws IOException {
        TemplateInstaller.apply(client, 1, Map.of());

        for (DocumentKind kind : DocumentKind.values()) {
            assertThat(indicesBehind(kind.alias())).contains(kind.index(1, Instant.now()));
        }
    }

    @Test
    void a_server_without_lifecycle_management_gets_no_policy_and_keeps_its_months() throws IOException {
        assertThat(Lifecycle.standing(client)).isEqualTo(Lifecycle.Standing.ABSENT);

        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, Duration.ofDays(90)));

        assertThat(Lifecycle.standingOfPolicy(client)).isEqualTo(Lifecycle.Standing.ABSENT);
        assertThat(indicesBehind(DocumentKind.TOUCHPOINTS.alias())).contains(THIS_MONTH);
    }

    @Test
    void a_month_without_touchpoints_gets_no_index_when_another_has_some() throws IOException {
        String january = DocumentKind.TOUCHPOINTS.index(3, Instant.parse("2020-01-31T10:00:00Z"));
        client.indices().create(create -> create.index(january));

        TemplateInstaller.apply(client, 3, Map.of());

        assertThat(client.indices()
                        .get(get -> get.index(DocumentKind.TOUCHPOINTS.pattern(3)))
                        .result())
                .containsOnlyKeys(january);
    }

    @Test
    void a_month_gets_its_index_mapping_and_alias_with_its_first_touchpoint() throws Exception {
        deliver(List.of(
                document(NOVEMBER, "first", 1, "{'touchpoint_id':'first','event_time':'2026-11-23T10:00:00.000Z'}")));

        assertThat(indicesBehind("throughline-touchpoints")).contains(THIS_MONTH, NOVEMBER);
        assertThat(countOf("throughline-touchpoints", "touchpoint_id", "first")).isEqualTo(1);
    }

    @Test
    void a_second_generation_fills_unseen_and_goes_live_in_one_step() throws Exception {
        TemplateInstaller.apply(client, 2, Map.of());
        String november2 = DocumentKind.TOUCHPOINTS.index(2, Instant.parse("2026-11-23T10:00:00Z"));
        deliver(List.of(document(november2, "rebuilt", 1, "{'touchpoint_id':'rebuilt'}")));
        assertThat(countOf("throughline-touchpoints", "touchpoint_id", "rebuilt"))
                .isZero();

        try {
            TemplateInstaller.makeLive(client, 2);
            assertThat(indicesBehind("throughline-touchpoints"))
                    .containsOnly(DocumentKind.TOUCHPOINTS.index(2, Instant.now()), november2);
            assertThat(indicesBehind("throughline-sessions")).containsExactly("throughline-sessions-g2");

            String december1 = DocumentKind.TOUCHPOINTS.index(1, Instant.parse("2026-12-01T00:00:00Z"));
            String december2 = DocumentKind.TOUCHPOINTS.index(2, Instant.parse("2026-12-01T00:00:00Z"));
            deliver(List.of(document(december1, "d", 1, "{}"), document(december2, "d", 1, "{}")));
            assertThat(indicesBehind("throughline-touchpoints"))
                    .contains(december2)
                    .doesNotContain(december1);
        } finally {
            TemplateInstaller.makeLive(client, 1);
        }
    }

    @Test
    void a_generation_that_was_never_filled_cannot_go_live() {
        assertThatThrownBy(() -> TemplateInstaller.makeLive(client, 9))
                .isInstanceOf(UnusableElasticsearchException.class)
                .hasMessageContaining("fill generation 9");
    }

    @Test
    void an_elasticsearch_that_is_not_there_is_named_in_one_line() throws IOException {
        try (ElasticsearchClient nobody =
                ElasticsearchConnection.to("http://127.0.0.1:9").open()) {
            assertThatThrownBy(() -> TemplateInstaller.apply(nobody, 1, Map.of()))
                    .isInstanceOf(UnusableElasticsearchException.class)
                    .hasMessageStartingWith("Elasticsearch at http://127.0.0.1:9 is unreachable")
                    .message()
                    .hasLineCount(1);
        }
    }

    @Test
    void dimensions_can_be_filtered_and_grouped_by_key() throws Exception {
        deliver(List.of(
                metric("a", "call", "billing"), metric("b", "call", "delivery"), metric("c", "chat", "billing")));
        refresh();

        List<StringTermsBucket> topics = client.search(
                        search -> search.index("throughline-metrics-g1")
                                .query(query -> query.term(
                                        term -> term.field("dimensions.channel").value("call")))
                                .aggregations("topics", by -> by.terms(terms -> terms.field("dimensions.topic"))),
                        JsonNode.class)
                .aggregations()
                .get("topics")
                .sterms()
                .buckets()
                .array();
        assertThat(topics).extracting(bucket -> bucket.key().stringValue()).containsExactly("billing", "delivery");
    }

    @Test
    void a_thousand_different_properties_add_no_field_to_the_mapping() throws Exception {
        String before = mappingOf(THIS_MONTH);
        List<IndexAction> actions = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String value = "v".repeat(i * 40);
            actions.add(document(NOVEMBER, "free" + i, 1, "{'properties':{'p" + i + "':'" + value + "'}}"));
        }
        deliver(actions);

        assertThat(counts.applied.sum()).isEqualTo(1_000);
        assertThat(mappingOf(NOVEMBER)).isEqualTo(before);
    }

    @Test
    void an_older_version_never_replaces_a_newer_one_and_a_replay_changes_nothing() throws Exception {
        List<IndexAction> history = new ArrayList<>();
        for (int version = 1; version <= 20; version++) {
            for (int id = 0; id < 50; id++) {
                history.add(session("replayed", "s" + id, version));
            }
        }
        Collections.shuffle(history, new Random(1));
        deliver(history);
        List<String> filled = sessionsOf("replayed");
        assertThat(filled).hasSize(50).allSatisfy(session -> assertThat(session).endsWith("@20"));

        counts = new BulkCounts();
        Collections.shuffle(history, new Random(2));
        deliver(history);
        assertThat(sessionsOf("replayed")).isEqualTo(filled);
        assertThat(counts.applied.sum()).isZero();
        assertThat(counts.stale.sum()).isGreaterThanOrEqualTo(50);
        assertThat(counts.retries.sum()).isZero();
    }

    @Test
    void a_deleted_document_is_gone_and_no_older_version_brings_it_back() throws Exception {
        deliver(List.of(
                document(NOVEMBER, "gone", 3, "{'touchpoint_id':'gone'}"),
                document(NOVEMBER, "replaced", 3, "{'touchpoint_id':'replaced'}")));
        assertThat(countOf("throughline-touchpoints", "touchpoint_id", "gone")).isEqualTo(1);

        deliver(List.of(
                IndexAction.delete(NOVEMBER, "gone", 9),
                IndexAction.delete(NOVEMBER, "never-seen", 9),
                IndexAction.delete(NOVEMBER, "replaced", 9)));
        counts = new BulkCounts();
        deliver(List.of(
                document(NOVEMBER, "gone", 4, "{'touchpoint_id':'gone'}"),
                document(NOVEMBER, "never-seen", 4, "{'touchpoint_id':'never-seen'}"),
                document(NOVEMBER, "replaced", 10, "{'touchpoint_id':'replaced'}")));

        assertThat(deadLetters.letters).isEmpty();
        assertThat(countOf("throughline-touchpoints", "touchpoint_id", "gone")).isZero();
        assertThat(countOf("throughline-touchpoints", "touchpoint_id", "never-seen"))
                .isZero();
        assertThat(countOf("throughline-touchpoints", "touchpoint_id", "replaced"))
                .as("a newer version is another record, which counts")
                .isEqualTo(1);
        assertThat(counts.applied.sum()).as("of the last bulk").isEqualTo(1);
        assertThat(counts.stale.sum()).isEqualTo(2);
    }

    @Test
    void one_poison_among_a_thousand_is_a_dead_letter_and_the_rest_is_indexed() throws Exception {
        List<IndexAction> actions = sessions("neighbours", 1_000);
        actions.set(300, document("throughline-sessions-g1", "unknown-field", 1, "{'nonsense':1}"));
        actions.set(400, document("throughline-sessions-g1", "wrong-type", 1, "{'start':'yesterday'}"));
        actions.set(500, document("throughline-sessions-g1", "no-json", 1, "{'session_id':"));
        deliver(actions);

        assertThat(sessionsOf("neighbours")).hasSize(997);
        assertThat(counts.bulks.sum()).as("bulks: nothing is sent twice").isLessThan(10);
        assertThat(deadLetters.letters)
                .allSatisfy(letter -> assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.POISON_DOCUMENT))
                .extracting(letter -> letter.action().id())
                .containsExactlyInAnyOrder("unknown-field", "wrong-type", "no-json");
    }

    @Test
    void an_id_elasticsearch_refuses_is_found_among_its_neighbours() throws Exception {
        List<IndexAction> actions = sessions("short", 100);
        actions.add(50, session("short", "x".repeat(600), 1));
        deliver(actions);

        assertThat(sessionsOf("short")).hasSize(100);
        assertThat(deadLetters.letters).singleElement().satisfies(letter -> assertThat(letter.detail())
                .contains("is too long"));
    }

    @Test
    void a_bulk_bigger_than_elasticsearch_takes_is_halved() throws Exception {
        String raw = "r".repeat(9 << 20);
        List<IndexAction> actions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            actions.add(document("throughline-rejected-g1", "o" + i, 1, "{'raw':'" + raw + "'}"));
        }
        deliver(url, actions, new BulkLimits(200 << 20, 100, 10, 1, 400L << 20, 1_000, 20 << 20));

        assertThat(counts.splits.sum()).isGreaterThan(0);
        assertThat(counts.applied.sum()).isEqualTo(12);
    }

    @Test
    void a_read_only_index_is_waited_out() throws Exception {
        block(true);
        CompletableFuture<Void> delivery = delivering(List.of(session("patient", "s", 1)));
        await().until(() -> counts.retries.sum() >= 3);
        block(false);
        delivery.get();

        assertThat(sessionsOf("patient")).hasSize(1);
        assertThat(counts.unauthorised.sum()).isZero();
        assertThat(deadLetters.letters).isEmpty();
    }

    @Test
    void answers_that_get_lost_cost_stale_documents_and_no_duplicates() throws Exception {
        try (AnswerCuttingProxy proxy = new AnswerCuttingProxy(url, 3)) {
            deliver(proxy.url(), sessions("cut", 1_000), LIMITS);
        }

        assertThat(sessionsOf("cut")).hasSize(1_000);
        assertThat(counts.stale.sum()).isGreaterThan(0);
        assertThat(counts.applied.sum() + counts.stale.sum()).isEqualTo(1_000);
    }

    @Test
    void a_killed_elasticsearch_is_waited_for_and_nothing_is_missing(LocalServers servers) throws Exception {
        deliver(sessions("before", 500));
        servers.kill(Server.ELASTICSEARCH);
        CompletableFuture<Void> delivery = delivering(sessions("during", 500));
        await().until(() -> counts.retries.sum() > 0);
        servers.start(Server.ELASTICSEARCH);
        delivery.get();

        assertThat(servers.elasticsearchUrl()).isEqualTo(url);
        assertThat(sessionsOf("before")).hasSize(500);
        assertThat(sessionsOf("during")).hasSize(500);
    }

    private static void block(boolean on) throws IOException {
        client.indices().putSettings(put -> put.index("throughline-sessions-g1")
                .settings(settings -> settings.blocks(blocks -> blocks.write(on))));
    }

    private CompletableFuture<Void> delivering(List<IndexAction> actions) {
        return CompletableFuture.runAsync(() -> {
            try {
                deliver(actions);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void deliver(List<IndexAction> actions) throws Exception {
        deliver(url, actions, LIMITS);
    }

    /** Runs until every document has found its end. */
    private void deliver(String to, List<IndexAction> actions, BulkLimits limits) throws Exception {
        BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
        try (ElasticsearchBulkTransport transport = new ElasticsearchBulkTransport(ElasticsearchConnection.to(to))) {
            transport.check();
            BulkFlow flow = new BulkFlow(
                    limits,
                    SOON,
                    transport,
                    deadLetters,
                    counts,
                    () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                    new SplittableRandom(1),
                    mailbox::add,
                    "run prepare");
            for (IndexAction action : actions) {
                flow.offer(action);
                flow.advance();
                while (flow.full()) {
                    turn(flow, mailbox);
                }
            }
            flow.drain();
            while (!flow.idle()) {
                turn(flow, mailbox);
            }
        }
    }

    private static void turn(BulkFlow flow, BlockingQueue<Runnable> mailbox) throws InterruptedException {
        Runnable mail = mailbox.poll(20, TimeUnit.MILLISECONDS);
        if (mail == null) {
            flow.advance();
        } else {
            mail.run();
        }
    }

    private static void refresh() throws IOException {
        client.indices().refresh(refresh -> refresh.index("throughline-*"));
    }

    private static long countOf(String index, String field, String value) throws IOException {
        refresh();
        return client.count(count -> count.index(index)
                        .query(query -> query.term(term -> term.field(field).value(value))))
                .count();
    }

    private static List<String> indicesBehind(String alias) throws IOException {
        return List.copyOf(
                client.indices().getAlias(get -> get.name(alias)).result().keySet());
    }

    private static String mappingOf(String index) throws IOException {
        return client.indices()
                .getMapping(get -> get.index(index))
                .result()
                .get(index)
                .mappings()
                .toString();
    }

    /** Id and version of every session of the customer. */
    private static List<String> sessionsOf(String customer) throws IOException {
        refresh();
        return client
                .search(
                        search -> search.index("throughline-sessions-g1")
                                .size(2_000)
                                .version(true)
                                .query(query -> query.term(
                                        term -> term.field("customer_id").value(customer))),
                        JsonNode.class)
                .hits()
                .hits()
                .stream()
                .map(hit -> hit.id() + "@" + hit.version())
                .sorted()
                .toList();
    }

    private static List<IndexAction> sessions(String customer, int number) {
        List<IndexAction> sessions = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            sessions.add(session(customer, "s" + i, 1));
        }
        return sessions;
    }

    private static IndexAction session(String customer, String id, long version) {
        return document(
                "throughline-sessions-g1",
                customer + "-" + id,
                version,
                "{'customer_id':'" + customer + "','revision':" + version + "}");
    }

    private static IndexAction metric(String id, String channel, String topic) {
        return document(
                "throughline-metrics-g1",
                id,
                1,
                "{'dimensions':{'channel':'" + channel + "','topic':'" + topic + "'}}");
    }

    private static IndexAction document(String index, String id, long version, String json) {
        return new IndexAction(index, id, version, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
