package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch.indices.IndexSettings;
import co.elastic.clients.elasticsearch.indices.IndexSettingsLifecycle;
import co.elastic.clients.elasticsearch.indices.IndexState;
import co.elastic.clients.elasticsearch.indices.get.Feature;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One month of a kind that is divided by month, as it is in Elasticsearch.
 *
 * @param end the first moment after it (UTC): no event of it is younger
 * @param policy the lifecycle policy it is under; null: none
 * @param originationDate from when a policy counts its age, epoch milliseconds; null: from when it was made
 */
record Month(String index, Instant end, @Nullable String policy, @Nullable Long originationDate) {

    private static final Pattern NAME = Pattern.compile("throughline-[a-z-]+-g\\d+-(\\d{4})\\.(\\d{2})");

    /** All there are, of every generation, by the index's name. */
    static List<Month> of(ElasticsearchClient client, DocumentKind kind) throws IOException {
        List<Month> months = new ArrayList<>();
        client.indices()
                .get(get -> get.index(kind.everyGeneration())
                        .features(Feature.Settings)
                        .ignoreUnavailable(true)
                        .allowNoIndices(true))
                .result()
                .forEach((index, state) -> {
                    Matcher name = NAME.matcher(index);
                    if (name.matches()) {
                        YearMonth month =
                                YearMonth.of(Integer.parseInt(name.group(1)), Integer.parseInt(name.group(2)));
                        IndexSettingsLifecycle lifecycle = lifecycleOf(state);
                        months.add(new Month(
                                index,
                                month.plusMonths(1)
                                        .atDay(1)
                                        .atStartOfDay(ZoneOffset.UTC)
                                        .toInstant(),
                                lifecycle == null ? null : lifecycle.name(),
                                lifecycle == null ? null : lifecycle.originationDate()));
                    }
                });
        months.sort(Comparator.comparing(Month::index));
        return months;
    }

    private static @Nullable IndexSettingsLifecycle lifecycleOf(IndexState state) {
        IndexSettings settings = state.settings();
        IndexSettings inner = settings == null || settings.index() == null ? settings : settings.index();
        return inner == null ? null : inner.lifecycle();
    }
}
