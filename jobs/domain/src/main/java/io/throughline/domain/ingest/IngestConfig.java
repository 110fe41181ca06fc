package io.throughline.domain.ingest;

import io.throughline.domain.ingest.IdentifierRule.Form;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which records count, and in which form. Keys are {@code ingest.*}, {@code channels.*.default_stage} and, for identifier types,
 * {@code stitch.identifiers}. Durations in milliseconds.
 *
 * @param latenessHorizonMs how far behind the watermark a touchpoint still counts
 * @param allowedSkewMs how far event time may lie after received time
 * @param earliestTime earliest plausible time, epoch milliseconds; tells milliseconds from seconds
 * @param maxIdentifiers identifiers one touchpoint keeps, strongest first
 * @param maxRecordBytes size beyond which a record is rejected unread
 * @param pseudonymKey the secret behind pseudonyms
 * @param identifiers known types, strongest first
 * @param unknownIdentifierType what happens to an identifier of another type
 * @param blockedValues identifier values that name nobody, lower case
 * @param blockedPatterns regular expressions for such values; whole value, case does not matter
 * @param defaultCountry ISO 3166 code of phone numbers without country; null: they stay local
 * @param channels known channels by name
 * @param unknownChannel what happens to a touchpoint on another channel
 * @param kinds known kinds
 * @param unknownKind what happens to a touchpoint of another kind
 */
