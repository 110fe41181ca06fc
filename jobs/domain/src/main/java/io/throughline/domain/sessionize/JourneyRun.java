package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Memory.Begun;
import io.throughline.domain.sessionize.Journey.EndCause;
import io.throughline.domain.sessionize.Journey.StageVisit;
import io.throughline.domain.sessionize.Journey.Status;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A journey while the timeline is walked. It needs only what it has gathered so far, not the touchpoints, so that it
 * outlives them.
 */
final class JourneyRun {
    private static final StageVisit[] NO_VISITS = {};

    private final long hash;
    private final long start;
    private final String firstChannel;
    private long lastInbound;
    private long end;
    private @Nullable String product;
    private @Nullable String convertedProduct;
    private @Nullable String topic;
    private @Nullable String stage;
    private long stageSince;
    private long stageTouchpoints;
    private int stepsBack;
    private final Path.Growing<StageVisit> visits;
    private final TimeSpent dwellMs;
    private final SortedSet<String> channels;
    /** Of the touchpoint that came last; null: none has come since this was written. */
    private @Nullable String channel;

    private @Nullable Long convertedAt;
    private @Nullable String conversionChannel;
    private int conversionCount;
    private @Nullable Long churnedAt;
    private long touchpoints;
    private long sessions;
    private SortedMap<String, Long> micros = Collections.emptySortedMap();
    private boolean reversed;

    /** Begins with an inbound touchpoint; {@link #add} it afterwards. */
    JourneyRun(Held first) {
        this.hash = first.hash.high();
        Touchpoint touchpoint = first.touchpoint();
        this.start = touchpoint.eventTime();
        this.firstChannel = touchpoint.channel();
        this.lastInbound = start;
        this.end = start;
        this.stageSince = start;
        this.visits = new Path.Growing<>(NO_VISITS);
        this.dwellMs = new TimeSpent();
        this.channels = new TreeSet<>();
    }

    /** Goes on from what was written. */
    JourneyRun(Begun begun) {
        this.hash = begun.hash();
        this.start = begun.start();
        this.firstChannel = begun.firstChannel();
        this.lastInbound = begun.lastInbound();
        this.end = begun.end();
        this.product = begun.product();
        this.convertedProduct = begun.convertedProduct();
        this.topic = begun.topic();
        this.stage = begun.stage();
        this.stageSince = begun.stageSince();
        this.stageTouchpoints = begun.stageTouchpoints();
        this.stepsBack = begun.stepsBack();
        this.visits = new Path.Growing<>(begun.visits().toArray(NO_VISITS));
        this.dwellMs = new TimeSpent(begun.dwellMs());
        this.channels = new TreeSet<>(begun.channels());
        this.convertedAt = begun.convertedAt();
        this.conversionChannel = begun.conversionChannel();
        this.conversionCount = begun.conversionCount();
        this.churnedAt = begun.churnedAt();
        this.touchpoints = begun.touchpoints();
        this.sessions = begun.sessions();
        begun.value().forEach(this::addMoney);
        this.reversed = begun.reversed();
    }

    /** Why this touchpoint, the next by time and id, is not of this journey; null: it is. */
    @Nullable
    EndCause refuses(Touchpoint next, JourneyConfig config) {
        if (churnedAt != null) {
            return EndCause.CHURNED;
        }
        if (next.eventTime() > cover(config)) {
            return EndCause.QUIET;
        }
        String about = product();
        if (convertedAt != null
                && !next.outbound()
                && Stages.isEarly(next.stage())
                && next.product() != null
                && about != null
                && !next.product().equals(about)) {
            return EndCause.NEW_PURPOSE;
        }
        return null;
    }

    void add(Held held, SessionizeConfig sessionize) {
        JourneyConfig config = sessionize.journey();
        Touchpoint next = held.touchpoint();
        touchpoints++;
        end = Math.max(end, next.eventTime());
        if (held.starts()) {
            sessions++;
        }
        if (!next.channel().equals(channel)) {
            channel = next.channel();
            if (channels.size() < config.pathLimit()) {
                channels.add(channel);
            }
        }
        if (!next.outbound()) {
            lastInbound = Math.max(lastInbound, next.eventTime());
            enter(next, config);
            product = product == null ? next.product() : product;
            topic = topic == null ? next.topic() : topic;
        }
        boolean reverses = sessionize.reverses(next);
        reversed |= reverses;
        boolean converts = sessionize.converts(next);
        if (converts) {
            conversionCount++;
            convertedProduct = convertedProduct == null ? next.product() : convertedProduct;
            if (convertedAt == null) {
                convertedAt = next.eventTime();
                conversionChannel = next.channel();
            }
        }
        Money earned = converts || reverses ? sessionize.earned(next) : null;
        if (earned != null) {
            addMoney(earned);
        }
        if (says(next, config.churnKinds(), config.churnOutcomes())) {
            churnedAt = next.eventTime();
        }
    }

