package io.throughline.domain.touchpoint;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One contact between a customer and the company, accepted by ingest: validated, normalised, pseudonymised, its clock
 * corrected.
 *
 * @param touchpointId identity; duplicates share it
 * @param eventTime when it happened, epoch milliseconds UTC, corrected for the sender's clock
 * @param receivedTime when the collector received it, epoch milliseconds UTC
 * @param sentTime when the sender sent it, epoch milliseconds by the sender's clock
 * @param channel channel it happened on
 * @param kind what happened
 * @param outbound true where the company contacted the customer
 * @param actor customer, agent, bot or system
 * @param identifiers strongest type first, then by value; empty where all it bore were placeholders such as
 *     {@code null}
 * @param touchpoint its name on the journey map
 * @param stage journey stage; the channel's default where the sender named none
 * @param waitMs time waited, milliseconds, not negative
 * @param handleMs time handled, milliseconds, not negative
 * @param sentiment from -1 to 1
 */
public record Touchpoint(
        String touchpointId,
        long eventTime,
        long receivedTime,
        @Nullable Long sentTime,
        String channel,
        String kind,
        boolean outbound,
        @Nullable String actor,
        List<Identifier> identifiers,
        @Nullable String touchpoint,
        @Nullable String stage,
        @Nullable String topic,
        @Nullable String caseId,
        @Nullable String location,
        @Nullable String brand,
        @Nullable String product,
        @Nullable String segment,
        @Nullable String outcome,
        @Nullable Long waitMs,
        @Nullable Long handleMs,
        @Nullable Money value,
        @Nullable Survey survey,
        @Nullable Double sentiment,
        Map<String, String> experiments,
        @Nullable String captureMethod,
        Map<String, String> properties) {

    public Touchpoint {
        Objects.requireNonNull(touchpointId, "touchpointId");
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(kind, "kind");
        identifiers = List.copyOf(identifiers);
        experiments = Map.copyOf(experiments);
        properties = Map.copyOf(properties);
    }

    /** A builder holding the required facts; everything else starts absent. */
    public static Builder of(String touchpointId, long eventTime, String channel, String kind) {
        return new Builder(touchpointId, eventTime, channel, kind);
    }

    /** A builder holding every fact of this touchpoint. */
    public Builder toBuilder() {
        Builder b = new Builder(touchpointId, eventTime, channel, kind);
        b.receivedTime = receivedTime;
        b.sentTime = sentTime;
        b.outbound = outbound;
        b.actor = actor;
        b.identifiers = identifiers;
        b.touchpoint = touchpoint;
        b.stage = stage;
        b.topic = topic;
        b.caseId = caseId;
        b.location = location;
        b.brand = brand;
        b.product = product;
        b.segment = segment;
        b.outcome = outcome;
        b.waitMs = waitMs;
        b.handleMs = handleMs;
        b.value = value;
        b.survey = survey;
        b.sentiment = sentiment;
        b.experiments = experiments;
        b.captureMethod = captureMethod;
        b.properties = properties;
        return b;
    }

    /** Collects the facts of one touchpoint; {@code receivedTime} defaults to the event time. */
    public static final class Builder {
        private final String touchpointId;
        private long eventTime;
        private String channel;
        private String kind;
        private long receivedTime;
        private @Nullable Long sentTime;
        private boolean outbound;
        private @Nullable String actor;
        private List<Identifier> identifiers = List.of();
        private @Nullable String touchpoint;
        private @Nullable String stage;
        private @Nullable String topic;
        private @Nullable String caseId;
        private @Nullable String location;
        private @Nullable String brand;
        private @Nullable String product;
        private @Nullable String segment;
        private @Nullable String outcome;
        private @Nullable Long waitMs;
        private @Nullable Long handleMs;
        private @Nullable Money value;
        private @Nullable Survey survey;
        private @Nullable Double sentiment;
        private Map<String, String> experiments = Map.of();
        private @Nullable String captureMethod;
        private Map<String, String> properties = Map.of();

        private Builder(String touchpointId, long eventTime, String channel, String kind) {
            this.touchpointId = touchpointId;
            this.eventTime = eventTime;
            this.receivedTime = eventTime;
            this.channel = channel;
            this.kind = kind;
        }

        public Builder eventTime(long eventTime) {
            this.eventTime = eventTime;
            return this;
        }

        public Builder receivedTime(long receivedTime) {
            this.receivedTime = receivedTime;
            return this;
        }

        public Builder sentTime(@Nullable Long sentTime) {
            this.sentTime = sentTime;
            return this;
        }

        public Builder channel(String channel) {
            this.channel = channel;
            return this;
        }

        public Builder kind(String kind) {
            this.kind = kind;
            return this;
        }

        public Builder outbound(boolean outbound) {
            this.outbound = outbound;
            return this;
        }

        public Builder actor(@Nullable String actor) {
            this.actor = actor;
            return this;
        }

        public Builder identifiers(List<Identifier> identifiers) {
            this.identifiers = identifiers;
            return this;
        }

        public Builder touchpoint(@Nullable String touchpoint) {
            this.touchpoint = touchpoint;
            return this;
        }

        public Builder stage(@Nullable String stage) {
            this.stage = stage;
            return this;
        }

        public Builder topic(@Nullable String topic) {
            this.topic = topic;
            return this;
        }

        public Builder caseId(@Nullable String caseId) {
            this.caseId = caseId;
            return this;
        }

        public Builder location(@Nullable String location) {
            this.location = location;
            return this;
        }

        public Builder brand(@Nullable String brand) {
            this.brand = brand;
            return this;
        }

        public Builder product(@Nullable String product) {
            this.product = product;
            return this;
        }

        public Builder segment(@Nullable String segment) {
            this.segment = segment;
            return this;
        }

        public Builder outcome(@Nullable String outcome) {
            this.outcome = outcome;
            return this;
        }

        public Builder waitMs(@Nullable Long waitMs) {
            this.waitMs = waitMs;
            return this;
        }

        public Builder handleMs(@Nullable Long handleMs) {
            this.handleMs = handleMs;
            return this;
        }

        public Builder value(@Nullable Money value) {
            this.value = value;
            return this;
        }

        public Builder survey(@Nullable Survey survey) {
            this.survey = survey;
            return this;
        }

        public Builder sentiment(@Nullable Double sentiment) {
            this.sentiment = sentiment;
            return this;
        }

        public Builder experiments(Map<String, String> experiments) {
            this.experiments = experiments;
            return this;
        }

        public Builder captureMethod(@Nullable String captureMethod) {
            this.captureMethod = captureMethod;
            return this;
        }

        public Builder properties(Map<String, String> properties) {
            this.properties = properties;
            return this;
        }

        public Touchpoint build() {
            return new Touchpoint(
                    touchpointId,
                    eventTime,
                    receivedTime,
                    sentTime,
                    channel,
                    kind,
                    outbound,
                    actor,
                    identifiers,
                    touchpoint,
                    stage,
                    topic,
                    caseId,
                    location,
                    brand,
                    product,
                    segment,
                    outcome,
                    waitMs,
                    handleMs,
                    value,
                    survey,
                    sentiment,
                    experiments,
                    captureMethod,
                    properties);
        }
    }
}
