package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.throughline.cli.Commands.Ended;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewCommandTest {

    @TempDir
    Path folder;

    private Commands commands;

    @BeforeEach
    void aSmallCompany() {
        commands = new Commands(folder)
                .touchpoint("t-1", 0, "login", "customer_number:1042", "email:ada@example.com")
                .touchpoint("t-2", 1, "login", "customer_number:1042", "email:ada@work.example")
                .touchpoint("t-3", 2, "message", "email:ada@work.example")
                .touchpoint("t-4", 3, "message", "phone:+4930111111", "email:none@shop.example")
                .touchpoint("t-5", 4, "message", "phone:+4930222222", "email:none@shop.example")
                .touchpoint("t-6", 5, "login", "customer_number:1050", "phone:+4930333333")
                .touchpoint("t-7", 6, "login", "customer_number:1051", "phone:+4930333333")
                .touchpoint("t-8", 7, "call_queued", "phone:+4930333333", "cookie:c-8")
                .touchpoint("t-9", 8, "page_view", "cookie:c-8");
    }

    @Test
    void the_same_rules_are_no_change() {
        Ended ended = preview("stitch: {}\n");

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEqualTo("No change: 9 touchpoints, 4 customers\n");
    }

    /** Whoever wrote a field wrongly in every line would otherwise take the rules for harmless. */
    @Test
    void records_left_out_are_said_once_whether_anything_changes_or_not() {
        commands.line("{\"touchpoint_id\": \"t-10\", \"event_tme\": \"2026-01-31T00:09:00Z\"}");

        assertThat(preview("stitch: {}\n").out())
                .isEqualTo("No change: 9 touchpoints, 4 customers\n  rejected  1 -> 1 of 10 records\n");
        Ended changed = preview("ingest: {blocked_values: [none@shop.example]}\n");
        assertThat(changed.out()).contains("rejected  1 -> 1 of 10 records");
        assertThat(changed.err()).doesNotContain("left out");
    }

    @Test
    void a_blocked_value_splits_those_who_gave_it() {
        Ended ended = preview("ingest: {blocked_values: [none@shop.example]}\n");

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .containsSubsequence(
                        "customers   4 -> 5",
                        "merged    none",
                        "split     1 customer becomes 2",
                        "split: c-",
                        "refused then: no touchpoint bears both: ingest leaves one of them out")
                .doesNotContain("shop.example", "49301");
    }

    @Test
    void a_unique_email_splits_who_has_two() {
        JsonNode json = preview("stitch: {identifiers: {email: {unique: true}}}\n", "--json")
                .json();

        assertThat(json.path("change").asBoolean()).isTrue();
        assertThat(json.at("/split/from").asInt()).isEqualTo(1);
        assertThat(json.at("/split/to").asInt()).isEqualTo(2);
        assertThat(json.at("/touchpoints/moved").asInt()).isEqualTo(1);
        assertThat(json.at("/splits/0/evidence/0/refused").asText()).startsWith("two values of email: ");
        assertThat(json.at("/splits/0/separated")).hasSize(1);
    }

    @Test
    void a_cookie_of_two_people_becomes_shared() {
        commands.touchpoint("t-10", 10, "page_view", "email:one@shop.example", "cookie:kitchen")
                .touchpoint("t-11", 11, "page_view", "email:two@shop.example", "cookie:kitchen");

        assertThat(preview("stitch: {identifiers: {email: {unique: true}}}\n").out())
                .contains("1 device becomes shared\n  cookie:kitchen");
    }

    @Test
    void fewer_believed_customers_put_a_phone_into_quarantine() {
        JsonNode json = preview("stitch: {identifiers: {phone: {max_customers: 1}}}\n", "--json")
                .json();

        assertThat(json.path("quarantined")).singleElement().satisfies(superNode -> {
            assertThat(superNode.at("/identifier/type").asText()).isEqualTo("phone");
            assertThat(superNode.path("customers").asInt()).isEqualTo(2);
            assertThat(superNode.path("max_customers").asInt()).isEqualTo(1);
        });
        // The phone was whose it was seen with first, and the cookie with it.
        assertThat(json.at("/splits/0/separated")).hasSize(1);
    }

    @Test
    void a_limit_is_named_by_what_it_refuses() {
        commands.touchpoint("t-10", 10, "purchase", "customer_number:1042", "card_token:a")
                .touchpoint("t-11", 11, "purchase", "customer_number:1042", "card_token:b")
                .touchpoint("t-12", 12, "purchase", "card_token:b");

        Ended ended = preview("stitch: {identifiers: {card_token: {max_per_customer: 1}}}\n");

        assertThat(ended.out()).contains("split     1 customer becomes 2", "more than 1 value of card_token");
    }

    @Test
    void from_one_file_to_another_merges_come_back() {
        Path strict = commands.file("strict.yaml", "stitch: {identifiers: {phone: {max_customers: 1}}}\n");

        Ended ended = commands.run(
                "preview",
                "--config",
                commands.file("lax.yaml", "stitch: {}\n"),
                "--current",
                strict,
                "--input",
                commands.input());

        assertThat(ended.out())
                .containsSubsequence(
                        "merged    2 customers become 1",
                        "renamed   none",
                        "1 identifier released, it begins to link",
                        "merge: c-",
                        "refused now: phone:#");
    }

    @Test
    void a_new_pseudonym_key_renames_everybody_only_where_the_old_one_is_named() {
        String key = "ingest: {pseudonym_key: a-key-of-our-own-0123}\n";
        assertThat(preview(key).out()).startsWith("No change");

        Ended ended = commands.run(
                "preview",
                "--config",
                commands.file("new.yaml", key),
                "--current",
                commands.file("old.yaml", "stitch: {}\n"),
                "--input",
                commands.input());
        assertThat(ended.out()).contains("merged    none", "split     none", "4 customers get another id");
    }

    @Test
    void every_error_of_both_configurations_is_listed() {
        Ended ended = commands.run(
                "preview",
                "--config",
                commands.file("new.yaml", "stitch: {max_links: 1, nonsense: 2}\n"),
                "--current",
                commands.file("old.yaml", "ingest: {lateness_horizon: soon}\n"),
                "--input",
                commands.input());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("stitch.max_links", "stitch.nonsense", "ingest.lateness_horizon");
    }

    @Test
    void where_touchpoints_come_from_must_be_said_once() {
        Path config = commands.file("new.yaml", "stitch: {}\n");
        assertThat(commands.run("preview", "--config", config).code()).isEqualTo(2);
        assertThat(commands.run("preview", "--config", config, "--topic", "--input", commands.input())
                        .err())
                .contains("not both");
        assertThat(commands.run("preview", "--config", config, "--limit", "5", "--input", commands.input())
                        .code())
                .isEqualTo(2);
    }

    @Test
    void decisions_of_a_file_hold_with_both_and_are_named() {
        Path decisions = commands.file(
                "decisions.ndjson",
                """
                {"verdict": "always", "one": {"type": "email", "value": "ada@example.com"}, "other": {"type": "phone", "value": "+4930111111"}, "effective_from": "2026-01-01T00:00:00Z", "reason": "told us"}
                """);

        JsonNode json = commands.run(
                        "preview",
                        "--config",
                        commands.file("new.yaml", "stitch: {}\n"),
                        "--decisions",
                        decisions,
                        "--input",
                        commands.input(),
                        "--json")
                .json();

        assertThat(json.at("/customers/before").asInt()).isEqualTo(3);
        assertThat(json.at("/customers/after").asInt()).isEqualTo(3);
        assertThat(json.at("/searched/decisions/source").asText()).isEqualTo(decisions.toString());
        assertThat(json.at("/searched/decisions/before").asInt()).isEqualTo(1);
    }

    @Test
    void kafka_that_is_away_is_1_and_one_line() {
        Path config = commands.file(
                "new.yaml",
                "kafka: {bootstrap_servers: '127.0.0.1:1', properties: {default.api.timeout.ms: 300,"
                        + " request.timeout.ms: 200}}\n");

        Ended ended = commands.run("preview", "--config", config, "--topic");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualTo("preview: Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers\n");
    }

    private Ended preview(String yaml, Object... more) {
        Path config = commands.file("new.yaml", yaml);
        if (more.length > 0) {
            return commands.run("preview", "--config", config, "--input", commands.input(), more[0]);
        }
        return commands.run("preview", "--config", config, "--input", commands.input());
    }
}
