package io.throughline.pipeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.CaseOutput;
import io.throughline.domain.alert.Notification;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.sessionize.Transition;
import io.throughline.domain.stitch.IdentityChange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of document, as {@link AnyDocument} makes it, says all its schema has room for, each in its place. */
class EveryFieldIsSaidTest {

    private static final int DOCUMENTS_OF_EACH = 20;

    /** Only the mark in a touchpoint's place is erased; no made-up stage is far along. */
    private static final Set<String> NOT_MADE_UP = Set.of(".erased", ".furthest_stage");

    private static final Instant DECIDED = Instant.parse("2026-11-26T12:00:00Z");
    private static final ExperienceConfig TIERS =
            new ExperienceConfig(50, 1, Map.of(), ExperienceConfig.DEFAULTS.longWaitMs(), Map.of("gold", 20L));

    static Stream<Arguments> kinds() {
        return Stream.of(
                kind("stitched-touchpoint", any -> AvroDocuments.of(any.of(StitchedTouchpoint.class))),
                kind(
                        "erased-touchpoint",
                        any -> AvroDocuments.of(StitchedTouchpoint.erased(
                                any.of(StitchedTouchpoint.class).touchpoint(), 7))),
                kind("session", any -> AvroDocuments.of(any.of(Session.class))),
                kind("issue", any -> AvroDocuments.of(any.of(Issue.class))),
                kind("journey", any -> AvroDocuments.of(any.of(Journey.class))),
                kind("transition", any -> AvroDocuments.of(any.of(Transition.class))),
                kind("customer", any -> AvroDocuments.of(any.of(Customer.class), TIERS)),
                kind("metric", any -> AvroDocuments.of(any.of(MetricValue.class))),
                kind("alert", any -> AvroDocuments.of(any.of(Alert.class))),
                kind("notification", any -> AvroDocuments.of(any.of(Notification.class))),
                kind("alert-answer", any -> AvroDocuments.of(any.of(CaseOutput.Answer.class))),
                kind("rule-error", any -> AvroDocuments.of(any.of(RuleError.class))),
                kind("identity-change", any -> AvroDocuments.of(any.of(IdentityChange.class), DECIDED)),
                kind("rejected", any -> AvroDocuments.of(any.of(Rejected.class))),
                kind("accounting", any -> AvroDocuments.of(any.of(Account.class))));
    }

    private static Arguments kind(String name, Function<AnyDocument, SpecificRecord> document) {
        List<SpecificRecord> documents = new ArrayList<>();
        AnyDocument any = new AnyDocument(26);
        for (int i = 0; i < DOCUMENTS_OF_EACH; i++) {
            documents.add(document.apply(any));
        }
        return Arguments.of(name, documents);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void each_in_its_place(String kind, List<SpecificRecord> documents) throws IOException {
        List<String> golden = golden(kind).lines().toList();

        assertThat(documents).hasSameSizeAs(golden);
        for (int i = 0; i < golden.size(); i++) {
            assertThat(documents.get(i).toString()).isEqualTo(golden.get(i));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void none_is_never_said(String kind, List<SpecificRecord> documents) {
        Set<String> fields = new TreeSet<>();
        Set<String> said = new TreeSet<>();

        documents.forEach(document -> visit("", document.getSchema(), document, fields, said));

        if (kind.startsWith("erased")) {
            assertThat(said)
                    .containsExactlyInAnyOrder(
                            ".touchpoint_id",
                            ".customer_id",
                            ".revision",
                            ".erased",
                            ".event_time",
                            ".received_time",
                            ".channel",
                            ".kind",
                            ".direction");
            assertThat(documents).allSatisfy(document -> assertThat(document.toString())
                    .contains("\"customer_id\": \"\"", "\"channel\": \"\"", "\"kind\": \"\""));
            return;
        }
        fields.removeAll(said);
        assertThat(fields).as("fields of no %s", kind).allMatch(NOT_MADE_UP::contains);
    }

    private static void visit(String path, Schema schema, Object value, Set<String> fields, Set<String> said) {
        switch (schema.getType()) {
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    String name = path + "." + field.name();
                    fields.add(name);
                    Object of = value == null ? null : ((SpecificRecord) value).get(field.pos());
                    boolean empty = of == null
                            || of instanceof Collection<?> items && items.isEmpty()
                            || of instanceof Map<?, ?> entries && entries.isEmpty()
                            || of instanceof Number number && number.doubleValue() == 0;
                    if (!empty) {
                        said.add(name);
                    }
                    visit(name, field.schema(), of, fields, said);
                }
            }
            case ARRAY -> {
                if (value != null) {
                    ((List<?>) value).forEach(item -> visit(path, schema.getElementType(), item, fields, said));
                }
            }
            case UNION -> schema.getTypes().forEach(type -> visit(path, type, value, fields, said));
            default -> {
                // Said or not said as a whole.
            }
        }
    }

    private static String golden(String kind) throws IOException {
        try (InputStream in = EveryFieldIsSaidTest.class.getResourceAsStream("/documents/" + kind + ".ndjson")) {
            assertThat(in).as("documents/%s.ndjson", kind).isNotNull();
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