    private void addMoney(Money value) {
        micros = micros.isEmpty() ? new TreeMap<>() : micros;
        micros.merge(value.currency(), value.micros(), Long::sum);
    }

    private static boolean says(Touchpoint touchpoint, Set<String> kinds, Set<String> outcomes) {
        return kinds.contains(touchpoint.kind())
                || (touchpoint.outcome() != null && outcomes.contains(touchpoint.outcome()));
    }

    private void enter(Touchpoint next, JourneyConfig config) {
        String entered = next.stage();
        if (entered != null && entered.equals(stage)) {
            stageTouchpoints++;
            return;
        }
        if (entered == null || (!dwellMs.knows(entered) && dwellMs.size() >= config.pathLimit())) {
            stageTouchpoints += stage == null ? 0 : 1;
            return;
        }
        if (stage != null) {
            long at = next.eventTime();
            if (visits.size() < config.pathLimit()) {
                visits.add(visit(stage, at));
            }
            dwellMs.add(stage, spent(at));
            stepsBack += Stages.isBack(stage, entered) ? 1 : 0;
        }
        dwellMs.add(entered, 0);
        stage = entered;
        stageSince = next.eventTime();
        stageTouchpoints = 1;
    }

    /** The present stretch, if it is left at this time. */
    private StageVisit visit(String left, long at) {
        return new StageVisit(left, stageSince, spent(at), stageTouchpoints);
    }

    private long spent(long at) {
        return Math.max(0, at - stageSince);
    }

    /** Event time after which no touchpoint can join; at this time one still can. */
    long cover(JourneyConfig config) {
        return lastInbound + config.quietMs();
    }

    /** Why it ends if nothing follows. */
    EndCause causeAlone() {
        return churnedAt != null ? EndCause.CHURNED : EndCause.QUIET;
    }

    /** Event time it ends at if nothing follows. */
    long endsAlone(JourneyConfig config) {
        return churnedAt != null ? churnedAt : cover(config);
    }

    private @Nullable String product() {
        return convertedProduct != null ? convertedProduct : product;
    }

    String journeyId(String customerId) {
        return "j-" + customerId + "-" + HexFormat.of().toHexDigits(hash);
    }

    /** As it stands while it has not ended. */
    Journey journey(String customerId, JourneyConfig config) {
        StageVisit last = stage != null && visits.size() < config.pathLimit() ? visit(stage, end) : null;
        TimeByPlace dwell = stage == null ? dwellMs.soFar() : dwellMs.soFarAnd(stage, spent(end));
        return new Journey(
                journeyId(customerId),
                customerId,
                churnedAt != null ? Status.CHURNED : convertedAt != null ? Status.CONVERTED : Status.ACTIVE,
                false,
                EndCause.OPEN,
                start,
                end,
                product(),
                topic,
                stage,
                Stages.inOrder(dwell.keySet()),
                visits.soFarAnd(last),
                dwell,
                stepsBack,
                convertedAt,
                conversionChannel,
                conversionCount,
                churnedAt,
                List.copyOf(channels),
                firstChannel,
                touchpoints,
                sessions,
                Totals.money(micros),
                reversed ? List.of(Contradictions.PURCHASE_REVERSED) : List.of(),
                0);
    }

    /** Everything gathered so far, to be written. */
    Begun begun() {
        return new Begun(
                hash,
                start,
                firstChannel,
                lastInbound,
                end,
                product,
                convertedProduct,
                topic,
                stage,
                stageSince,
                stageTouchpoints,
                stepsBack,
                visits.soFar(),
                dwellMs.soFar(),
                List.copyOf(channels),
                convertedAt,
                conversionChannel,
                conversionCount,
                churnedAt,
                touchpoints,
                sessions,
                Totals.money(micros),
                reversed);
    }
}
