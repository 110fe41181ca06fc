package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which records count and brings them into one form. A pure function of the record, the time it was received
 * and the configuration; may be shared by threads.
 *
 * <p>A record is refused where what it says cannot be told apart from garbage: a required field is absent, a field is
 * no value of its type, a time is no time. A record that is merely contradictory or boastful (a negative wait, an
 * answer off its scale) counts, without the fact that would distort an average. What happens to what is written down in
 * {@code docs/stages/ingest.md}.
 */
public final class Validation {

    /** Elasticsearch takes ids of at most 512 bytes. */
    private static final int MAX_ID_BYTES = 512;

    /** Names, places and other values people group by. */
    private static final int MAX_NAME_LENGTH = 256;

    private static final int MAX_ENTRIES = 100;

    /** Four bytes a character at most, this stays within what Elasticsearch takes as one term. */
    private static final int MAX_ENTRY_LENGTH = 8000;

    /** In units of the currency; leaves room for the sum of 900 of the largest within 64 bits of millionths. */
    private static final double MAX_AMOUNT = 1e10;

    private final IngestConfig config;
    private final IdentifierNormaliser normaliser;
    private final Comparator<Identifier> strongestFirst;

    public Validation(IngestConfig config, PhoneNumbers phoneNumbers) {
        this.config = config;
        this.normaliser = new IdentifierNormaliser(config, phoneNumbers);
        this.strongestFirst = Comparator.<Identifier>comparingInt(i -> normaliser.priority(i.type()))
                .thenComparing(Comparator.naturalOrder());
    }

    /**
     * @param kafkaTime timestamp of the Kafka record, epoch milliseconds: the received time of a touchpoint that names
     *     none; null where there is no Kafka record, the received time then is the event time
     */
    public Verdict check(RawTouchpoint raw, @Nullable Long kafkaTime) {
        try {
            List<Remark> remarks = new ArrayList<>(0);
            return new Accepted(accept(raw, kafkaTime, remarks), remarks);
        } catch (Refusal refusal) {
            return refusal.refused;
        }
    }

    private Touchpoint accept(RawTouchpoint raw, @Nullable Long kafkaTime, List<Remark> remarks) throws Refusal {
        String id = required("touchpoint_id", Cleaning.text(raw.touchpointId()));
        if (id.length() * 3 > MAX_ID_BYTES && id.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES) {
            throw invalid("touchpoint_id", Refused.quote(id) + " has more than " + MAX_ID_BYTES + " bytes");
        }
        Long sentEventTime = time("event_time", raw.eventTime());
        if (sentEventTime == null) {
            throw missing("event_time");
        }
        String channel = required("channel", name("channel", raw.channel()));
        String kind = required("kind", name("kind", raw.kind()));
        List<RawTouchpoint.Identity> identities = raw.identifiers();
        if (identities == null || identities.isEmpty()) {
            throw missing("identifiers");
        }
        Long sentTime = time("sent_time", raw.sentTime());
        Long statedReceivedTime = time("received_time", raw.receivedTime());
        boolean receivedKnown = statedReceivedTime != null || kafkaTime != null;
        long receivedTime =
                statedReceivedTime != null ? statedReceivedTime : kafkaTime != null ? kafkaTime : sentEventTime;
        long eventTime = receivedKnown ? corrected(sentEventTime, sentTime, receivedTime, remarks) : sentEventTime;
        if (receivedKnown) {
            checkSkew(eventTime, receivedTime, statedReceivedTime, kafkaTime);
        }
        if (!config.channels().containsKey(channel)) {
            unknownName("channel", channel, config.unknownChannel(), Remark.UNKNOWN_CHANNEL, remarks);
        }
        if (!config.kinds().contains(kind)) {
            unknownName("kind", kind, config.unknownKind(), Remark.UNKNOWN_KIND, remarks);
        }
        String stage = name("stage", raw.stage());
        Map<String, String> properties = entries(raw.properties(), remarks);
        Map<String, String> dropped = new TreeMap<>();
        Long waitMs = notNegative("wait_ms", raw.waitMs(), Remark.NEGATIVE_WAIT, remarks, dropped);
        Long handleMs = notNegative("handle_ms", raw.handleMs(), Remark.NEGATIVE_HANDLE, remarks, dropped);
        Double sentiment = raw.sentiment();
        if (sentiment != null && !(sentiment >= -1 && sentiment <= 1)) {
            remarks.add(Remark.SENTIMENT_OFF_SCALE);
            dropped.put("dropped_sentiment", sentiment.toString());
            sentiment = null;
        }
        if (!dropped.isEmpty()) {
            dropped.putAll(properties);
            properties = dropped;
        }
        return Touchpoint.of(id, eventTime, channel, kind)
                .receivedTime(receivedTime)
                .sentTime(sentTime)
                .outbound(outbound(raw.direction()))
                .actor(actor(raw.actor()))
                .identifiers(identifiers(identities, remarks))
                .touchpoint(word("touchpoint", raw.touchpoint()))
                .stage(stage != null ? stage : config.channel(channel).defaultStage())
                .topic(word("topic", raw.topic()))
                .caseId(word("case_id", raw.caseId()))
                .location(word("location", raw.location()))
                .brand(word("brand", raw.brand()))
                .product(word("product", raw.product()))
                .segment(word("segment", raw.segment()))
                .outcome(name("outcome", raw.outcome()))
                .waitMs(waitMs)
                .handleMs(handleMs)
                .value(money(raw.value()))
                .survey(survey(raw.survey(), remarks))
                .sentiment(sentiment)
                .experiments(entries(raw.experiments(), remarks))
                .captureMethod(name("capture_method", raw.captureMethod()))
                .properties(properties)
                .build();
    }

