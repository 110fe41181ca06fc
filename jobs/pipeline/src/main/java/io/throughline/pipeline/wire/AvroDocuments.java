package io.throughline.pipeline.wire;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.CaseOutput;
import io.throughline.domain.alert.Notification;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.experience.ValueTier;
import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.sessionize.Consent;
import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.Promise;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.sessionize.Transition;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.AlertAnswer;
import io.throughline.schemas.AlertEvidence;
import io.throughline.schemas.AlertTransition;
import io.throughline.schemas.CustomerIdentifier;
import io.throughline.schemas.ExperienceReason;
import io.throughline.schemas.IssueContact;
import io.throughline.schemas.IssuePromise;
import io.throughline.schemas.LinkEvidence;
import io.throughline.schemas.Metric;
import io.throughline.schemas.NotificationAlert;
import io.throughline.schemas.NotificationEvidence;
import io.throughline.schemas.NotificationGroup;
import io.throughline.schemas.PathStep;
import io.throughline.schemas.StageVisit;
import io.throughline.schemas.SurveyAbout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The documents as others read them: domain records to the Avro records of {@code schemas}. A record shares lists and maps
 * with its document.
 *
 * <p>Those there are many of are made by constructor, which a schema that gains a field changes; a builder looks every
 * field up by name and checks it, and took more time than the rest.
 */
public final class AvroDocuments {
    private static final double MICROS = 1e6;

    /** What an issue document lists at most; its counts are over all. */
    private static final int MOST_CONTACTS = 1_000;

    private static final int MOST_PROMISES = 100;

    public static io.throughline.schemas.StitchedTouchpoint of(StitchedTouchpoint stitched) {
        Touchpoint t = stitched.touchpoint();
        Survey survey = t.survey();
        Money value = t.value();
        return new io.throughline.schemas.StitchedTouchpoint(
                t.touchpointId(),
                stitched.customerId(),
                stitched.sessionId(),
                stitched.revision(),
                stitched.isErased() ? true : null,
                Instant.ofEpochMilli(t.eventTime()),
                instant(t.sentTime()),
                Instant.ofEpochMilli(t.receivedTime()),
                t.channel(),
                t.kind(),
                t.outbound() ? "outbound" : "inbound",
                t.actor(),
                each(t.identifiers(), AvroDocuments::of),
                t.touchpoint(),
                t.stage(),
                t.topic(),
                t.caseId(),
                t.location(),
                t.brand(),
                t.product(),
                t.segment(),
                t.outcome(),
                t.waitMs(),
                t.handleMs(),
                value == null ? null : of(value),
                survey == null ? null : of(survey),
                t.sentiment(),
                sorted(t.experiments()),
                t.captureMethod(),
                sorted(t.properties()));
    }

    public static io.throughline.schemas.Session of(Session session) {
        return new io.throughline.schemas.Session(
                session.sessionId(),
                session.customerId(),
                word(session.status()),
                Instant.ofEpochMilli(session.start()),
                Instant.ofEpochMilli(session.end()),
                session.end() - session.start(),
                session.channels(),
                session.touchpointCount(),
                each(session.path(), AvroDocuments::of),
                session.channelSwitches(),
                session.handoffs(),
                sorted(session.activeMs()),
                word(session.cutCause()),
                session.outcome(),
                session.topics(),
                session.stages(),
                sorted(session.scores()),
                each(session.value(), AvroDocuments::of),
                session.errors(),
                session.complaints(),
                session.waitMs(),
                of(session.handoffKinds()),
                session.reAsks(),
                session.flags(),
                session.segment(),
                session.revision());
    }

    public static io.throughline.schemas.Issue of(Issue issue) {
        boolean standing = !issue.absorbed();
        Issue.Contact first = standing ? issue.first() : null;
        Long resolution = issue.resolutionMs();
        return new io.throughline.schemas.Issue(
                issue.issueId(),
                issue.customerId(),
                word(issue.status()),
                issue.topic(),
                issue.caseId(),
                Instant.ofEpochMilli(issue.start()),
                Instant.ofEpochMilli(issue.end()),
                issue.channels(),
                first == null ? null : first.product(),
                first == null ? null : first.location(),
                first == null ? null : first.segment(),
                issue.contacts().size(),
                each(firstOf(issue.contacts(), MOST_CONTACTS), AvroDocuments::of),
                issue.repeats(),
                issue.settled(),
                issue.resolved(),
                standing && issue.resolvedAtFirstContact(),
                standing && issue.resolvable() ? issue.resolvedAtFirstContact() : null,
                standing && issue.notRepeated(),
                issue.firstResponseMs(),
                resolution == null ? null : Instant.ofEpochMilli(issue.start() + resolution),
                resolution,
                issue.handoffs(),
                of(issue.handoffKinds()),
                issue.channelSwitches(),
                issue.reAsks(),
                issue.longestSilenceMs(),
                issue.promisesMade(),
                issue.promisesKept(),
                issue.promisesBroken(),
                each(firstOf(issue.promises(), MOST_PROMISES), AvroDocuments::of),
                issue.reopened(),
                issue.flags(),
                issue.revision());
    }

