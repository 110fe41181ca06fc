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
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The documents as others read them: domain records to the Avro records of {@code schemas}. */
public final class AvroDocuments {
    private static final double MICROS = 1e6;

    /** What an issue document lists at most; its counts are over all. */
    private static final int MOST_CONTACTS = 1_000;

    private static final int MOST_PROMISES = 100;

    public static io.throughline.schemas.StitchedTouchpoint of(StitchedTouchpoint stitched) {
        Touchpoint t = stitched.touchpoint();
        Survey survey = t.survey();
        Money value = t.value();
        return io.throughline.schemas.StitchedTouchpoint.newBuilder()
                .setTouchpointId(t.touchpointId())
                .setCustomerId(stitched.customerId())
                .setSessionId(stitched.sessionId())
                .setRevision(stitched.revision())
                .setErased(stitched.isErased() ? true : null)
                .setEventTime(Instant.ofEpochMilli(t.eventTime()))
                .setSentTime(instant(t.sentTime()))
                .setReceivedTime(Instant.ofEpochMilli(t.receivedTime()))
                .setChannel(t.channel())
                .setKind(t.kind())
                .setDirection(t.outbound() ? "outbound" : "inbound")
                .setActor(t.actor())
                .setIdentifiers(t.identifiers().stream().map(AvroDocuments::of).toList())
                .setTouchpoint(t.touchpoint())
                .setStage(t.stage())
                .setTopic(t.topic())
                .setCaseId(t.caseId())
                .setLocation(t.location())
                .setBrand(t.brand())
                .setProduct(t.product())
                .setSegment(t.segment())
                .setOutcome(t.outcome())
                .setWaitMs(t.waitMs())
                .setHandleMs(t.handleMs())
                .setValue(value == null ? null : of(value))
                .setSurvey(survey == null ? null : of(survey))
                .setSentiment(t.sentiment())
                .setExperiments(new TreeMap<>(t.experiments()))
                .setCaptureMethod(t.captureMethod())
                .setProperties(new TreeMap<>(t.properties()))
                .build();
    }

    public static io.throughline.schemas.Session of(Session session) {
        return io.throughline.schemas.Session.newBuilder()
                .setSessionId(session.sessionId())
                .setCustomerId(session.customerId())
                .setStatus(word(session.status()))
                .setStart(Instant.ofEpochMilli(session.start()))
                .setEnd(Instant.ofEpochMilli(session.end()))
                .setDurationMs(session.end() - session.start())
                .setChannels(session.channels())
                .setTouchpointCount(session.touchpointCount())
                .setPath(session.path().stream().map(AvroDocuments::of).toList())
                .setChannelSwitches(session.channelSwitches())
                .setHandoffs(session.handoffs())
                .setActiveMs(new TreeMap<>(session.activeMs()))
                .setCutCause(word(session.cutCause()))
                .setOutcome(session.outcome())
                .setTopics(session.topics())
                .setStages(session.stages())
                .setScores(new TreeMap<>(session.scores()))
                .setValue(session.value().stream().map(AvroDocuments::of).toList())
                .setErrors(session.errors())
                .setComplaints(session.complaints())
                .setWaitMs(session.waitMs())
                .setHandoffKinds(of(session.handoffKinds()))
                .setReAsks(session.reAsks())
                .setFlags(session.flags())
                .setSegment(session.segment())
                .setRevision(session.revision())
                .build();
    }

