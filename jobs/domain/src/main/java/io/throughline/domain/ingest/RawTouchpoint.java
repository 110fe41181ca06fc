package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.Survey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder read, as sent: nothing is checked, everything may be absent, identifiers are raw. Names and units are
 * those of the touchpoint schema; times in epoch milliseconds.
 */
public record RawTouchpoint(
        @Nullable String touchpointId,
        @Nullable Long eventTime,
        @Nullable Long sentTime,
        @Nullable Long receivedTime,
        @Nullable String channel,
        @Nullable String kind,
        @Nullable String direction,
        @Nullable String actor,
        @Nullable List<Identity> identifiers,
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
        @Nullable Amount value,
        @Nullable Answer survey,
        @Nullable Double sentiment,
        @Nullable Map<String, String> experiments,
        @Nullable String captureMethod,
        @Nullable Map<String, String> properties)
        implements Decoded {

    /** An identifier as sent. */
    public record Identity(@Nullable String type, @Nullable String value) {}

    /** An amount of money as sent. */
    public record Amount(@Nullable Double amount, @Nullable String currency) {}

    /** An answered survey question as sent. */
    public record Answer(
            @Nullable String metric,
            @Nullable Double scaleMin,
            @Nullable Double scaleMax,
            @Nullable String direction,
            @Nullable Double score,
            @Nullable String verbatim,
            Survey.@Nullable About about) {}

    /** A builder holding nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the facts of one record. */
    public static final class Builder {
        private @Nullable String touchpointId;
        private @Nullable Long eventTime;
        private @Nullable Long sentTime;
        private @Nullable Long receivedTime;
        private @Nullable String channel;
        private @Nullable String kind;
        private @Nullable String direction;
        private @Nullable String actor;
        private @Nullable List<Identity> identifiers;
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
        private @Nullable Amount value;
        private @Nullable Answer survey;
        private @Nullable Double sentiment;
        private @Nullable Map<String, String> experiments;
        private @Nullable String captureMethod;
        private @Nullable Map<String, String> properties;

        private Builder() {}

        public Builder touchpointId(@Nullable String touchpointId) {
            this.touchpointId = touchpointId;
            return this;
        }

        public Builder eventTime(@Nullable Long eventTime) {
            this.eventTime = eventTime;
            return this;
        }

        public Builder sentTime(@Nullable Long sentTime) {
            this.sentTime = sentTime;
            return this;
        }

        public Builder receivedTime(@Nullable Long receivedTime) {
            this.receivedTime = receivedTime;
            return this;
        }

        public Builder channel(@Nullable String channel) {
            this.channel = channel;
            return this;
        }

        public Builder kind(@Nullable String kind) {
            this.kind = kind;
            return this;
        }

        public Builder direction(@Nullable String direction) {
            this.direction = direction;
            return this;
        }

        public Builder actor(@Nullable String actor) {
            this.actor = actor;
            return this;
        }

        public Builder identifiers(@Nullable List<Identity> identifiers) {
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

        public Builder value(@Nullable Amount value) {
            this.value = value;
            return this;
        }

        public Builder survey(@Nullable Answer survey) {
            this.survey = survey;
            return this;
        }

        public Builder sentiment(@Nullable Double sentiment) {
            this.sentiment = sentiment;
            return this;
        }

        public Builder experiments(@Nullable Map<String, String> experiments) {
            this.experiments = experiments;
            return this;
        }

        public Builder captureMethod(@Nullable String captureMethod) {
            this.captureMethod = captureMethod;
            return this;
        }

        public Builder properties(@Nullable Map<String, String> properties) {
            this.properties = properties;
            return this;
        }

        public RawTouchpoint build() {
            return new RawTouchpoint(
                    touchpointId,
                    eventTime,
                    sentTime,
                    receivedTime,
                    channel,
                    kind,
                    direction,
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