    private static IssueContact of(Issue.Contact contact) {
        return new IssueContact(
                contact.touchpointId(),
                Instant.ofEpochMilli(contact.start()),
                Instant.ofEpochMilli(contact.end()),
                contact.channel(),
                contact.touchpoint(),
                contact.stage(),
                contact.repeat());
    }

    private static IssuePromise of(Promise promise) {
        return new IssuePromise(
                promise.touchpointId(),
                promise.name(),
                Instant.ofEpochMilli(promise.madeAt()),
                instant(promise.due()),
                word(promise.status()),
                instant(promise.keptAt()));
    }

    private static io.throughline.schemas.HandoffKinds of(HandoffKinds kinds) {
        return new io.throughline.schemas.HandoffKinds(kinds.botToHuman(), kinds.agentToAgent(), kinds.department());
    }

    public static io.throughline.schemas.Journey of(Journey journey) {
        Long convertedAt = journey.convertedAt();
        return new io.throughline.schemas.Journey(
                journey.journeyId(),
                journey.customerId(),
                word(journey.status()),
                journey.ended(),
                word(journey.endCause()),
                Instant.ofEpochMilli(journey.start()),
                Instant.ofEpochMilli(journey.end()),
                journey.end() - journey.start(),
                journey.product(),
                journey.topic(),
                journey.stage(),
                journey.furthestStage(),
                journey.stages(),
                each(journey.stagePath(), AvroDocuments::of),
                sorted(journey.dwellMs()),
                journey.stepsBack(),
                journey.converted(),
                instant(convertedAt),
                convertedAt == null ? null : convertedAt - journey.start(),
                journey.conversionCount(),
                journey.status() == Journey.Status.ABANDONED,
                journey.churned(),
                instant(journey.churnedAt()),
                journey.channels(),
                journey.firstChannel(),
                journey.conversionChannel(),
                journey.touchpointCount(),
                journey.sessionCount(),
                each(journey.value(), AvroDocuments::of),
                journey.flags(),
                journey.revision());
    }

    private static StageVisit of(Journey.StageVisit visit) {
        return new StageVisit(
                visit.stage(), Instant.ofEpochMilli(visit.entered()), visit.dwellMs(), visit.touchpoints());
    }

    public static io.throughline.schemas.Transition of(Transition transition) {
        Transition.Way way = transition.way();
        return new io.throughline.schemas.Transition(
                way.id(),
                way.kind().word(),
                way.from(),
                way.to(),
                Instant.ofEpochMilli(way.day()),
                transition.count(),
                transition.revision());
    }

    /** @param experience what tiers of value there are */
    public static io.throughline.schemas.Customer of(Customer customer, ExperienceConfig experience) {
        ExperienceScore score = customer.experience();
        return new io.throughline.schemas.Customer(
                customer.customerId(),
                customer.absorbed() ? "absorbed" : "active",
                customer.absorbedInto(),
                each(customer.identifiers(), AvroDocuments::of),
                instant(customer.firstSeen()),
                instant(customer.lastSeen()),
                customer.channels(),
                customer.touchpointCount(),
                customer.sessionCount(),
                each(customer.value(), AvroDocuments::of),
                customer.segment(),
                customer.absorbed() ? null : ValueTier.of(customer.value(), experience),
                score == null ? null : score.score(),
                score == null ? List.of() : each(score.reasons(), AvroDocuments::of),
                each(customer.consents(), AvroDocuments::of),
                customer.revision());
    }

    private static io.throughline.schemas.Consent of(Consent consent) {
        return new io.throughline.schemas.Consent(
                consent.purpose(),
                consent.given(),
                Instant.ofEpochMilli(consent.eventTime()),
                consent.touchpointId(),
                consent.channel());
    }

    private static ExperienceReason of(ExperienceScore.Reason reason) {
        return new ExperienceReason(reason.experience().code(), reason.thousandths() / 1_000.0, reason.count());
    }