    /** Takes the error of the sender's clock out, as seen when it was sent: event + (received - sent). */
    private long corrected(long eventTime, @Nullable Long sentTime, long receivedTime, List<Remark> remarks)
            throws Refusal {
        if (sentTime == null) {
            return eventTime;
        }
        long error = receivedTime - sentTime;
        long corrected = eventTime + error;
        if (corrected < config.earliestTime() || corrected >= PlausibleTime.YEAR_2200) {
            throw invalid(
                    "sent_time",
                    Instant.ofEpochMilli(sentTime) + " and received_time " + Instant.ofEpochMilli(receivedTime)
                            + " correct the event time to " + Instant.ofEpochMilli(corrected));
        }
        if (Math.abs(error) > config.allowedSkewMs()) {
            remarks.add(Remark.CLOCK_CORRECTED);
        }
        return corrected;
    }

    private void checkSkew(
            long eventTime, long receivedTime, @Nullable Long statedReceivedTime, @Nullable Long kafkaTime)
            throws Refusal {
        // A collector's clock is believed, but not to the point where it could make everybody else's records late.
        if (statedReceivedTime != null
                && kafkaTime != null
                && statedReceivedTime - kafkaTime > config.latenessHorizonMs()) {
            throw invalid(
                    "received_time",
                    Instant.ofEpochMilli(statedReceivedTime) + " is later than the record's own time "
                            + Instant.ofEpochMilli(kafkaTime) + " by more than the lateness horizon");
        }
        if (eventTime - receivedTime > config.allowedSkewMs()) {
            throw new Refusal(
                    RejectReason.FUTURE_EVENT_TIME,
                    "event_time: " + Instant.ofEpochMilli(eventTime) + " is later than the received time "
                            + Instant.ofEpochMilli(receivedTime) + " by more than " + config.allowedSkewMs() + " ms");
        }
    }

    private @Nullable Long time(String field, @Nullable Long millis) throws Refusal {
        String problem = millis == null ? null : PlausibleTime.problem(millis, config.earliestTime());
        if (problem != null) {
            throw invalid(field, problem);
        }
        return millis;
    }

