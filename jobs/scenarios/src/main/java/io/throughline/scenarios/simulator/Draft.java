package io.throughline.scenarios.simulator;

import io.throughline.schemas.Identifier;
import io.throughline.schemas.Money;
import io.throughline.schemas.Survey;
import io.throughline.schemas.Touchpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A touchpoint being written down; everything but channel and kind starts absent. */
final class Draft {
    final String channel;
    final String kind;
    final List<Identifier> identifiers = new ArrayList<>(4);

    @Nullable
    Device device;

    boolean outbound;
    private String actor = "customer";
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
    private @Nullable String captureMethod;
    private Map<String, String> experiments = Map.of();
    private Map<String, String> properties = Map.of();

    Draft(String channel, String kind) {
        this.channel = channel;
        this.kind = kind;
    }

    /** Adds an identifier; one that is not known is left out. */
    Draft by(String type, @Nullable String value) {
        if (value != null) {
            identifiers.add(new Identifier(type, value));
        }
        return this;
    }

    Draft on(Device used) {
        this.device = used;
        return this;
    }

    Draft from(String who) {
        this.actor = who;
        return this;
    }

    /** From the company to the customer. */
    Draft outbound(String who) {
        this.outbound = true;
        this.actor = who;
        return this;
    }

    Draft at(String name, String journeyStage) {
        this.touchpoint = name;
        this.stage = journeyStage;
        return this;
    }

    Draft about(@Nullable String what) {
        this.topic = what;
        return this;
    }

    Draft inCase(@Nullable String id) {
        this.caseId = id;
        return this;
    }

    Draft in(@Nullable String place) {
        this.location = place;
        return this;
    }

    Draft of(Company.Brand which, @Nullable String what, String whose) {
        this.brand = which.name();
        this.product = what;
        this.segment = whose;
        return this;
    }

    Draft ended(String how) {
        this.outcome = how;
        return this;
    }

    Draft waited(long millis) {
        this.waitMs = millis;
        return this;
    }

    Draft handled(long millis) {
        this.handleMs = millis;
        return this;
    }

    Draft worth(double euros) {
        this.value = new Money(Math.round(euros * 100) / 100.0, "EUR");
        return this;
    }

    Draft answering(Survey answer) {
        this.survey = answer;
        return this;
    }

    Draft sounding(double mood) {
        this.sentiment = Math.round(Math.max(-1, Math.min(1, mood)) * 100) / 100.0;
        return this;
    }

    Draft captured(String how) {
        this.captureMethod = how;
        return this;
    }

    Draft trying(String experiment, String variant) {
        this.experiments = with(experiments, experiment, variant);
        return this;
    }

    Draft noting(String key, String text) {
        this.properties = with(properties, key, text);
        return this;
    }

    private static Map<String, String> with(Map<String, String> before, String key, String text) {
        Map<String, String> after = new TreeMap<>(before);
        after.put(key, text);
        return after;
    }

    Touchpoint build(String id, long eventTime, @Nullable Long sentTime, long receivedTime) {
        return new Touchpoint(
                id,
                Instant.ofEpochMilli(eventTime),
                sentTime == null ? null : Instant.ofEpochMilli(sentTime),
                Instant.ofEpochMilli(receivedTime),
                channel,
                kind,
                outbound ? "outbound" : "inbound",
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
