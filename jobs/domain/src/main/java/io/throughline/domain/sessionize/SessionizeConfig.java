package io.throughline.domain.sessionize;

import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.stage.Requirements;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When touchpoints belong together, and how long they are remembered. Keys are {@code sessionize.*} and, for gaps,
 * {@code channels.CHANNEL.gap}. Durations in milliseconds of event time.
 *
 * @param gapMs channel to the silence a touchpoint on it bridges
 * @param defaultGapMs the same for channels not named
 * @param cutAtLogout whether a logout ends its session
 * @param maxLengthMs longest time from first to last touchpoint of a session
 * @param maxSize most touchpoints of a session
 * @param campaignProperty property whose change from one value to another cuts; null: none does
 * @param dayZone time zone whose midnight cuts; null: midnight does not
 * @param pathLimit most steps published on a path
 * @param publishEveryMs an open session is published at most once in this time
 * @param publishBurst corrections and stragglers published at once in this time; further ones wait for its end
 * @param publishAhead whether touchpoints later than the watermark are published at once (live) or when it has reached
 *     them: tests hold what is published at any event time against what the touchpoints until then come to. Replays set it
 *     to false as well; their time advances once, when all is there, so that it makes no difference to them
 * @param retentionMs how long touchpoints can be corrected; at least lateness horizon + re-attribution horizon
 * @param lifetimeMs how long totals are remembered after the last touchpoint
 * @param maxTouchpoints most touchpoints of one customer that are held; of more, those with the smallest hashes of
 *     their ids
 * @param handoffChannels channels on which a change from bot to agent is a handoff
 * @param identifierOrder identifier types, strongest first; unnamed ones after them, by name
 * @param reAskKinds kinds by which a customer says who they are or what it is about; each after the first is a re-ask
 * @param reversalKinds kinds that take a purchase back
 * @param valueKinds kinds whose value a customer brings, besides conversions
 * @param issue how contacts become issues
 * @param journey when a journey ends, and how
 * @param experience what moves the score of a customer
 */