    public static io.throughline.schemas.Issue of(Issue issue) {
        boolean standing = !issue.absorbed();
        Issue.Contact first = standing ? issue.first() : null;
        Long resolution = issue.resolutionMs();
        return io.throughline.schemas.Issue.newBuilder()
                .setIssueId(issue.issueId())
                .setCustomerId(issue.customerId())
                .setStatus(word(issue.status()))
                .setTopic(issue.topic())
                .setCaseId(issue.caseId())
                .setStart(Instant.ofEpochMilli(issue.start()))
                .setEnd(Instant.ofEpochMilli(issue.end()))
                .setChannels(issue.channels())
                .setProduct(first == null ? null : first.product())
                .setLocation(first == null ? null : first.location())
                .setSegment(first == null ? null : first.segment())
                .setContactCount(issue.contacts().size())
                .setContacts(issue.contacts().stream()
                        .limit(MOST_CONTACTS)
                        .map(AvroDocuments::of)
                        .toList())
                .setRepeats(issue.repeats())
                .setSettled(issue.settled())
                .setResolved(issue.resolved())
                .setFcrGross(standing && issue.resolvedAtFirstContact())
                .setFcrNet(standing && issue.resolvable() ? issue.resolvedAtFirstContact() : null)
                .setFcrBehavioural(standing && issue.notRepeated())
                .setFirstResponseMs(issue.firstResponseMs())
                .setResolvedAt(resolution == null ? null : Instant.ofEpochMilli(issue.start() + resolution))
                .setResolutionMs(resolution)
                .setHandoffs(issue.handoffs())
                .setHandoffKinds(of(issue.handoffKinds()))
                .setChannelSwitches(issue.channelSwitches())
                .setReAsks(issue.reAsks())
                .setLongestSilenceMs(issue.longestSilenceMs())
                .setPromisesMade(issue.promisesMade())
                .setPromisesKept(issue.promisesKept())
                .setPromisesBroken(issue.promisesBroken())
                .setPromises(issue.promises().stream()
                        .limit(MOST_PROMISES)
                        .map(AvroDocuments::of)
                        .toList())
                .setReopened(issue.reopened())
                .setFlags(issue.flags())
                .setRevision(issue.revision())
                .build();
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
        return io.throughline.schemas.Journey.newBuilder()
                .setJourneyId(journey.journeyId())
                .setCustomerId(journey.customerId())
                .setStatus(word(journey.status()))
                .setEnded(journey.ended())
                .setEndCause(word(journey.endCause()))
                .setStart(Instant.ofEpochMilli(journey.start()))
                .setEnd(Instant.ofEpochMilli(journey.end()))
                .setDurationMs(journey.end() - journey.start())
                .setProduct(journey.product())
                .setTopic(journey.topic())
                .setStage(journey.stage())
                .setFurthestStage(journey.furthestStage())
                .setStages(journey.stages())
                .setStagePath(
                        journey.stagePath().stream().map(AvroDocuments::of).toList())
                .setDwellMs(new TreeMap<>(journey.dwellMs()))
                .setStepsBack(journey.stepsBack())
                .setConverted(journey.converted())
                .setConvertedAt(instant(convertedAt))
                .setConversionMs(convertedAt == null ? null : convertedAt - journey.start())
                .setConversionCount(journey.conversionCount())
                .setAbandoned(journey.status() == Journey.Status.ABANDONED)
                .setChurned(journey.churned())
                .setChurnedAt(instant(journey.churnedAt()))
                .setChannels(journey.channels())
                .setFirstChannel(journey.firstChannel())
                .setConversionChannel(journey.conversionChannel())
                .setTouchpointCount(journey.touchpointCount())
                .setSessionCount(journey.sessionCount())
                .setValue(journey.value().stream().map(AvroDocuments::of).toList())
                .setFlags(journey.flags())
                .setRevision(journey.revision())
                .build();
    }

    private static StageVisit of(Journey.StageVisit visit) {
        return new StageVisit(
                visit.stage(), Instant.ofEpochMilli(visit.entered()), visit.dwellMs(), visit.touchpoints());
    }

    public static io.throughline.schemas.Transition of(Transition transition) {
        Transition.Way way = transition.way();
        return io.throughline.schemas.Transition.newBuilder()
                .setTransitionId(way.id())
                .setKind(way.kind().word())
                .setFrom(way.from())
                .setTo(way.to())
                .setDay(Instant.ofEpochMilli(way.day()))
                .setCount(transition.count())
                .setRevision(transition.revision())
                .build();
    }

