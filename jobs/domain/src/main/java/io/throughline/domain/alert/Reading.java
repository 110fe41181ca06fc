package io.throughline.domain.alert;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Something that can be read off a touchpoint. Equal by its name: what has one name reads the same. */
public final class Reading {
    static final Reading KIND = new Reading("touchpoint.kind", Signal::kind);
    static final Reading CHANNEL = new Reading("touchpoint.channel", Signal::channel);
    static final Reading OUTCOME = new Reading("touchpoint.outcome", Signal::outcome);
    static final Reading WAIT = new Reading("touchpoint.wait_ms", Signal::waitMs);
    static final Reading SENTIMENT = new Reading("touchpoint.sentiment", Signal::sentiment);
    static final Reading SURVEY_METRIC = new Reading(
            "touchpoint.survey_metric",
            signal -> signal.survey() == null ? null : signal.survey().metric());
    static final Reading SATISFACTION = new Reading("touchpoint.satisfaction", signal -> {
        Double satisfaction = signal.satisfaction();
        return satisfaction == null ? null : 100 * satisfaction;
    });

    static final Reading SCORE = new Reading(
            "touchpoint.score",
            signal -> signal.survey() == null ? null : signal.survey().score());
    static final Reading HANDLING = new Reading("touchpoint.handle_ms", Signal::handleMs);
    static final Reading VALUE =
            new Reading("touchpoint.value", signal -> signal.valueMicros() == null ? null : signal.valueMicros() / 1e6);

    private final String name;
    private final Function<Signal, @Nullable Object> reads;

    /** @param reads null where a touchpoint lacks it; else always of one type, of Boolean, Long, Double and String */
    public Reading(String name, Function<Signal, @Nullable Object> reads) {
        this.name = name;
        this.reads = reads;
    }

    @Nullable
    Object of(Signal signal) {
        return reads.apply(signal);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Reading that && that.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