    public static Metric of(MetricValue metric) {
        return new Metric(
                metric.seriesId(),
                metric.metricId(),
                metric.formulaVersion(),
                sorted(metric.dimensions()),
                metric.window(),
                metric.value(),
                metric.unit(),
                metric.n(),
                metric.ciLow(),
                metric.ciHigh(),
                metric.complete(),
                metric.direction(),
                Instant.ofEpochMilli(metric.asOf()),
                metric.restated(),
                metric.revision());
    }

    public static io.throughline.schemas.Notification of(Notification notification) {
        Alert alert = notification.alert();
        return io.throughline.schemas.Notification.newBuilder()
                .setNotificationId(notification.notificationId())
                .setAlertId(alert.alertId())
                .setEvent(notification.event())
                .setAt(Instant.ofEpochMilli(notification.at()))
                .setRuleId(alert.ruleId())
                .setRuleVersion(alert.ruleVersion())
                .setSeverity(
                        notification.group() == null
                                ? alert.severity()
                                : notification.group().severity())
                .setOpenedAt(Instant.ofEpochMilli(alert.openedAt()))
                .setReason(notification.reason())
                .setCustomerId(alert.customerId())
                .setExpectation(alert.expectation())
                .setValueTier(alert.context().valueTier())
                .setNextAction(alert.context().nextAction())
                .setActor(notification.actor())
                .setAssignee(alert.life().assignee())
                .setEvidence(alert.evidence().stream()
                        .map(evidence -> new NotificationEvidence(
                                evidence.touchpointId(),
                                Instant.ofEpochMilli(evidence.eventTime()),
                                evidence.channel(),
                                evidence.kind(),
                                evidence.detail()))
                        .toList())
                .setCount(notification.count())
                .setGroup(notification.group() == null ? null : of(notification.group()))
                .build();
    }

    private static NotificationGroup of(Notification.Group group) {
        return new NotificationGroup(
                group.groupId(),
                group.name(),
                group.shared(),
                group.standing(),
                group.listed().stream()
                        .map(each -> new NotificationAlert(
                                each.alertId(),
                                each.ruleId(),
                                each.event(),
                                each.news(),
                                each.severity(),
                                Instant.ofEpochMilli(each.openedAt()),
                                each.customerId(),
                                each.reason()))
                        .toList(),
                group.rules());
    }

    public static io.throughline.schemas.RuleError of(RuleError error) {
        return new io.throughline.schemas.RuleError(
                error.id(),
                error.ruleId(),
                error.task(),
                error.failures(),
                Instant.ofEpochMilli(error.since()),
                Instant.ofEpochMilli(error.lastAt()),
                error.lastError(),
                error.lastAt());
    }

    /** What became of a command, or of a version of a rule, which names no alert. */
    public static AlertAnswer of(CaseOutput.Answer answer) {
        boolean rule = answer.alertId().isEmpty();
        return new AlertAnswer(
                answer.actionId(),
                rule ? "rule" : "action",
                rule ? null : answer.alertId(),
                answer.taken(),
                answer.because(),
                answer.version(),
                Instant.ofEpochMilli(answer.at()));
    }

    public static io.throughline.schemas.Alert of(Alert alert) {
        Alert.Context context = alert.context();
        Alert.Life life = alert.life();
        return new io.throughline.schemas.Alert(
                alert.alertId(),
                alert.ruleId(),
                alert.ruleVersion(),
                alert.customerId(),
                word(alert.status()),
                alert.severity(),
                Instant.ofEpochMilli(alert.openedAt()),
                instant(alert.resolvedAt()),
                alert.reason(),
                alert.retractedBecause(),
                each(alert.evidence(), AvroDocuments::of),
                alert.expectation(),
                alert.revision(),
                context.valueTier(),
                context.priority(),
                instant(context.windowStart()),
                context.measured(),
                context.bound(),
                context.nextAction(),
                context.inhibitedBy(),
                life.version(),
                life.assignee(),
                life.escalations(),
                life.reopened(),
                instant(life.silencedUntil()),
                instant(life.dueAt()),
                each(life.history(), AvroDocuments::of),
                context.topic(),
                context.location(),
                alert.channel());
    }

    /** @param decidedAt when the pipeline decided, UTC */
    public static io.throughline.schemas.IdentityChange of(IdentityChange change, Instant decidedAt) {
        return io.throughline.schemas.IdentityChange.newBuilder()
                .setChangeId(change.changeId())
                .setKind(change.kind())
                .setSurvivor(change.survivor())
                .setAbsorbed(change.absorbed())
                .setTouchpointId(change.touchpointId())
                .setRule(change.rule())
                .setEvidence(change.evidence().stream().map(AvroDocuments::of).toList())
                .setEventTime(Instant.ofEpochMilli(change.eventTime()))
                .setProcessingTime(decidedAt)
                .build();
    }

