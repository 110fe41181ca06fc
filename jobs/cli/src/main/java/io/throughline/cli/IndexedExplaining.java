package io.throughline.cli;

import io.throughline.cli.WhyReport.Decided;
import io.throughline.dashboard.know.Explaining;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Explanation;
import io.throughline.domain.stitch.Neighbourhood;
import io.throughline.domain.stitch.Subject;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.ElasticsearchConnection;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.index.IndexedTouchpoints;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What {@code throughline why} says of the live index, for the pages: read afresh each time. */
final class IndexedExplaining implements Explaining {

    /** Less than the command's own limit, since somebody waits for a page. */
    private static final int LIMIT = 20_000;

    private final Settings settings;
    private final ElasticsearchConnection connection;
    private final TypedSubject typed;

    IndexedExplaining(Settings settings, ElasticsearchConnection connection) {
        this.settings = settings;
        this.connection = connection;
        this.typed = new TypedSubject(settings.ingest(), new LibPhoneNumbers());
    }

    @Override
    public String explain(String a, String b) throws IOException {
        Subject one = typed.read(a);
        Subject other = typed.read(b);
        try (var client = connection.open()) {
            IndexedTouchpoints indexed = new IndexedTouchpoints(client);
            long count = indexed.count();
            Decided decided = decided();
            Neighbourhood around =
                    Neighbourhood.of(indexed, List.of(one, other), decided.decisions(), settings.stitch(), LIMIT);
            Explanation why = Explanation.of(around.touchpoints(), decided.decisions(), settings.stitch(), one, other);
            return new WhyReport(
                            why,
                            a,
                            b,
                            typed,
                            new WhyReport.Searched(DocumentKind.TOUCHPOINTS.alias(), count, 0, decided),
                            Map.of(),
                            around.complete() ? null : around.touchpoints().size())
                    .json();
        }
    }

    /** Evidence alone is an answer, too, where nobody can be asked what was decided. */
    private Decided decided() {
        String source = PublishedDecisions.source(settings.kafka());
        try {
            PublishedDecisions published = PublishedDecisions.read(settings.kafka());
            List<Decision> counting = published.under(settings.ingest(), settings.stitch());
            return new Decided(source, counting, published.written().size() - counting.size(), null);
        } catch (UnavailableException e) {
            return new Decided(source, List.of(), 0, e.getMessage());
        }
    }
}
