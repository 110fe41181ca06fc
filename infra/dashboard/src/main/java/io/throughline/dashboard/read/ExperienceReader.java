package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch.core.MsearchRequest;
import co.elastic.clients.elasticsearch.core.msearch.MultiSearchResponseItem;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole page from Elasticsearch: two requests for what everybody sees and one for the views in use, however
 * many people look. Not thread-safe; the one poller owns it.
 */
public final class ExperienceReader {

    /** History changes once per slot, so its larger answer is asked for less often. */
    private static final Duration TRENDS_EVERY = Duration.ofSeconds(30);

    private final ElasticsearchClient elasticsearch;
    private final Map<View, History> histories = new HashMap<>();

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
        histories.keySet().retainAll(views);
        readTrends(now, views, newestMetric.orElse(null), answers);
        readViews(views, newestMetric.orElse(null), answers);
        return answers;
    }

    private Optional<Instant> readShared(Instant now, Map<Section, Answer> answers) throws IOException {
        Round round = new Round();
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
                                accounting.get().orElse(null),
                                rejected.get())));
        return metrics.error() == null ? metrics.get() : Optional.empty();
    }

    private void readTrends(
            Instant now, Collection<View> views, @Nullable Instant newestMetric, Map<Section, Answer> answers)
            throws IOException {
        Round round = new Round();
        Map<View, Slot<Trends>> asked = new LinkedHashMap<>();
        for (View view : views) {
            History history = histories.get(view);
            boolean due = history == null
                    || history.newest() == null
                    || !now.isBefore(history.readAt().plus(TRENDS_EVERY));
            if (due && newestMetric != null) {
                asked.put(view, round.ask(new TrendsPanel(view, newestMetric)));
            } else if (due) {
                answers.put(new Section(Section.Name.TRENDS, view), Answer.of(new Trends(Map.of())));
            }
        }
        round.run();
        asked.forEach((view, slot) -> {
            if (slot.error() == null) {
                histories.put(view, new History(slot.get(), now, newestMetric));
            }
            answers.put(new Section(Section.Name.TRENDS, view), slot.answer());
        });
    }

    private void readViews(Collection<View> views, @Nullable Instant newestMetric, Map<Section, Answer> answers)
            throws IOException {
        Round round = new Round();
        List<Runnable> readings = new ArrayList<>();
        for (View view : views) {
            if (newestMetric == null) {
                answers.put(new Section(Section.Name.METRICS, view), Answer.of(new Metrics(List.of())));
            } else {
                History history = histories.get(view);
                Trends trends = history == null ? new Trends(Map.of()) : history.trends();
                Slot<Metrics> metrics = round.ask(new MetricsPanel(view, newestMetric, trends));
                readings.add(() -> answers.put(new Section(Section.Name.METRICS, view), metrics.answer()));
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

    /** Where the reading of one search lands. */
    private static final class Slot<T> {
        private static final int LONGEST_REASON = 200;

        private @Nullable T value;
        private @Nullable String error = "was not asked";

        T get() {
            T read = value;
            if (read == null) {
                throw new IllegalStateException("read before it was answered: " + error);
            }
            return read;
        }

        @Nullable
        String error() {
            return error;
        }

        Answer answer() {
            return error == null ? Answer.of(get()) : Answer.failed(error);
        }

        void read(Panel<T> panel, MultiSearchResponseItem<ObjectNode> item) {
            value = null;
            error = null;
            if (item.isFailure()) {
                error = reason(item.failure().error());
            } else if (item.result().timedOut()
                    || item.result().shards().failed().intValue() > 0) {
                error = item.result().timedOut() ? "took longer than 2 s" : "part of the index did not answer";
            } else {
                try {
                    value = panel.read(item.result());
                } catch (RuntimeException unexpected) {
                    error = "the answer could not be read: " + unexpected;
                }
            }
        }

        private static String reason(ErrorCause cause) {
            ErrorCause root =
                    cause.rootCause().isEmpty() ? cause : cause.rootCause().get(0);
            String reason = root.reason() == null ? root.type() : root.reason();
            int sentence = reason.indexOf(". ");
            String first = sentence < 0 ? reason : reason.substring(0, sentence);
            return first.length() > LONGEST_REASON ? first.substring(0, LONGEST_REASON) + "..." : first;
        }
    }

    /** Several searches in one request. */
    private final class Round {
        private final List<RequestItem> searches = new ArrayList<>();
        private final List<Consumer<MultiSearchResponseItem<ObjectNode>>> readings = new ArrayList<>();

        <T> Slot<T> ask(Panel<T> panel) {
            Slot<T> slot = new Slot<>();
            searches.add(panel.search());
            readings.add(item -> slot.read(panel, item));
            return slot;
        }

        void run() throws IOException {
            if (searches.isEmpty()) {
                return;
            }
            try {
                var items = elasticsearch
                        .msearch(MsearchRequest.of(request -> request.searches(searches)), ObjectNode.class)
                        .responses();
                for (int i = 0; i < items.size(); i++) {
                    readings.get(i).accept(items.get(i));
                }
            } catch (ElasticsearchException refused) {
                throw new IOException(
                        "Elasticsearch refused to search: " + refused.error().reason(), refused);
            }
        }
    }
}