    public static io.throughline.schemas.Rejected of(Rejected rejected) {
        String text = utf8(rejected.raw());
        return io.throughline.schemas.Rejected.newBuilder()
                .setOrigin(rejected.origin())
                .setReason(rejected.reason())
                .setDetail(rejected.detail())
                .setRaw(text != null ? text : Base64.getEncoder().encodeToString(rejected.raw()))
                .setRawEncoding(text != null ? null : "base64")
                .setSchemaId(rejected.schemaId())
                .setKey(rejected.key())
                .setReceivedTime(instant(rejected.receivedTime()))
                .build();
    }

    public static Accounting of(Account account) {
        return Accounting.newBuilder()
                .setSource(account.source())
                .setIn(account.total().in())
                .setProcessed(account.total().processed())
                .setRejected(account.total().rejected())
                .setLate(account.total().late())
                .setDuplicate(account.total().duplicate())
                .setErased(account.total().erased())
                .setRejectedByReason(sorted(account.total().rejectedByReason()))
                .setProcessedByChannel(aboveNone(account.processedByChannel()))
                .setRemarks(sorted(account.remarks()))
                .setRevision(account.revision())
                .build();
    }

    /**
     * Records counted before there were counts by channel are in none of them, and leave one nevertheless where they are
     * taken back: less than none says nothing to a reader. The account keeps it, so that what follows adds up.
     */
    private static Map<String, Long> aboveNone(Map<String, Long> counts) {
        Map<String, Long> above = new TreeMap<>(counts);
        above.values().removeIf(count -> count <= 0);
        return above;
    }

    private static io.throughline.schemas.Identifier of(Identifier identifier) {
        return new io.throughline.schemas.Identifier(identifier.type(), identifier.value());
    }

    private static io.throughline.schemas.Money of(Money money) {
        return new io.throughline.schemas.Money(money.micros() / MICROS, money.currency());
    }

    private static io.throughline.schemas.Survey of(Survey survey) {
        Survey.About about = survey.about();
        return new io.throughline.schemas.Survey(
                survey.metric(),
                survey.scaleMin(),
                survey.scaleMax(),
                survey.higherIsBetter() ? "higher_is_better" : "lower_is_better",
                survey.score(),
                survey.verbatim(),
                about == null
                        ? null
                        : new SurveyAbout(about.touchpointId(), about.channel(), about.touchpoint(), about.caseId()));
    }

    private static PathStep of(Session.Step step) {
        return new PathStep(
                step.touchpointId(),
                Instant.ofEpochMilli(step.eventTime()),
                step.channel(),
                step.kind(),
                step.touchpoint(),
                step.stage());
    }

    private static CustomerIdentifier of(Known known) {
        return new CustomerIdentifier(
                known.identifier().type(),
                known.identifier().value(),
                Instant.ofEpochMilli(known.firstSeen()),
                Instant.ofEpochMilli(known.lastSeen()),
                known.note());
    }

    private static AlertEvidence of(Alert.Evidence evidence) {
        return new AlertEvidence(
                evidence.touchpointId(),
                Instant.ofEpochMilli(evidence.eventTime()),
                evidence.channel(),
                evidence.kind(),
                evidence.detail());
    }

    private static AlertTransition of(Alert.Transition transition) {
        return new AlertTransition(
                Instant.ofEpochMilli(transition.at()),
                transition.what(),
                transition.by(),
                transition.because(),
                transition.actionId());
    }

    private static LinkEvidence of(IdentityChange.Evidence evidence) {
        return new LinkEvidence(
                of(evidence.left()),
                of(evidence.right()),
                evidence.touchpointId(),
                Instant.ofEpochMilli(evidence.eventTime()));
    }

    private static <A, B> List<B> each(List<A> list, Function<? super A, ? extends B> of) {
        if (list.isEmpty()) {
            return List.of();
        }
        List<B> made = new ArrayList<>(list.size());
        for (A one : list) {
            made.add(of.apply(one));
        }
        return made;
    }

    private static <T> List<T> firstOf(List<T> list, int most) {
        return list.size() <= most ? list : list.subList(0, most);
    }

    /** By key: equal documents are equal bytes. */
    private static <V> Map<String, V> sorted(Map<String, V> map) {
        return isSorted(map) ? map : new TreeMap<>(map);
    }

    private static boolean isSorted(Map<String, ?> map) {
        if (map.size() < 2) {
            return true;
        }
        String before = null;
        for (String key : map.keySet()) {
            if (before != null && before.compareTo(key) > 0) {
                return false;
            }
            before = key;
        }
        return true;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    /** The text, or null where the bytes are none. */
    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private AvroDocuments() {}
}
