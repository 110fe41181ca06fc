package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole page from Elasticsearch: few requests for what everybody sees and one for the views in use, however
 * many people look. Not thread-safe; the one poller owns it,
 * except for what it says for any thread.
 */
public final class ExperienceReader {

    /** History changes once per slot, so its larger answer is asked for less often; what moves with satisfaction changes slowly. */
    private static final Duration TRENDS_EVERY = Duration.ofSeconds(30);

    private final ElasticsearchClient elasticsearch;
    private final Map<View, History> histories = new HashMap<>();

    private @Nullable Instant choicesReadAt;
    private @Nullable Instant qualityReadAt;
    private volatile @Nullable Instant lastEventTime;
    private volatile @Nullable Instant lastMetric;

    private record History(Trends trends, Instant readAt, @Nullable Instant newest) {}

    public ExperienceReader(ElasticsearchClient elasticsearch) {
        this.elasticsearch = elasticsearch;
    }

    /**
     * One round. A panel Elasticsearch cannot answer fails alone.
     *
     * @param now the end of the throughput's 15 minutes
     * @return what was read, section by section; a section not contained has not changed
     * @throws IOException when Elasticsearch does not answer at all
     */
    public Map<Section, Answer> read(Instant now, Collection<View> views) throws IOException {
        Map<Section, Answer> answers = new LinkedHashMap<>();
        Optional<Instant> newestMetric = readShared(now, answers);
        readChoices(now, answers);
        readQuality(now, answers);
        histories.keySet().retainAll(views);
        readTrends(now, views, newestMetric.orElse(null), answers);
        readViews(views, newestMetric.orElse(null), answers);
        return answers;
    }

    private Optional<Instant> readShared(Instant now, Map<Section, Answer> answers) throws IOException {
        Round round = new Round(elasticsearch);
        Slot<Throughput> throughput = round.ask(new ThroughputPanel(now));
        Slot<FreshnessPanels.NewestTouchpoint> touchpoints = round.ask(FreshnessPanels.touchpoints());
        Slot<Optional<Instant>> metrics = round.ask(FreshnessPanels.metrics());
        Slot<Optional<Pipeline.Account>> accounting = round.ask(new AccountingPanel());
        Slot<List<Pipeline.Rejection>> rejected = round.ask(new RejectedPanel());
        round.run();

        answers.put(Section.shared(Section.Name.THROUGHPUT), throughput.answer());
        String error = firstError(touchpoints, metrics, accounting, rejected);
        answers.put(
                Section.shared(Section.Name.PIPELINE),
                error != null
                        ? Answer.failed(error)
                        : Answer.of(new Pipeline(
                                touchpoints.get().touchpoints(),
                                touchpoints.get().eventTime(),
                                touchpoints.get().receivedTime(),
                                metrics.get().orElse(null),
                                touchpoints.get().generation(),
                                accounting.get().orElse(null),
                                rejected.get())));
        if (touchpoints.error() == null) {
            lastEventTime = touchpoints.get().eventTime();
        }
        if (metrics.error() == null) {
            lastMetric = metrics.get().orElse(null);
        }
        return metrics.error() == null ? metrics.get() : Optional.empty();
    }

    /** Largest event time of a touchpoint when it was last read; null before, and where there is none. For any thread. */
    public @Nullable Instant newestEventTime() {
        return lastEventTime;
    }

    /** Largest time a metric is true as of when it was last read; null before, and where there is none. For any thread. */
    public @Nullable Instant newestMetric() {
        return lastMetric;
    }

    private void readChoices(Instant now, Map<Section, Answer> answers) throws IOException {
        Instant before = choicesReadAt;
        if (before != null && now.isBefore(before.plus(TRENDS_EVERY))) {
            return;
        }
        Round round = new Round(elasticsearch);
        Slot<Choices> choices = round.ask(new Choices.Reading());
        round.run();
        answers.put(Section.shared(Section.Name.CHOICES), choices.answer());
        if (choices.error() == null
                && !(choices.get().channels().isEmpty()
                        && choices.get().segments().isEmpty())) {
            choicesReadAt = now;
        }
    }

