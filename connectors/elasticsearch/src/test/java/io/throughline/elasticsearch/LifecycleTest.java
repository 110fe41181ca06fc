package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Months under lifecycle management, by a server that has it; one that has none is asked in {@link ElasticsearchIT}. */
class LifecycleTest {

    private static final String FEBRUARY = "throughline-touchpoints-g1-2026.02";
    private static final String MARCH_OF_ANOTHER = "throughline-touchpoints-g2-2026.03";
    private static final Duration QUARTER = Duration.ofDays(90);

    private LifecycleServer server;
    private ElasticsearchClient client;

    @BeforeEach
    void start() throws IOException {
        server = new LifecycleServer();
        client = ElasticsearchConnection.to(server.url()).open();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void aMonthGoesWhenItsLastMomentIsOldEnoughHoweverLateItWasFilledIn() {
        server.index(FEBRUARY, Instant.parse("2026-08-15T12:00:00Z"), Map.of());
        server.index(MARCH_OF_ANOTHER, Instant.parse("2026-03-01T00:00:00Z"), Map.of());

        assertThat(Lifecycle.apply(client, QUARTER)).isEqualTo(Lifecycle.Standing.RUNNING);

        // February ends with the 1st of March, March with the 1st of April.
        Instant february = Instant.parse("2026-03-01T00:00:00Z").plus(QUARTER);
        Instant march = Instant.parse("2026-04-01T00:00:00Z").plus(QUARTER);
        assertThat(server.goneBy(february.minusMillis(1))).isEmpty();
        assertThat(server.goneBy(february)).containsExactly(FEBRUARY);
        assertThat(server.goneBy(march.minusMillis(1))).containsExactly(FEBRUARY);
        assertThat(server.goneBy(march)).containsExactly(FEBRUARY, MARCH_OF_ANOTHER);
    }

    @Test
    void aMonthMadeByTheTemplateSinceStaysUntilItIsOverAndOldEnough() {
        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));

        String policy = server.settingsOfTemplate("throughline-touchpoints-g1")
                .path("index.lifecycle.name")
                .asText();
        assertThat(policy).isEqualTo(Lifecycle.POLICY);
        // A clock that was ahead began the month before midnight.
        server.index(
                "throughline-touchpoints-g1-2027.01",
                Instant.parse("2026-12-31T23:50:00Z"),
                Map.of("index.lifecycle.name", policy));
        Instant exactly = Instant.parse("2027-02-01T00:00:00Z").plus(QUARTER);
        assertThat(server.goneBy(exactly)).doesNotContain("throughline-touchpoints-g1-2027.01");
        assertThat(server.goneBy(exactly.plus(Duration.ofDays(4)))).contains("throughline-touchpoints-g1-2027.01");

        Lifecycle.apply(client, QUARTER);

        assertThat(server.goneBy(exactly)).contains("throughline-touchpoints-g1-2027.01");
    }

    @Test
    void onlyMonthsAreUnderThePolicyInEveryGenerationATemplateIsWrittenFor() {
        TemplateInstaller.apply(client, 3, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));
        TemplateInstaller.makeLive(client, 3);

        for (DocumentKind kind : DocumentKind.values()) {
            assertThat(server.settingsOfTemplate(kind.template(3)).has("index.lifecycle.name"))
                    .as(kind.word())
                    .isEqualTo(kind == DocumentKind.TOUCHPOINTS);
        }
    }

    @Test
    void anotherRetentionChangesWhenMonthsGoAndNoneKeepsThemForEver() {
        server.index(FEBRUARY, Instant.parse("2026-02-01T00:00:00Z"), Map.of());
        Lifecycle.apply(client, QUARTER);

        Lifecycle.apply(client, Duration.ofDays(400));
        assertThat(server.goneBy(Instant.parse("2027-04-04T23:59:59Z"))).isEmpty();
        assertThat(server.goneBy(Instant.parse("2027-04-05T00:00:00Z"))).containsExactly(FEBRUARY);

        assertThat(server.requests)
                .as("a month whose age counts from where it should is left alone")
                .containsOnlyOnce("PUT /" + FEBRUARY + "/_settings");

        Lifecycle.apply(client, null);
        assertThat(server.goneBy(Instant.parse("2099-01-01T00:00:00Z"))).isEmpty();
        assertThat(server.policy(Lifecycle.POLICY).at("/policy/phases").has("hot"))
                .isTrue();
    }

    @Test
    void aMonthThatSomebodyPutUnderAPolicyOfTheirOwnStaysThere() {
        server.index(FEBRUARY, Instant.parse("2026-02-01T00:00:00Z"), Map.of("index.lifecycle.name", "frozen-tier"));

        Lifecycle.apply(client, QUARTER);

        assertThat(server.requests).doesNotContain("PUT /" + FEBRUARY + "/_settings");
    }

    @Test
    void aStoppedOneIsGivenThePolicyForWhenItIsStarted() {
        server.mode = "STOPPED";
        server.index(FEBRUARY, Instant.parse("2026-02-01T00:00:00Z"), Map.of());

        assertThat(Lifecycle.apply(client, QUARTER)).isEqualTo(Lifecycle.Standing.STOPPED);
        assertThat(server.goneBy(Instant.parse("2026-05-30T00:00:00Z"))).containsExactly(FEBRUARY);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 410})
    void aServerWithoutItIsAskedOnceAndNothingIsChanged(int status) {
        server.ilmStatus = status;
        server.index(FEBRUARY, Instant.parse("2026-02-01T00:00:00Z"), Map.of());

        assertThat(Lifecycle.apply(client, QUARTER)).isEqualTo(Lifecycle.Standing.ABSENT);
        assertThat(server.requests).containsExactly("GET /_ilm/status");
        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));
        assertThat(server.settingsOfTemplate("throughline-touchpoints-g1").has("index.lifecycle.name"))
                .isFalse();
    }

    @Test
    void credentialsThatMayNotUseItAreNoError() {
        server.policyStatus = 403;
        assertThat(Lifecycle.apply(client, QUARTER)).isEqualTo(Lifecycle.Standing.FORBIDDEN);

        server.ilmStatus = 403;
        assertThat(Lifecycle.apply(client, QUARTER)).isEqualTo(Lifecycle.Standing.FORBIDDEN);
        assertThat(server.policy(Lifecycle.POLICY).isMissingNode()).isTrue();
    }

    @Test
    void fewerRightsTakeNoPolicyOutOfATemplate() {
        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));

        server.policyStatus = 403;
        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));
        assertThat(policyOfTemplate()).isEqualTo(Lifecycle.POLICY);
        TemplateInstaller.makeLive(client, 1);
        assertThat(policyOfTemplate()).isEqualTo(Lifecycle.POLICY);

        server.ilmStatus = 403;
        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));
        TemplateInstaller.makeLive(client, 1);
        assertThat(policyOfTemplate()).isEqualTo(Lifecycle.POLICY);
    }

    @Test
    void fewerRightsPutNoPolicyIntoATemplateThatHadNone() {
        server.policyStatus = 403;
        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));
        TemplateInstaller.apply(client, 1, Map.of(DocumentKind.TOUCHPOINTS, QUARTER));

        assertThat(server.settingsOfTemplate("throughline-touchpoints-g1").isObject())
                .isTrue();
        assertThat(policyOfTemplate()).isEmpty();
    }

    private String policyOfTemplate() {
        return server.settingsOfTemplate("throughline-touchpoints-g1")
                .path("index.lifecycle.name")
                .asText();
    }
}
