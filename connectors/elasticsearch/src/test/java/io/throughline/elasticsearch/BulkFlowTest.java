package io.throughline.elasticsearch;

import static io.throughline.elasticsearch.ElasticsearchDouble.each;
import static io.throughline.elasticsearch.ElasticsearchDouble.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.elasticsearch.BulkAnswer.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BulkFlowTest {

    private static final BulkLimits LIMITS = new BulkLimits(200_000, 1_000, 500, 2, 800_000, 4_000, 50_000);

    private static final long ONE_DAY = 86_400_000;

    private long now;
    private final ElasticsearchDouble elasticsearch = new ElasticsearchDouble(() -> now);
    private final DeadLettersDouble deadLetters = new DeadLettersDouble();
    private final Deque<Runnable> mailbox = new ArrayDeque<>();
    private final BulkCounts counts = new BulkCounts();
    private BulkFlow flow = flowWith(LIMITS);

    @Test
    void documents_wait_for_company_but_not_longer_than_the_delay() {
        flow.offer(document("a", 1));
        advance();
        assertThat(elasticsearch.bulks).isEmpty();
        assertThat(flow.wakeUpAt()).isEqualTo(500);

        now = 300;
        flow.offer(document("b", 1));
        advance();
        assertThat(elasticsearch.bulks).isEmpty();

        now = 500;
        advance();
        assertThat(elasticsearch.bulks).containsExactly(List.of(document("a", 1), document("b", 1)));
        assertThat(flow.idle()).isTrue();
        assertThat(flow.wakeUpAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_bulk_goes_out_when_it_has_the_number_of_documents() {
        offer(1_000);
        advance();

        assertThat(elasticsearch.bulks).hasSize(1);
        assertThat(elasticsearch.bulks.get(0)).hasSize(1_000);
    }

    @Test
    void a_bulk_never_exceeds_the_bytes_unless_it_is_one_document() {
        flow = flowWith(new BulkLimits(10_000, 1_000, 500, 2, 400_000, 4_000, 50_000));
        flow.offer(sized("a", 6_000));
        flow.offer(sized("b", 6_000));
        flow.offer(sized("c", 30_000));
        drain();

        assertThat(elasticsearch.bulks).extracting(bulk -> bulk.get(0).id()).containsExactly("a", "b", "c");
        assertThat(counts.applied.sum()).isEqualTo(3);
    }

    @Test
    void of_several_versions_waiting_only_the_newest_is_sent() {
        flow.offer(document("a", 2));
        flow.offer(document("a", 5));
        flow.offer(document("a", 3));
        drain();

        assertThat(elasticsearch.bulks).containsExactly(List.of(document("a", 5)));
        assertThat(counts.coalesced.sum()).isEqualTo(2);
        assertThat(flow.idle()).isTrue();
    }

    @Test
    void a_stale_document_counts_as_delivered() {
        elasticsearch.takeOne(document("a", 9));
        flow.offer(document("a", 8));
        flow.offer(document("b", 1));
        drain();

        assertThat(counts.stale.sum()).isEqualTo(1);
        assertThat(counts.applied.sum()).isEqualTo(1);
        assertThat(counts.retries.sum()).isZero();
        assertThat(elasticsearch.bulks).hasSize(1);
    }

    @Test
    void one_poison_among_a_thousand_costs_one_dead_letter_and_nothing_else() {
        elasticsearch.behave(bulk -> each(
                bulk,
                action -> action.id().equals("417")
                        ? new Status(400, "document_parsing_exception", "failed to parse field [score]")
                        : elasticsearch.takeOne(action)));
        offer(1_000);
        drain();

        assertThat(elasticsearch.bulks).hasSize(1);
        assertThat(elasticsearch.documents).hasSize(999);
        assertThat(deadLetters.letters).singleElement().satisfies(letter -> {
            assertThat(letter.action()).isEqualTo(document("417", 1));
            assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.POISON_DOCUMENT);
            assertThat(letter.detail()).isEqualTo("400 document_parsing_exception: failed to parse field [score]");
        });
    }

    @Test
    void a_document_for_which_the_whole_bulk_is_refused_is_found_by_halving() {
        elasticsearch.behave(
                bulk -> bulk.stream().anyMatch(action -> action.id().equals("417"))
                        ? whole(400, "action_request_validation_exception")
                        : elasticsearch.take(bulk));
        offer(1_000);
        drain();

        assertThat(elasticsearch.documents).hasSize(999);
        assertThat(deadLetters.letters)
                .extracting(letter -> letter.action().id())
                .containsExactly("417");
        assertThat(elasticsearch.bulks).hasSizeLessThan(25);
    }

    @Test
    void a_bulk_that_is_too_big_is_halved_until_it_passes_and_later_ones_start_smaller() {
        elasticsearch.behave(bulk ->
                bulk.stream().mapToInt(IndexAction::size).sum() > 30_000 ? whole(413, null) : elasticsearch.take(bulk));
        offer(900);
        drain();
        long splits = counts.splits.sum();
        assertThat(splits).isGreaterThan(0);
        assertThat(elasticsearch.documents).hasSize(900);

        for (int i = 900; i < 1_800; i++) {
            flow.offer(document(Integer.toString(i), 1));
        }
        drain();
        assertThat(counts.splits.sum()).isEqualTo(splits);
        assertThat(elasticsearch.documents).hasSize(1_800);
        assertThat(deadLetters.letters).isEmpty();
    }

    @Test
    void a_single_document_that_is_too_big_is_a_dead_letter() {
        elasticsearch.behave(
                bulk -> bulk.stream().anyMatch(action -> action.id().equals("big"))
                        ? whole(413, null)
                        : elasticsearch.take(bulk));
        flow.offer(document("a", 1));
        flow.offer(sized("big", 20_000));
        flow.offer(document("b", 1));
        flow.offer(sized("bigger than the limit", 50_001));
        drain();

        assertThat(elasticsearch.documents).containsOnlyKeys("i/a", "i/b");
        assertThat(deadLetters.letters)
                .allSatisfy(letter -> assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.OVERSIZE_DOCUMENT))
                .extracting(letter -> letter.action().id())
                .containsExactlyInAnyOrder("big", "bigger than the limit");
        assertThat(flow.idle()).isTrue();
    }

    @Test
    void a_storm_of_429_meets_at_most_two_requests_a_second_and_loses_nothing() {
        elasticsearch.behave(
                bulk -> each(bulk, action -> new Status(429, "es_rejected_execution_exception", "queue full")));
        offer(2_000);
        begin();
        runUntil(120_000);

        assertThat(elasticsearch.bulks).hasSizeBetween(8, 240);
        for (int i = 0; i < elasticsearch.arrivals.size(); i++) {
            long from = elasticsearch.arrivals.get(i);
            long within = elasticsearch.arrivals.stream()
                    .filter(at -> at >= from && at < from + 10_000)
                    .count();
            assertThat(within).as("requests in the 10 s from %d ms", from).isLessThanOrEqualTo(20);
        }
        assertThat(flow.circuit()).isNotEqualTo(Circuit.CLOSED);
        assertThat(flow.oldestUnackedMillis()).isEqualTo(120_000);

        elasticsearch.recover();
        drain();
        assertThat(elasticsearch.documents).hasSize(2_000);
        assertThat(now).isLessThan(120_000 + 2 * BackOff.DEFAULT.maxMillis());
        assertThat(flow.circuit()).isEqualTo(Circuit.CLOSED);
        assertThat(flow.oldestUnackedMillis()).isZero();
    }

    @Test
    void a_refused_connection_is_waited_out() {
        elasticsearch.behave(bulk -> new BulkAnswer.None(new ConnectException("Connection refused")));
        offer(10);
        begin();
        runUntil(60_000);
        assertThat(flow.idle()).isFalse();
        assertThat(counts.retries.sum()).isGreaterThan(0);

        elasticsearch.recover();
        drain();
        assertThat(elasticsearch.documents).hasSize(10);
        assertThat(counts.applied.sum()).isEqualTo(10);
    }

    @Test
    void a_big_bulk_that_is_never_answered_is_halved_because_it_may_be_too_big() {
        flow = flowWith(new BulkLimits(8 << 20, 1_000, 500, 2, 16 << 20, 4_000, 4 << 20));
        elasticsearch.behave(bulk -> bulk.stream().mapToInt(IndexAction::size).sum() > 3 << 20
                ? new BulkAnswer.None(new IOException("Broken pipe"))
                : elasticsearch.take(bulk));
        for (int i = 0; i < 8; i++) {
            flow.offer(sized("big" + i, 900_000));
        }
        drain();

        assertThat(elasticsearch.documents).hasSize(8);
        assertThat(counts.splits.sum()).isEqualTo(3);
        assertThat(deadLetters.letters).isEmpty();
    }

    @Test
    void an_answer_that_got_lost_is_found_out_as_stale() {
        elasticsearch.behave(bulk -> {
            elasticsearch.take(bulk);
            return new BulkAnswer.None(new IOException("Connection reset by peer"));
        });
        offer(10);
        begin();
        elasticsearch.recover();
        drain();

        assertThat(counts.stale.sum()).isEqualTo(10);
        assertThat(counts.applied.sum()).isZero();
        assertThat(elasticsearch.documents).hasSize(10);
    }

    @Test
    void only_the_documents_that_were_turned_away_are_sent_again() {
        elasticsearch.behave(bulk -> each(
                bulk,
                action -> action.id().equals("3")
                        ? new Status(503, "unavailable_shards_exception", "primary shard is not active")
                        : elasticsearch.takeOne(action)));
        offer(10);
        begin();
        assertThat(elasticsearch.documents).hasSize(9);

        elasticsearch.recover();
        drain();
        assertThat(elasticsearch.bulks.get(1)).containsExactly(document("3", 1));
        assertThat(counts.retries.sum()).isEqualTo(1);
    }

    @Test
    void a_document_turned_away_is_not_sent_again_when_a_newer_version_waits() {
        elasticsearch.behave(bulk -> whole(503, null));
        flow.offer(document("a", 1));
        begin();
        flow.offer(document("a", 2));
        elasticsearch.recover();
        drain();

        assertThat(elasticsearch.bulks).containsExactly(List.of(document("a", 1)), List.of(document("a", 2)));
        assertThat(counts.coalesced.sum()).isEqualTo(1);
        assertThat(flow.idle()).isTrue();
    }

    @Test
    void a_cut_off_answer_counts_as_none() {
        elasticsearch.behave(bulk -> each(bulk.subList(0, 3), elasticsearch::takeOne));
        offer(10);
        begin();
        assertThat(counts.applied.sum()).isZero();

        elasticsearch.recover();
        drain();
        assertThat(counts.applied.sum()).isEqualTo(7);
        assertThat(counts.stale.sum()).isEqualTo(3);
    }

    @Test
    void while_nothing_is_answered_memory_is_bounded_and_two_bulks_are_out() {
        elasticsearch.hold();
        int offered = 0;
        while (!flow.full()) {
            flow.offer(document(Integer.toString(offered++), 1));
            advance();
        }
        assertThat(offered).isLessThanOrEqualTo(LIMITS.bufferedActions());
        assertThat(elasticsearch.mostUnanswered()).isEqualTo(2);

        elasticsearch.answer();
        readMail();
        assertThat(flow.full()).isFalse();
    }

    @Test
    void after_trouble_a_single_bulk_probes_before_the_others_follow() {
        elasticsearch.behave(bulk -> whole(503, null));
        offer(2_000);
        begin();
        assertThat(flow.circuit()).isEqualTo(Circuit.OPEN);

        elasticsearch.recover();
        elasticsearch.hold();
        int before = elasticsearch.bulks.size();
        now = flow.wakeUpAt();
        advance();
        assertThat(elasticsearch.bulks).hasSize(before + 1);
        assertThat(flow.circuit()).isEqualTo(Circuit.PROBING);

        elasticsearch.answer();
        readMail();
        assertThat(flow.circuit()).isEqualTo(Circuit.CLOSED);
    }

    @Test
    void refused_credentials_fail_at_start_up() {
        elasticsearch.behave(bulk -> whole(401, "security_exception"));
        flow.offer(document("a", 1));

        assertThatThrownBy(this::begin)
                .isInstanceOf(UnusableElasticsearchException.class)
                .hasMessageContaining("refuses the credentials")
                .hasMessageContaining("elasticsearch.api_key");
    }

    @Test
    void refused_credentials_are_waited_out_slowly_once_documents_have_passed() {
        flow.offer(document("a", 1));
        drain();
        elasticsearch.behave(bulk -> whole(401, "security_exception"));
        flow.offer(document("b", 1));
        begin();
        runUntil(now + 10 * 60_000);
        assertThat(counts.unauthorised.sum()).isBetween(10L, 22L);

        elasticsearch.recover();
        drain();
        assertThat(elasticsearch.documents).hasSize(2);
    }

    @Test
    void a_read_only_index_is_waited_out_and_is_no_matter_of_credentials() {
        elasticsearch.behave(bulk -> each(
                bulk, action -> new Status(403, "cluster_block_exception", "index read-only / allow delete (api)")));
        offer(10);
        begin();
        runUntil(60_000);
        assertThat(counts.unauthorised.sum()).isZero();

        elasticsearch.recover();
        drain();
        assertThat(elasticsearch.documents).hasSize(10);
    }

    @Test
    void a_missing_index_fails_with_the_command_to_run() {
        elasticsearch.behave(
                bulk -> each(bulk, action -> new Status(404, "index_not_found_exception", "no such index [i]")));
        flow.offer(document("a", 1));

        assertThatThrownBy(this::begin)
                .isInstanceOf(UnusableElasticsearchException.class)
                .hasMessage("index i is missing (404 index_not_found_exception: no such index [i]);"
                        + " create templates and indices: run prepare");
    }

    @Test
    void something_else_listening_fails_the_job() {
        elasticsearch.behave(bulk -> whole(405, null));
        flow.offer(document("a", 1));

        assertThatThrownBy(this::begin)
                .isInstanceOf(UnusableElasticsearchException.class)
                .hasMessageContaining("elasticsearch.urls");
    }

    /** Whatever happens on the way, the newest version of everything ends in the index or the dead letters. */
    @Test
    void any_mixture_of_trouble_ends_with_the_newest_version_of_everything() {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            now = 0;
            ElasticsearchDouble world = new ElasticsearchDouble(() -> now);
            DeadLettersDouble letters = new DeadLettersDouble();
            BulkCounts tally = new BulkCounts();
            BulkLimits tight = new BulkLimits(3_000, 20, 50, 2, 6_000, 60, 50_000);
            BulkFlow troubled = new BulkFlow(
                    tight, BackOff.DEFAULT, world, letters, tally, () -> now, random.split(), Runnable::run, "");
            world.behave(bulk -> switch (random.nextInt(8)) {
                case 0 -> whole(429, null);
                case 1 -> new BulkAnswer.None(new IOException("reset"));
                case 2 -> bulk.size() > 4 ? whole(413, null) : world.take(bulk);
                case 3 -> {
                    world.take(bulk);
                    yield new BulkAnswer.None(new IOException("answer lost"));
                }
                case 4 ->
                    each(
                            bulk,
                            action -> random.nextBoolean()
                                    ? new Status(429, "es_rejected_execution_exception", "")
                                    : world.takeOne(action));
                default -> world.take(bulk);
            });
            long[] newest = new long[50];
            for (int i = 0; i < 500; i++) {
                int id = random.nextInt(newest.length);
                newest[id]++;
                troubled.offer(document(Integer.toString(id), newest[id]));
                troubled.advance();
                while (troubled.full()) {
                    now = Math.max(now + 1, troubled.wakeUpAt());
                    troubled.advance();
                }
                now += random.nextInt(30);
            }
            troubled.drain();
            while (!troubled.idle()) {
                now = Math.max(now + 1, troubled.wakeUpAt());
                troubled.advance();
            }

            assertThat(letters.letters).isEmpty();
            for (int id = 0; id < newest.length; id++) {
                if (newest[id] > 0) {
                    assertThat(world.documents.get("i/" + id))
                            .as("seed %d", seed)
                            .isEqualTo(document("" + id, newest[id]));
                }
            }
            assertThat(tally.applied.sum() + tally.stale.sum() + tally.coalesced.sum())
                    .as("seed %d: every document has one end", seed)
                    .isEqualTo(500);
        }
    }

    private BulkFlow flowWith(BulkLimits limits) {
        return new BulkFlow(
                limits,
                BackOff.DEFAULT,
                elasticsearch,
                deadLetters,
                counts,
                () -> now,
                new SplittableRandom(7),
                mailbox::add,
                "run prepare");
    }

    private void offer(int documents) {
        for (int i = 0; i < documents; i++) {
            flow.offer(document(Integer.toString(i), 1));
        }
    }

    private void advance() {
        flow.advance();
        readMail();
    }

    private void begin() {
        flow.drain();
        readMail();
    }

    private void readMail() {
        for (Runnable mail = mailbox.poll(); mail != null; mail = mailbox.poll()) {
            mail.run();
        }
    }

    private void drain() {
        begin();
        runUntil(Long.MAX_VALUE);
        assertThat(flow.idle()).isTrue();
        flow.drained();
    }

    /** Moves the clock from wake-up to wake-up. */
    private void runUntil(long end) {
        while (!flow.idle()) {
            long next = flow.wakeUpAt();
            assertThat(next).as("time of the next wake-up").isGreaterThan(now);
            assertThat(now).as("time by which everything should have ended").isLessThan(ONE_DAY);
            if (next > end) {
                break;
            }
            now = next;
            advance();
        }
        now = end == Long.MAX_VALUE ? now : end;
    }

    private static IndexAction document(String id, long version) {
        return new IndexAction("i", id, version, ("{\"v\":" + version + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static IndexAction sized(String id, int bytes) {
        return new IndexAction("i", id, 1, new byte[bytes]);
    }
}