public record SessionizeConfig(
        Map<String, Long> gapMs,
        long defaultGapMs,
        boolean cutAtLogout,
        long maxLengthMs,
        int maxSize,
        @Nullable String campaignProperty,
        @Nullable String dayZone,
        int pathLimit,
        long publishEveryMs,
        int publishBurst,
        boolean publishAhead,
        long retentionMs,
        long lifetimeMs,
        int maxTouchpoints,
        Set<String> handoffChannels,
        List<String> identifierOrder,
        Set<String> reAskKinds,
        Set<String> reversalKinds,
        Set<String> valueKinds,
        IssueConfig issue,
        JourneyConfig journey,
        ExperienceConfig experience)
        implements Serializable {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    public static final SessionizeConfig DEFAULTS = new SessionizeConfig(
            Map.of("call", HOUR, "video", HOUR, "store", 4 * HOUR, "meeting", 4 * HOUR),
            30 * MINUTE,
            true,
            DAY,
            1_000,
            null,
            null,
            1_000,
            1_000,
            10,
            true,
            37 * DAY,
            3 * 365 * DAY,
            5_000,
            Set.of("bot", "call", "chat", "ivr", "sms", "social", "video", "viber", "whatsapp"),
            List.of(
                    "customer_number",
                    "account_id",
                    "loyalty_id",
                    "email",
                    "phone",
                    "social_id",
                    "messaging_id",
                    "card_token",
                    "device_id",
                    "cookie"),
            Set.of("authentication"),
            Set.of("purchase_reversed", "refund", "return"),
            Set.of("check_in", "purchase", "renewal", "stay"),
            IssueConfig.DEFAULTS,
            JourneyConfig.DEFAULTS,
            ExperienceConfig.DEFAULTS);

    public SessionizeConfig {
        gapMs = Map.copyOf(gapMs);
        handoffChannels = WordSet.of(handoffChannels);
        identifierOrder = List.copyOf(identifierOrder);
        reAskKinds = WordSet.of(reAskKinds);
        reversalKinds = WordSet.of(reversalKinds);
        valueKinds = WordSet.of(valueKinds);
        Requirements required = new Requirements();
        gapMs.forEach((channel, gap) ->
                required.that(gap > 0, "channels." + channel + ".gap: must be positive, was " + gap + " ms"));
        required.that(defaultGapMs > 0, "sessionize.default_gap: must be positive, was " + defaultGapMs + " ms");
        required.that(maxLengthMs > 0, "sessionize.max_length: must be positive, was " + maxLengthMs + " ms");
        required.that(maxSize >= 1, "sessionize.max_size: must be at least 1, was " + maxSize);
        required.that(
                campaignProperty == null || !campaignProperty.isBlank(),
                "sessionize.campaign_property: must name a property, was blank; leave it out for no campaign cut");
        required.that(dayZone == null || isZone(dayZone), "sessionize.day_zone: must be a time zone, was " + dayZone);
        required.that(pathLimit >= 1, "sessionize.path_limit: must be at least 1, was " + pathLimit);
        required.that(
                publishEveryMs >= 0, "sessionize.publish_every: must not be negative, was " + publishEveryMs + " ms");
        required.that(publishBurst >= 0, "sessionize.publish_burst: must not be negative, was " + publishBurst);
        required.that(
                retentionMs > maxLengthMs,
                "sessionize.retention: must be longer than sessionize.max_length, " + maxLengthMs + " ms, was "
                        + retentionMs + " ms");
        required.that(
                lifetimeMs >= retentionMs,
                "sessionize.lifetime: must not be shorter than sessionize.retention, " + retentionMs + " ms, was "
                        + lifetimeMs + " ms");
        required.that(
                journey.quietMs() <= retentionMs,
                "sessionize.journey.quiet: must not be longer than sessionize.retention, " + retentionMs + " ms, was "
                        + journey.quietMs() + " ms");
        required.that(maxTouchpoints >= 1, "sessionize.max_touchpoints: must be at least 1, was " + maxTouchpoints);
        required.check();
    }

    /** The silence a touchpoint on this channel bridges, milliseconds. */
    public long gap(String channel) {
        Long gap = gapMs.get(channel);
        return gap != null ? gap : defaultGapMs;
    }

    /** Whether a customer converts here. */
    boolean converts(Touchpoint touchpoint) {
        return !reverses(touchpoint)
                && (journey.conversionKinds().contains(touchpoint.kind())
                        || (touchpoint.outcome() != null
                                && journey.conversionOutcomes().contains(touchpoint.outcome())));
    }

    /** Whether a purchase is taken back here. */
    boolean reverses(Touchpoint touchpoint) {
        return Contradictions.reverses(touchpoint, reversalKinds);
    }

    /**
     * What a touchpoint adds to what its customer brought: the value of a conversion or of one of {@link #valueKinds}. A
     * reversal takes its own off, whether it is written with a minus or without. What is offered or looked at has a value,
     * too, and brings nothing.
     */
    @Nullable
    Money earned(Touchpoint touchpoint) {
        Money value = touchpoint.value();
        if (value == null) {
            return null;
        }
        if (reverses(touchpoint)) {
            return value.micros() <= 0 ? value : new Money(-value.micros(), value.currency());
        }
        return converts(touchpoint) || valueKinds.contains(touchpoint.kind()) ? value : null;
    }

    /** A builder holding every setting of this configuration. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    private static boolean isZone(String zone) {
        try {
            ZoneId.of(zone);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Collects settings; what is not set stays as it was. */
    public static final class Builder {
        private Map<String, Long> gapMs;
        private long defaultGapMs;
        private boolean cutAtLogout;
        private long maxLengthMs;
        private int maxSize;
        private @Nullable String campaignProperty;
        private @Nullable String dayZone;
        private int pathLimit;
        private long publishEveryMs;
        private int publishBurst;
        private boolean publishAhead;
        private long retentionMs;
        private long lifetimeMs;
        private int maxTouchpoints;
        private Set<String> handoffChannels;
        private List<String> identifierOrder;
        private Set<String> reAskKinds;
        private Set<String> reversalKinds;
        private Set<String> valueKinds;
        private IssueConfig issue;
        private JourneyConfig journey;
        private ExperienceConfig experience;

        private Builder(SessionizeConfig config) {
            gapMs = config.gapMs;
            defaultGapMs = config.defaultGapMs;
            cutAtLogout = config.cutAtLogout;
            maxLengthMs = config.maxLengthMs;
            maxSize = config.maxSize;
            campaignProperty = config.campaignProperty;
            dayZone = config.dayZone;
            pathLimit = config.pathLimit;
            publishEveryMs = config.publishEveryMs;
            publishBurst = config.publishBurst;
            publishAhead = config.publishAhead;
            retentionMs = config.retentionMs;
            lifetimeMs = config.lifetimeMs;
            maxTouchpoints = config.maxTouchpoints;
            handoffChannels = config.handoffChannels;
            identifierOrder = config.identifierOrder;
            reAskKinds = config.reAskKinds;
            reversalKinds = config.reversalKinds;
            valueKinds = config.valueKinds;
            issue = config.issue;
            journey = config.journey;
            experience = config.experience;
        }

        public Builder gapMs(Map<String, Long> gapMs) {
            this.gapMs = gapMs;
            return this;
        }

        public Builder defaultGapMs(long defaultGapMs) {
            this.defaultGapMs = defaultGapMs;
            return this;
        }

        public Builder cutAtLogout(boolean cutAtLogout) {
            this.cutAtLogout = cutAtLogout;
            return this;
        }

        public Builder maxLengthMs(long maxLengthMs) {
            this.maxLengthMs = maxLengthMs;
            return this;
        }

        public Builder maxSize(int maxSize) {
            this.maxSize = maxSize;
            return this;
        }

        public Builder campaignProperty(@Nullable String campaignProperty) {
            this.campaignProperty = campaignProperty;
            return this;
        }

        public Builder dayZone(@Nullable String dayZone) {
            this.dayZone = dayZone;
            return this;
        }

        public Builder pathLimit(int pathLimit) {
            this.pathLimit = pathLimit;
            return this;
        }

        public Builder publishEveryMs(long publishEveryMs) {
            this.publishEveryMs = publishEveryMs;
            return this;
        }

        public Builder publishBurst(int publishBurst) {
            this.publishBurst = publishBurst;
            return this;
        }

        public Builder publishAhead(boolean publishAhead) {
            this.publishAhead = publishAhead;
            return this;
        }

        public Builder retentionMs(long retentionMs) {
            this.retentionMs = retentionMs;
            return this;
        }

        public Builder lifetimeMs(long lifetimeMs) {
            this.lifetimeMs = lifetimeMs;
            return this;
        }

        public Builder maxTouchpoints(int maxTouchpoints) {
            this.maxTouchpoints = maxTouchpoints;
            return this;
        }

        public Builder handoffChannels(Set<String> handoffChannels) {
            this.handoffChannels = handoffChannels;
            return this;
        }

        public Builder identifierOrder(List<String> identifierOrder) {
            this.identifierOrder = identifierOrder;
            return this;
        }

        public Builder reAskKinds(Set<String> reAskKinds) {
            this.reAskKinds = reAskKinds;
            return this;
        }

        public Builder reversalKinds(Set<String> reversalKinds) {
            this.reversalKinds = reversalKinds;
            return this;
        }

        public Builder valueKinds(Set<String> valueKinds) {
            this.valueKinds = valueKinds;
            return this;
        }

        public Builder experience(ExperienceConfig experience) {
            this.experience = experience;
            return this;
        }

        public Builder journey(JourneyConfig journey) {
            this.journey = journey;
            return this;
        }

        public Builder issue(IssueConfig issue) {
            this.issue = issue;
            return this;
        }

        public SessionizeConfig build() {
            return new SessionizeConfig(
                    gapMs,
                    defaultGapMs,
                    cutAtLogout,
                    maxLengthMs,
                    maxSize,
                    campaignProperty,
                    dayZone,
                    pathLimit,
                    publishEveryMs,
                    publishBurst,
                    publishAhead,
                    retentionMs,
                    lifetimeMs,
                    maxTouchpoints,
                    handoffChannels,
                    identifierOrder,
                    reAskKinds,
                    reversalKinds,
                    valueKinds,
                    issue,
                    journey,
                    experience);
        }
    }
}