public record IngestConfig(
        long latenessHorizonMs,
        long allowedSkewMs,
        long earliestTime,
        int maxIdentifiers,
        int maxRecordBytes,
        PseudonymKey pseudonymKey,
        List<IdentifierRule> identifiers,
        UnknownIdentifierType unknownIdentifierType,
        Set<String> blockedValues,
        List<String> blockedPatterns,
        @Nullable String defaultCountry,
        Map<String, Channel> channels,
        UnknownName unknownChannel,
        Set<String> kinds,
        UnknownName unknownKind)
        implements Serializable {

    /** What happens to an identifier whose type the configuration does not name. */
    public enum UnknownIdentifierType {
        /** It is weaker than every known type, a person's, and replaced by a pseudonym. */
        KEEP,
        /** It is left out and counted. */
        IGNORE,
        /** The touchpoint is rejected. */
        REJECT
    }

    /** What happens to a touchpoint whose channel or kind the configuration does not name. */
    public enum UnknownName {
        /** It counts like any other, and a remark is counted. */
        ACCEPT,
        /** It is rejected. */
        REJECT
    }

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** 2000-01-01T00:00:00Z: anything earlier is seconds, or zero, sent as milliseconds. */
    private static final long YEAR_2000 = 946_684_800_000L;

    public static final IngestConfig DEFAULTS = new IngestConfig(
            7 * DAY,
            5 * MINUTE,
            YEAR_2000,
            20,
            1_000_000,
            PseudonymKey.DEVELOPMENT,
            List.of(
                    new IdentifierRule("customer_number", Form.TEXT, true),
                    new IdentifierRule("account_id", Form.TEXT, true),
                    new IdentifierRule("loyalty_id", Form.TEXT, true),
                    new IdentifierRule("email", Form.EMAIL, true),
                    new IdentifierRule("phone", Form.PHONE, true),
                    new IdentifierRule("social_id", Form.TEXT, true),
                    new IdentifierRule("messaging_id", Form.TEXT, true),
                    new IdentifierRule("card_token", Form.TEXT, true),
                    new IdentifierRule("device_id", Form.TEXT, false),
                    new IdentifierRule("cookie", Form.TEXT, false)),
            UnknownIdentifierType.IGNORE,
            new LinkedHashSet<>(List.of(
                    "null",
                    "undefined",
                    "none",
                    "n/a",
                    "nan",
                    "-1",
                    "anonymous",
                    "guest",
                    "unknown",
                    "test@test.com",
                    "email",
                    "[object object]")),
            List.of("[0-]*"),
            null,
            byName(List.of(
                    new Channel("web", "engagement"),
                    new Channel("app", "engagement"),
                    new Channel("email", "engagement"),
                    new Channel("chat", "support"),
                    new Channel("bot", "support"),
                    new Channel("call", "support"),
                    new Channel("ivr", "support"),
                    new Channel("sms", "engagement"),
                    new Channel("whatsapp", "support"),
                    new Channel("viber", "support"),
                    new Channel("push", "engagement"),
                    new Channel("social", "awareness"),
                    new Channel("store", "engagement"),
                    new Channel("kiosk", "engagement"),
                    new Channel("qr", "engagement"),
                    new Channel("paper", "engagement"),
                    new Channel("video", "support"),
                    new Channel("meeting", "engagement"))),
            UnknownName.ACCEPT,
            new LinkedHashSet<>(List.of(
                    "page_view",
                    "search",
                    "click",
                    "rage_click",
                    "form_submit",
                    "add_to_cart",
                    "check_in",
                    "message",
                    "message_opened",
                    "visit",
                    "call_queued",
                    "call_answered",
                    "call_ended",
                    "call_abandoned",
                    "chat_queued",
                    "chat_answered",
                    "chat_ended",
                    "chat_abandoned",
                    "video_queued",
                    "video_answered",
                    "video_ended",
                    "video_abandoned",
                    "conversation_ended",
                    "transfer",
                    "purchase",
                    "survey_invitation",
                    "survey_response",
                    "complaint",
                    "error",
                    "login",
                    "logout",
                    "promise_made",
                    "promise_due",
                    "promise_kept",
                    "promise_broken",
                    "case_opened",
                    "case_resolved",
                    "offer",
                    "delivery",
                    "consent_given",
                    "consent_withdrawn",
                    "authentication",
                    "menu_choice",
                    "transfer_completed",
                    "appointment_booked",
                    "appointment_missed",
                    "meeting_started",
                    "meeting_ended",
                    "order_placed",
                    "out_of_stock",
                    "return",
                    "refund",
                    "purchase_reversed",
                    "account_opened",
                    "account_closed",
                    "renewal",
                    "stay",
                    "cancellation",
                    "contract_cancelled")),
            UnknownName.ACCEPT);

    public IngestConfig {
        identifiers = List.copyOf(identifiers);
        blockedValues = new LinkedHashSet<>(blockedValues);
        blockedPatterns = List.copyOf(blockedPatterns);
        channels = new LinkedHashMap<>(channels);
        kinds = new LinkedHashSet<>(kinds);
        require(latenessHorizonMs > 0, "ingest.lateness_horizon: must be positive, was " + latenessHorizonMs + " ms");
        require(allowedSkewMs >= 0, "ingest.allowed_skew: must not be negative, was " + allowedSkewMs + " ms");
        require(
                allowedSkewMs < latenessHorizonMs,
                "ingest.allowed_skew: must be shorter than ingest.lateness_horizon, " + latenessHorizonMs + " ms, was "
                        + allowedSkewMs + " ms");
        require(maxIdentifiers >= 1, "ingest.max_identifiers: must be at least 1, was " + maxIdentifiers);
        require(maxRecordBytes >= 1, "ingest.max_record_bytes: must be at least 1, was " + maxRecordBytes);
        Set<String> names = new HashSet<>();
        for (IdentifierRule rule : identifiers) {
            require(names.add(rule.name()), "stitch.identifiers: " + rule.name() + " is named twice");
        }
        for (String pattern : blockedPatterns) {
            compile(pattern);
        }
        require(
                defaultCountry == null || defaultCountry.matches("[A-Z]{2}"),
                "ingest.default_country: must be an ISO 3166 code of two capital letters, was " + defaultCountry);
    }

    /** The channel as configured; one that is not has no default stage. */
    public Channel channel(String name) {
        Channel known = channels.get(name);
        return known != null ? known : new Channel(name, null);
    }

    /** This configuration with another key. */
    public IngestConfig with(PseudonymKey key) {
        return new IngestConfig(
                latenessHorizonMs,
                allowedSkewMs,
                earliestTime,
                maxIdentifiers,
                maxRecordBytes,
                key,
                identifiers,
                unknownIdentifierType,
                blockedValues,
                blockedPatterns,
                defaultCountry,
                channels,
                unknownChannel,
                kinds,
                unknownKind);
    }

    List<Pattern> compiledPatterns() {
        List<Pattern> result = new ArrayList<>();
        for (String pattern : blockedPatterns) {
            result.add(compile(pattern));
        }
        return result;
    }

    private static Pattern compile(String pattern) {
        try {
            return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "ingest.blocked_patterns: " + Refused.quote(pattern) + " is not a regular expression: "
                            + e.getDescription().toLowerCase(Locale.ROOT),
                    e);
        }
    }

    private static Map<String, Channel> byName(List<Channel> channels) {
        Map<String, Channel> result = new LinkedHashMap<>();
        channels.forEach(channel -> result.put(channel.name(), channel));
        return result;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
