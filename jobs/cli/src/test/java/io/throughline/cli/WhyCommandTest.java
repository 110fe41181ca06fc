package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.throughline.cli.Commands.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhyCommandTest {

    @TempDir
    Path folder;

    private Commands commands;

    @BeforeEach
    void openShop() {
        commands = new Commands(folder);
    }

    @Test
    void a_chain_of_evidence_is_printed_step_by_step() {
        commands.touchpoint("t-1", 0, "login", "customer_number:1042", "email:Ada@Example.com")
                .touchpoint("t-2", 5, "message", "email:ada@example.com", "phone:+49 30 123456")
                .touchpoint("t-3", 9, "call_queued", "phone:+4930123456");

        Ended text = commands.run("why", "customer_number:1042", "t-3", "--input", commands.input());
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .startsWith("One customer: c-")
                .containsSubsequence(
                        "  1. customer_number:#",
                        " - email:#",
                        "person-link, touchpoint t-1 at 2026-01-31T00:00:00Z",
                        "  2. email:#",
                        " - phone:#",
                        "person-link, touchpoint t-2 at 2026-01-31T00:05:00Z")
                .doesNotContainIgnoringCase("ada@example")
                .doesNotContain("4930123456");

        JsonNode json = commands.run("why", "customer_number:1042", "t-3", "--json", "--input", commands.input())
                .json();
        assertThat(json.path("answer").asText()).isEqualTo("one_customer");
        assertThat(json.path("path")).hasSize(2).allSatisfy(step -> assertThat(
                        step.path("accepted").asBoolean())
                .isTrue());
        assertThat(json.at("/path/1/touchpoint_id").asText()).isEqualTo("t-2");
        assertThat(json.at("/path/1/event_time").asText()).isEqualTo("2026-01-31T00:05:00.000Z");
        String pseudonym = json.at("/path/0/to/value").asText();
        assertThat(pseudonym).matches("[0-9a-f]{32}");

        assertThat(commands.run("why", "email:#" + pseudonym, "t-3", "--input", commands.input())
                        .code())
                .isZero();
    }

    @Test
    void the_spouses_who_share_an_email_stay_two_and_it_is_said_why() {
        commands.touchpoint("hers", 0, "login", "customer_number:1042", "email:family@example.com")
                .touchpoint("his", 5, "login", "customer_number:1043", "email:family@example.com");

        Ended ended = commands.run("why", "hers", "his", "--input", commands.input());

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .startsWith("Not one customer: a piece of the evidence was refused.")
                .containsSubsequence(
                        "What would have joined them:", "touchpoint his", "REFUSED: two values of customer_number: ")
                .doesNotContain("family@");
    }

    @Test
    void on_a_shared_tablet_the_login_is_shown() {
        commands.touchpoint("hers", 0, "login", "customer_number:1042", "device_id:tablet")
                .touchpoint("browsing", 5, "page_view", "device_id:tablet")
                .touchpoint("his", 10, "login", "customer_number:1043", "device_id:tablet")
                .touchpoint("at-night", 300, "page_view", "device_id:tablet");

        Ended ended = commands.run("why", "browsing", "at-night", "--input", commands.input());

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .startsWith("Not one customer: they meet on a shared device")
                .containsSubsequence(
                        "logged in on the shared device device_id:tablet",
                        "opened by touchpoint hers at 2026-01-31T00:00:00Z, ended at 2026-01-31T00:10:00Z by the next"
                                + " person, touchpoint his",
                        "no login covers it",
                        "the last login before, of customer_number:#",
                        "ended at 2026-01-31T00:40:00Z by silence");
    }

    @Test
    void a_junk_phone_is_a_super_node() {
        for (int i = 0; i < 12; i++) {
            commands.touchpoint("call-" + i, i, "call_queued", "phone:+4930999999", "customer_number:77" + i);
        }

        Ended ended = commands.run("why", "phone:+4930999999", "call-3", "--input", commands.input());

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .startsWith("Not one customer: what connects them is a super-node")
                .contains("seen with 12 values of unique types, more than 10"
                        + " (stitch.identifiers.phone.max_customers)");
    }

    @Test
    void decisions_show_who_decided_and_why() {
        commands.touchpoint("t-1", 0, "login", "email:ada@example.com")
                .touchpoint("t-2", 0, "login", "email:ada@work.example");
        Path decisions = commands.file(
                "decisions.ndjson",
                """
                {"verdict": "always", "one": {"type": "email", "value": "ada@example.com"}, "other": {"type": "email", "value": "ADA@work.example"}, "effective_from": "2026-01-01T00:00:00Z", "reason": "told us", "author": "eva"}
                """);

        Ended ended = commands.run("why", "t-1", "t-2", "--decisions", decisions, "--input", commands.input());

        assertThat(ended.out())
                .startsWith("One customer")
                .contains("decided by eva, effective from 2026-01-01T00:00:00Z: told us");

        Path broken = commands.file("broken.ndjson", "{\"verdict\": \"maybe\", \"who\": 1}\nnonsense\n");
        Ended refused = commands.run("why", "t-1", "t-2", "--decisions", broken, "--input", commands.input());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("why: " + broken + ":1: \"who\": not a field of a decision"),
                        line -> assertThat(line).startsWith("why: " + broken + ":2: not JSON at column 9"));
        Path nowhere = folder.resolve("none.ndjson");
        assertThat(commands.run("why", "t-1", "t-2", "--decisions", nowhere, "--input", commands.input())
                        .err())
                .isEqualTo("why: --decisions " + nowhere + " is not a file that can be read\n");
    }

    @Test
    void json_names_the_file_of_the_decisions_and_nothing_where_there_is_none() {
        commands.touchpoint("t-1", 0, "login", "email:ada@example.com");
        Path decisions = commands.file("decisions.ndjson", "\n");

        JsonNode with = commands.run(
                        "why", "t-1", "t-1", "--json", "--decisions", decisions, "--input", commands.input())
                .json();
        JsonNode without = commands.run("why", "t-1", "t-1", "--json", "--input", commands.input())
                .json();

        assertThat(with.at("/searched/decisions/source").asText()).isEqualTo(decisions.toString());
        assertThat(without.at("/searched/decisions/source").isMissingNode()).isTrue();
        assertThat(without.at("/searched/decisions/count").asInt(-1)).isZero();
    }

    @Test
    void where_decisions_cannot_be_read_evidence_answers() throws Exception {
        try (StubIndex index = StubIndex.of("email:ada@example.com", "customer_number:1042")) {
            Path config = commands.file(
                    "live.yaml",
                    "elasticsearch: {urls: ['" + index.url() + "']}\n"
                            + "kafka: {bootstrap_servers: '127.0.0.1:1', properties: {default.api.timeout.ms: 300,"
                            + " request.timeout.ms: 200}}\n");

            Ended ended =
                    commands.run("why", "email:ada@example.com", "customer_number:1042", "--config", config, "--json");

            assertThat(ended.code()).isZero();
            assertThat(ended.json().path("answer").asText()).isEqualTo("one_customer");
            String why = "Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers";
            assertThat(ended.err())
                    .isEqualTo("why: people's decisions could not be read, the answer is from evidence alone: " + why
                            + "\n");
            assertThat(ended.json().at("/searched/decisions/source").asText())
                    .isEqualTo("topic identity-decisions at 127.0.0.1:1");
            assertThat(ended.json().at("/searched/decisions/unread").asText()).isEqualTo(why);

            Path none = commands.file("none.ndjson", "");
            Ended file = commands.run(
                    "why", "email:ada@example.com", "customer_number:1042", "--config", config, "--decisions", none);
            assertThat(file.code()).isZero();
            assertThat(file.err()).isEmpty();
        }
    }

    @Test
    void an_id_nobody_knows_is_said_with_what_was_searched() {
        commands.touchpoint("t-1", 0, "login", "email:ada@example.com");

        Ended ended = commands.run("why", "t-1", "email:bob@example.com", "--input", commands.input());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .matches("why: nobody knows email:bob@example.com \\(email:#[0-9a-f]{32}\\): none of the 1"
                        + " touchpoints of .*touchpoints.ndjson bears it\\R");
    }

    @Test
    void a_blocked_value_and_a_rejected_record_are_said() {
        commands.touchpoint("t-1", 0, "login", "email:test@test.com", "cookie:c-1")
                .line("{\"no\": 1}");

        Ended ended = commands.run("why", "t-1", "email:test@test.com", "--input", commands.input());

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("ingest leaves the value out");
        assertThat(ended.err()).contains("they cannot count: 1 of the records");
    }

    @Test
    void the_first_received_of_two_records_counts() {
        String record = "{\"touchpoint_id\": \"t-1\", \"event_time\": \"2026-01-31T12:00:00Z\", \"received_time\":"
                + " \"2026-01-31T12:00:0%dZ\", \"channel\": \"web\", \"kind\": \"login\", \"identifiers\":"
                + " [{\"type\": \"cookie\", \"value\": \"c-1\"}, {\"type\": \"email\", \"value\": \"%s@example.com\"}]}";
        commands.line(record.formatted(2, "late")).line(record.formatted(1, "first"));

        assertThat(commands.run("why", "t-1", "email:first@example.com", "--input", commands.input())
                        .code())
                .isZero();
        assertThat(commands.run("why", "t-1", "email:late@example.com", "--input", commands.input())
                        .code())
                .isEqualTo(1);
    }

    @Test
    void wrong_usage_is_2() {
        assertThat(commands.run("why", "t-1").code()).isEqualTo(2);
        assertThat(commands.run("why", "t-1", "t-2").err()).contains("--input FILE", "--config FILE");
        assertThat(commands.run("why", "t-1", "t-2", "--input", folder.resolve("none"))
                        .err())
                .isEqualTo("why: --input " + folder.resolve("none") + " is not a file that can be read\n");
    }

    @Test
    void an_index_that_is_away_is_1() {
        Path config = commands.file("away.yaml", "elasticsearch: {urls: ['http://127.0.0.1:1']}\n");

        Ended ended = commands.run("why", "t-1", "t-2", "--config", config);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualTo("why: Elasticsearch is not reachable at http://127.0.0.1:1: start it or set"
                        + " elasticsearch.urls, or name files with --input\n");
    }
}