    private List<Identifier> identifiers(List<RawTouchpoint.Identity> identities, List<Remark> remarks) throws Refusal {
        Set<Identifier> result = new LinkedHashSet<>();
        for (int i = 0; i < identities.size(); i++) {
            RawTouchpoint.Identity identity = identities.get(i);
            String type = Cleaning.name(identity.type());
            if (type == null) {
                throw missing("identifiers[" + i + "].type");
            }
            if (type.length() > MAX_NAME_LENGTH) {
                throw invalid("identifiers[" + i + "].type", "is longer than " + MAX_NAME_LENGTH);
            }
            if (!normaliser.knows(type)) {
                if (config.unknownIdentifierType() == IngestConfig.UnknownIdentifierType.REJECT) {
                    throw invalid("identifiers[" + i + "].type", Refused.quote(type) + " is not a configured type");
                }
                remarks.add(Remark.UNKNOWN_IDENTIFIER_TYPE);
                if (config.unknownIdentifierType() == IngestConfig.UnknownIdentifierType.IGNORE) {
                    continue;
                }
            }
            Identifier normal = normaliser.normalise(type, identity.value(), remarks);
            if (normal != null) {
                result.add(normal);
            }
        }
        List<Identifier> sorted = new ArrayList<>(result);
        sorted.sort(strongestFirst);
        for (int i = config.maxIdentifiers(); i < sorted.size(); i++) {
            remarks.add(Remark.SURPLUS_IDENTIFIER);
        }
        return sorted.size() > config.maxIdentifiers() ? sorted.subList(0, config.maxIdentifiers()) : sorted;
    }

    private static boolean outbound(@Nullable String direction) throws Refusal {
        String clean = Cleaning.name(direction);
        if (clean == null || clean.equals("inbound")) {
            return false;
        }
        if (clean.equals("outbound")) {
            return true;
        }
        throw invalid("direction", Refused.quote(clean) + " is neither inbound nor outbound");
    }

    private static @Nullable String actor(@Nullable String actor) throws Refusal {
        String clean = Cleaning.name(actor);
        if (clean == null) {
            return null;
        }
        return switch (clean) {
            case "customer", "agent", "bot", "system" -> clean;
            default -> throw invalid("actor", Refused.quote(clean) + " is none of customer, agent, bot, system");
        };
    }

    private static @Nullable Money money(RawTouchpoint.@Nullable Amount value) throws Refusal {
        if (value == null) {
            return null;
        }
        double amount = number("value.amount", value.amount());
        String currency = required("value.currency", Cleaning.text(value.currency()));
        if (currency.length() != 3 || !currency.chars().allMatch(Validation::isAsciiLetter)) {
            throw invalid("value.currency", Refused.quote(currency) + " is not an ISO 4217 code of three letters");
        }
        if (Math.abs(amount) > MAX_AMOUNT) {
            throw invalid("value.amount", amount + " is beyond plus or minus " + MAX_AMOUNT);
        }
        long micros = BigDecimal.valueOf(amount)
                .movePointRight(6)
                .setScale(0, RoundingMode.HALF_EVEN)
                .longValueExact();
        return new Money(micros, currency.toUpperCase(Locale.ROOT));
    }

    private static @Nullable Survey survey(RawTouchpoint.@Nullable Answer answer, List<Remark> remarks) throws Refusal {
        if (answer == null) {
            return null;
        }
        Survey survey = new Survey(
                required("survey.metric", name("survey.metric", answer.metric())),
                number("survey.scale_min", answer.scaleMin()),
                number("survey.scale_max", answer.scaleMax()),
                higherIsBetter(answer.direction()),
                number("survey.score", answer.score()),
                Cleaning.text(answer.verbatim()),
                about(answer.about()));
        if (!survey.onScale()) {
            remarks.add(Remark.SURVEY_OFF_SCALE);
        }
        return survey;
    }

    private static boolean higherIsBetter(@Nullable String direction) throws Refusal {
        String clean = Cleaning.name(direction);
        if (clean == null || clean.equals("higher_is_better")) {
            return true;
        }
        if (clean.equals("lower_is_better")) {
            return false;
        }
        throw invalid("survey.direction", Refused.quote(clean) + " is neither higher_is_better nor lower_is_better");
    }