    /** Of the last 24 hours of the clock: hours are of when records were read, not of when things happened. */
    private void readQuality(Instant now, Map<Section, Answer> answers) throws IOException {
        Instant before = qualityReadAt;
        if (before != null && now.isBefore(before.plus(TRENDS_EVERY))) {
            return;
        }
        Round round = new Round(elasticsearch);
        Slot<Quality> quality = round.ask(new Quality.Reading(new Period(Window.DAY, now)));
        round.run();
        answers.put(Section.shared(Section.Name.QUALITY), quality.answer());
        if (quality.error() == null) {
            qualityReadAt = now;
        }
    }

    private void readTrends(
            Instant now, Collection<View> views, @Nullable Instant newestMetric, Map<Section, Answer> answers)
            throws IOException {
        Round round = new Round(elasticsearch);
        Map<View, Slot<Trends>> asked = new LinkedHashMap<>();
        Map<View, Slot<Drivers>> drivers = new LinkedHashMap<>();
        for (View view : views) {
            History history = histories.get(view);
            boolean due = history == null
                    || history.newest() == null
                    || !now.isBefore(history.readAt().plus(TRENDS_EVERY));
            if (due && newestMetric != null) {
                Instant end = view.endOf(newestMetric);
                asked.put(view, round.ask(new TrendsPanel(view, end)));
                drivers.put(view, round.ask(new DriversPanel(new Period(view.window(), end))));
            } else if (due) {
                answers.put(new Section(Section.Name.TRENDS, view), Answer.of(new Trends(Map.of())));
                answers.put(new Section(Section.Name.DRIVERS, view), Answer.of(new Drivers(List.of())));
            }
        }
        round.run();
        asked.forEach((view, slot) -> {
            if (slot.error() == null) {
                histories.put(view, new History(slot.get(), now, newestMetric));
            }
            answers.put(new Section(Section.Name.TRENDS, view), slot.answer());
        });
        drivers.forEach((view, slot) -> answers.put(new Section(Section.Name.DRIVERS, view), slot.answer()));
    }

    private void readViews(Collection<View> views, @Nullable Instant newestMetric, Map<Section, Answer> answers)
            throws IOException {
        Round round = new Round(elasticsearch);
        List<Runnable> readings = new ArrayList<>();
        for (View view : views) {
            if (newestMetric == null) {
                answers.put(new Section(Section.Name.METRICS, view), Answer.of(new Metrics(List.of())));
            } else {
                History history = histories.get(view);
                Trends trends = history == null ? new Trends(Map.of()) : history.trends();
                Slot<Metrics> metrics = round.ask(new MetricsPanel(view, view.endOf(newestMetric), trends));
                Slot<Optional<Instant>> firstKept = view.until() == null ? null : round.ask(FirstKept.of(view));
                readings.add(() -> answers.put(new Section(Section.Name.METRICS, view), withFirst(metrics, firstKept)));
            }
            Slot<Sessions> sessions = round.ask(new SessionsPanel(view));
            Slot<AlertsPanel.Newest> active = round.ask(new AlertsPanel(view, true));
            Slot<AlertsPanel.Newest> all = round.ask(new AlertsPanel(view, false));
            readings.add(() -> {
                answers.put(new Section(Section.Name.SESSIONS, view), sessions.answer());
                answers.put(new Section(Section.Name.ALERTS, view), alerts(active, all));
            });
        }
        round.run();
        readings.forEach(Runnable::run);
    }

    private static Answer withFirst(Slot<Metrics> metrics, @Nullable Slot<Optional<Instant>> firstKept) {
        if (firstKept == null
                || metrics.error() != null
                || firstKept.error() != null
                || !metrics.get().metrics().isEmpty()) {
            return metrics.answer();
        }
        return Answer.of(new Metrics(List.of(), firstKept.get().orElse(null)));
    }

    private static Answer alerts(Slot<AlertsPanel.Newest> active, Slot<AlertsPanel.Newest> all) {
        String error = firstError(active, all);
        return error != null
                ? Answer.failed(error)
                : Answer.of(new Alerts(
                        active.get().total(),
                        active.get().bySeverity(),
                        active.get().alerts(),
                        all.get().alerts()));
    }

    private static @Nullable String firstError(Slot<?>... slots) {
        for (Slot<?> slot : slots) {
            if (slot.error() != null) {
                return slot.error();
            }
        }
        return null;
    }
}