    /** @param experience what tiers of value there are */
    public static io.throughline.schemas.Customer of(Customer customer, ExperienceConfig experience) {
        return io.throughline.schemas.Customer.newBuilder()
                .setCustomerId(customer.customerId())
                .setStatus(customer.absorbed() ? "absorbed" : "active")
                .setAbsorbedInto(customer.absorbedInto())
                .setIdentifiers(
                        customer.identifiers().stream().map(AvroDocuments::of).toList())
                .setFirstSeen(instant(customer.firstSeen()))
                .setLastSeen(instant(customer.lastSeen()))
                .setChannels(customer.channels())
                .setTouchpointCount(customer.touchpointCount())
                .setSessionCount(customer.sessionCount())
                .setValue(customer.value().stream().map(AvroDocuments::of).toList())
                .setSegment(customer.segment())
                .setValueTier(customer.absorbed() ? null : ValueTier.of(customer.value(), experience))
                .setExperienceScore(
                        customer.experience() == null
                                ? null
                                : customer.experience().score())
                .setExperienceReasons(
                        customer.experience() == null
                                ? List.of()
                                : customer.experience().reasons().stream()
                                        .map(AvroDocuments::of)
                                        .toList())
                .setConsents(customer.consents().stream().map(AvroDocuments::of).toList())
                .setRevision(customer.revision())
                .build();
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
        return Metric.newBuilder()
                .setSeriesId(metric.seriesId())
                .setMetricId(metric.metricId())
                .setFormulaVersion(metric.formulaVersion())
                .setDimensions(new TreeMap<>(metric.dimensions()))
                .setWindow(metric.window())
                .setValue(metric.value())
                .setUnit(metric.unit())
                .setN(metric.n())
                .setCiLow(metric.ciLow())
                .setCiHigh(metric.ciHigh())
                .setComplete(metric.complete())
                .setDirection(metric.direction())
                .setAsOf(Instant.ofEpochMilli(metric.asOf()))
                .setRestated(metric.restated())
                .setRevision(metric.revision())
                .build();
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
        return io.throughline.schemas.Alert.newBuilder()
                .setAlertId(alert.alertId())
                .setRuleId(alert.ruleId())
                .setRuleVersion(alert.ruleVersion())
                .setCustomerId(alert.customerId())
                .setStatus(word(alert.status()))
                .setSeverity(alert.severity())
                .setOpenedAt(Instant.ofEpochMilli(alert.openedAt()))
                .setResolvedAt(instant(alert.resolvedAt()))
                .setReason(alert.reason())
                .setRetractedBecause(alert.retractedBecause())
                .setEvidence(alert.evidence().stream().map(AvroDocuments::of).toList())
                .setExpectation(alert.expectation())
                .setRevision(alert.revision())
                .setValueTier(alert.context().valueTier())
                .setPriority(alert.context().priority())
                .setWindowStart(instant(alert.context().windowStart()))
                .setMeasured(alert.context().measured())
                .setBound(alert.context().bound())
                .setNextAction(alert.context().nextAction())
                .setInhibitedBy(alert.context().inhibitedBy())
                .setTopic(alert.context().topic())
                .setLocation(alert.context().location())
                .setVersion(alert.life().version())
                .setAssignee(alert.life().assignee())
                .setEscalations(alert.life().escalations())
                .setReopened(alert.life().reopened())
                .setSilencedUntil(instant(alert.life().silencedUntil()))
                .setDueAt(instant(alert.life().dueAt()))
                .setHistory(
                        alert.life().history().stream().map(AvroDocuments::of).toList())
                .build();
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
                .setRejectedByReason(new TreeMap<>(account.total().rejectedByReason()))
                .setProcessedByChannel(aboveNone(account.processedByChannel()))
                .setRemarks(new TreeMap<>(account.remarks()))
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
        return io.throughline.schemas.Survey.newBuilder()
                .setMetric(survey.metric())
                .setScaleMin(survey.scaleMin())
                .setScaleMax(survey.scaleMax())
                .setDirection(survey.higherIsBetter() ? "higher_is_better" : "lower_is_better")
                .setScore(survey.score())
                .setVerbatim(survey.verbatim())
                .setAbout(
                        about == null
                                ? null
                                : new SurveyAbout(
                                        about.touchpointId(), about.channel(), about.touchpoint(), about.caseId()))
                .build();
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
