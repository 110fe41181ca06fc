package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a session document says about the touchpoints of the session; fed in order of event time, then id. More can be
 * added after a document was taken.
 */
final class SessionSummary {
    private static final Session.Step[] NO_STEPS = {};

    private final SessionizeConfig config;
    private final Path.Growing<Session.Step> path;
    private final int pathLimit;
    private final Handoffs handoffs;
    private final ReAsks reAsks;
    private final Contradictions contradictions;
    private final TimeSpent activeMs = new TimeSpent();
    private SortedSet<String> topics = Collections.emptySortedSet();
    private final SortedSet<String> stages = new TreeSet<>();
    private SortedMap<String, Double> scores = Collections.emptySortedMap();
    private SortedMap<String, Long> micros = Collections.emptySortedMap();
    private long start;
    private long end;
    private int touchpoints;
    private int channelSwitches;
    private int errors;
    private int complaints;
    private long waitMs;
    private String channel = "";
    private long channelMs;
    private @Nullable String outcome;
    private @Nullable String topic;
    private @Nullable String stage;
    private @Nullable String segment;

    SessionSummary(SessionizeConfig config) {
        this.config = config;
        this.path = new Path.Growing<>(NO_STEPS);
        this.pathLimit = config.pathLimit();
        this.handoffs = new Handoffs(config.handoffChannels());
        this.reAsks = new ReAsks(config.reAskKinds());
        this.contradictions = new Contradictions(config.reversalKinds());
    }

    void add(Held held) {
        Touchpoint next = held.touchpoint();
        if (touchpoints == 0) {
            start = next.eventTime();
            channel = next.channel();
        } else {
            channelMs += next.eventTime() - end;
            if (!next.channel().equals(channel)) {
                channelSwitches++;
                leave();
                channel = next.channel();
            }
        }
        end = next.eventTime();
        if (path.size() < pathLimit) {
            path.add(held.step());
        }
        touchpoints++;
        handoffs.add(next);
        reAsks.add(next);
        contradictions.add(next);
        note(next);
    }

    private void note(Touchpoint next) {
        String named = next.outcome();
        if (named != null) {
            outcome = named;
        }
        named = next.topic();
        if (named != null && !named.equals(topic)) {
            topics = topics.isEmpty() ? new TreeSet<>() : topics;
            topics.add(named);
            topic = named;
        }
        named = next.stage();
        if (named != null && !named.equals(stage)) {
            stages.add(named);
            stage = named;
        }
        named = next.segment();
        if (named != null) {
            segment = named;
        }
        Survey survey = next.survey();
        if (survey != null && survey.onScale()) {
            scores = scores.isEmpty() ? new TreeMap<>() : scores;
            scores.put(survey.metric(), survey.score());
        }
        Money earned = config.earned(next);
        if (earned != null) {
            micros = micros.isEmpty() ? new TreeMap<>() : micros;
            micros.merge(earned.currency(), earned.micros(), Long::sum);
        }
        switch (next.kind()) {
            case "error" -> errors++;
            case "complaint" -> complaints++;
            default -> {}
        }
        Long waited = next.waitMs();
        if (waited != null && waited > 0) {
            waitMs = waited > Long.MAX_VALUE - waitMs ? Long.MAX_VALUE : waitMs + waited;
        }
    }

    private void leave() {
        activeMs.add(channel, channelMs);
        channelMs = 0;
    }

    Session session(String sessionId, String customerId, Status status, CutCause cause, long revision) {
        leave();
        TimeByPlace active = activeMs.soFar();
        return new Session(
                sessionId,
                customerId,
                status,
                start,
                end,
                List.copyOf(active.keySet()),
                touchpoints,
                path.soFar(),
                channelSwitches,
                handoffs.kinds().total(),
                active,
                cause,
                outcome,
                List.copyOf(topics),
                Stages.inOrder(stages),
                fixed(scores),
                Totals.money(micros),
                errors,
                complaints,
                waitMs,
                handoffs.kinds(),
                reAsks.count(),
                contradictions.flags(end - start),
                segment,
                revision);
    }

    /** Most sessions have no scores, and every session is remembered. */
    private static <V> SortedMap<String, V> fixed(SortedMap<String, V> map) {
        return map.isEmpty() ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