    private static Survey.@Nullable About about(Survey.@Nullable About about) throws Refusal {
        if (about == null) {
            return null;
        }
        Survey.About clean = new Survey.About(
                Cleaning.text(about.touchpointId()),
                name("survey.about.channel", about.channel()),
                word("survey.about.touchpoint", about.touchpoint()),
                word("survey.about.case_id", about.caseId()));
        boolean saysSomething = clean.touchpointId() != null
                || clean.channel() != null
                || clean.touchpoint() != null
                || clean.caseId() != null;
        return saysSomething ? clean : null;
    }

    private static @Nullable Long notNegative(
            String field, @Nullable Long value, Remark remark, List<Remark> remarks, Map<String, String> dropped) {
        if (value == null || value >= 0) {
            return value;
        }
        remarks.add(remark);
        dropped.put("dropped_" + field, value.toString());
        return null;
    }

    private static Map<String, String> entries(@Nullable Map<String, String> entries, List<Remark> remarks) {
        if (entries == null || entries.isEmpty()) {
            return Map.of();
        }
        if (arePlain(entries)) {
            return entries;
        }
        Map<String, String> result = new TreeMap<>();
        for (Map.Entry<String, String> entry : new TreeMap<>(entries).entrySet()) {
            String key = Cleaning.text(entry.getKey());
            String value = Cleaning.text(entry.getValue());
            if (value == null) {
                continue;
            }
            if (key == null || key.length() > MAX_NAME_LENGTH || result.size() == MAX_ENTRIES) {
                remarks.add(Remark.SURPLUS_PROPERTY);
            } else if (value.length() > MAX_ENTRY_LENGTH) {
                remarks.add(Remark.SURPLUS_PROPERTY);
                result.putIfAbsent(
                        key,
                        Cleaning.wellFormed(value.substring(0, MAX_ENTRY_LENGTH).stripTrailing()));
            } else {
                result.putIfAbsent(key, value);
            }
        }
        return result;
    }

    /** Whether there is nothing to clean, cut or leave out, as is nearly always so. */
    private static boolean arePlain(Map<String, String> entries) {
        if (entries.size() > MAX_ENTRIES) {
            return false;
        }
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            String value = entry.getValue();
            if (key.length() > MAX_NAME_LENGTH
                    || value.length() > MAX_ENTRY_LENGTH
                    || !key.equals(Cleaning.text(key))
                    || !value.equals(Cleaning.text(value))) {
                return false;
            }
        }
        return true;
    }

    private static void unknownName(
            String field, String value, IngestConfig.UnknownName policy, Remark remark, List<Remark> remarks)
            throws Refusal {
        if (policy == IngestConfig.UnknownName.REJECT) {
            throw new Refusal(RejectReason.UNKNOWN_CHANNEL, field + ": " + Refused.quote(value) + " is not configured");
        }
        remarks.add(remark);
    }

    private static @Nullable String name(String field, @Nullable String value) throws Refusal {
        return shortEnough(field, Cleaning.name(value));
    }

    private static @Nullable String word(String field, @Nullable String value) throws Refusal {
        return shortEnough(field, Cleaning.text(value));
    }

    private static @Nullable String shortEnough(String field, @Nullable String value) throws Refusal {
        if (value != null && value.length() > MAX_NAME_LENGTH) {
            throw invalid(field, Refused.quote(value) + " is longer than " + MAX_NAME_LENGTH);
        }
        return value;
    }

    private static String required(String field, @Nullable String value) throws Refusal {
        if (value == null) {
            throw missing(field);
        }
        return value;
    }

    private static double number(String field, @Nullable Double value) throws Refusal {
        if (value == null) {
            throw missing(field);
        }
        if (!Double.isFinite(value)) {
            throw invalid(field, value + " is not a number");
        }
        return value;
    }

    private static boolean isAsciiLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static Refusal missing(String field) {
        return new Refusal(RejectReason.MISSING_FIELD, field + ": required, but absent or blank");
    }

    private static Refusal invalid(String field, String problem) {
        return new Refusal(RejectReason.INVALID_VALUE, field + ": " + problem);
    }

    /** Carries a refusal out of the checks; never leaves this class. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Refused refused;

        Refusal(RejectReason reason, String detail) {
            super(detail, null, false, false);
            this.refused = new Refused(reason, detail);
        }
    }
}
