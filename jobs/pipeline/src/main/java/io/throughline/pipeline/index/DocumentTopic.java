package io.throughline.pipeline.index;

import io.throughline.elasticsearch.DocumentJson;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.IndexAction;
import io.throughline.pipeline.wire.MetricSlot;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.Alert;
import io.throughline.schemas.Customer;
import io.throughline.schemas.IdentityChange;
import io.throughline.schemas.Issue;
import io.throughline.schemas.Journey;
import io.throughline.schemas.Metric;
import io.throughline.schemas.Rejected;
import io.throughline.schemas.RuleError;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import io.throughline.schemas.Transition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.avro.specific.SpecificRecord;

/**
 * A topic of documents and where its documents go. Index, id and version come from the document alone, so that reading a
 * topic again, in any order, changes nothing.
 *
 * @param id identity of the document within its kind
 * @param version grows with every correction of the document; constant where there are none
 * @param time the event time that no correction moves; looked at for monthly kinds only
 * @param erased whether it is the mark of a document that is to be deleted
 */
record DocumentTopic<T extends SpecificRecord>(
        String name,
        Class<T> type,
        DocumentKind kind,
        Function<T, String> id,
        ToLongFunction<T> version,
        Function<T, Instant> time,
        Predicate<T> erased) {

    /** What Elasticsearch takes. */
    private static final int LONGEST_ID = 512;

    static final List<DocumentTopic<?>> ALL = List.of(
            new DocumentTopic<>(
                    "stitched-touchpoints",
                    StitchedTouchpoint.class,
                    DocumentKind.TOUCHPOINTS,
                    StitchedTouchpoint::getTouchpointId,
                    StitchedTouchpoint::getRevision,
                    StitchedTouchpoint::getEventTime,
                    touchpoint -> Boolean.TRUE.equals(touchpoint.getErased())),
            corrected(
                    "customers",
                    Customer.class,
                    DocumentKind.CUSTOMERS,
                    Customer::getCustomerId,
                    Customer::getRevision),
            corrected("sessions", Session.class, DocumentKind.SESSIONS, Session::getSessionId, Session::getRevision),
            corrected("issues", Issue.class, DocumentKind.ISSUES, Issue::getIssueId, Issue::getRevision),
            corrected("journeys", Journey.class, DocumentKind.JOURNEYS, Journey::getJourneyId, Journey::getRevision),
            corrected(
                    "transitions",
                    Transition.class,
                    DocumentKind.TRANSITIONS,
                    Transition::getTransitionId,
                    Transition::getRevision),
            corrected("metrics", Metric.class, DocumentKind.METRICS, MetricSlot::idOf, Metric::getRevision),
            corrected("alert-states", Alert.class, DocumentKind.ALERTS, Alert::getAlertId, Alert::getRevision),
            written(
                    "identity-changes",
                    IdentityChange.class,
                    DocumentKind.IDENTITY_CHANGES,
                    IdentityChange::getChangeId),
            written("rejected", Rejected.class, DocumentKind.REJECTED, Rejected::getOrigin),
            written("late", Rejected.class, DocumentKind.REJECTED, Rejected::getOrigin),
            corrected(
                    "rule-errors",
                    RuleError.class,
                    DocumentKind.RULE_ERRORS,
                    RuleError::getRuleErrorId,
                    RuleError::getRevision),
            corrected(
                    "accounting",
                    Accounting.class,
                    DocumentKind.ACCOUNTING,
                    Accounting::getSource,
                    Accounting::getRevision));

    static List<String> names() {
        return ALL.stream().map(DocumentTopic::name).toList();
    }

    /**
     * The document in the generation of indices.
     *
     * @param published when it was written to its topic, epoch milliseconds
     * @throws IllegalArgumentException if the document cannot be written as JSON or has a negative revision
     */
    IndexAction action(T document, int generation, long published) {
        String index = kind.index(generation, time.apply(document));
        String name = shortened(id.apply(document));
        return erased.test(document)
                ? IndexAction.delete(index, name, version.applyAsLong(document))
                : new IndexAction(
                        index,
                        name,
                        version.applyAsLong(document),
                        EventFields.before(DocumentJson.toBytes(document), kind, document, published));
    }

    /**
     * How an account stood at the end of the hour it was published in: the last one of each hour stays, so that what is
     * overwritten in the accounts can be seen over time.
     */
    static IndexAction quality(Accounting account, int generation, long published) {
        Instant hour =
                Instant.ofEpochMilli(published).truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        byte[] json = DocumentJson.toBytes(account);
        byte[] field = ("{\"hour\":\"" + hour + "\",").getBytes(StandardCharsets.US_ASCII);
        byte[] withHour = new byte[field.length + json.length - 1];
        System.arraycopy(field, 0, withHour, 0, field.length);
        System.arraycopy(json, 1, withHour, field.length, json.length - 1);
        return new IndexAction(
                DocumentKind.QUALITY.index(generation),
                shortened(account.getSource() + "@" + hour),
                account.getRevision(),
                EventFields.before(withHour, DocumentKind.QUALITY, account, published));
    }

    private static <T extends SpecificRecord> DocumentTopic<T> corrected(
            String name, Class<T> type, DocumentKind kind, Function<T, String> id, ToLongFunction<T> version) {
        return new DocumentTopic<>(name, type, kind, id, version, document -> Instant.EPOCH, document -> false);
    }

    /** Written once: any second time is the same document, and is found stale. */
    private static <T extends SpecificRecord> DocumentTopic<T> written(
            String name, Class<T> type, DocumentKind kind, Function<T, String> id) {
        return corrected(name, type, kind, id, document -> 1);
    }

    /** A longer id would make a document undeliverable only for its name; the document holds it in full. */
    private static String shortened(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_ID) {
            return id;
        }
        try {
            return "sha-256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
