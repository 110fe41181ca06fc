package io.throughline.cli;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.Retention;
import io.throughline.pipeline.settings.DurationText;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Deletes from Elasticsearch what is older than elasticsearch.retention says. Exit codes: 0 ok, 1 failed, 2 usage. */
@Command(
        name = "retention",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Delete from Elasticsearch what is older than elasticsearch.retention.KIND says: of touchpoints whole months, of"
                    + " the others documents. Without --apply it only says what would go.",
            "",
            "Run it once a day. Nothing goes that could still be corrected: a retention shorter than documents of the"
                    + " kind are corrected for is refused.",
            ""
        })
final class RetentionCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--apply",
            description = "Delete it. It cannot be undone but by a rebuild from topics that still hold it.")
    private boolean apply;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "Age is counted up to this time (ISO-8601 with offset, or epoch milliseconds; default: now).")
    private @Nullable String asOf;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) that says where Elasticsearch is and how long what is kept.")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException {
        Instant now = asOf == null ? Instant.now() : Instant.ofEpochMilli(Times.millis("--as-of", asOf));
        Settings settings = Configurations.load(config);
        Map<DocumentKind, Duration> keep = settings.elasticsearch().retention();
        PrintWriter out = spec.commandLine().getOut();
        if (keep.isEmpty()) {
            out.println("everything is kept for ever: no elasticsearch.retention.KIND is set");
            out.flush();
            return 0;
        }
        requireBeyondCorrections(settings, keep);
        try (ElasticsearchClient client = settings.elasticsearch().connection().open()) {
            for (Retention.Expired each : Retention.find(client, keep, now)) {
                long documents = apply ? Retention.delete(client, each) : each.documents();
                out.printf(
                        Locale.ROOT,
                        "%-18s %,15d documents%s before %s%s%n",
                        each.kind().word(),
                        documents,
                        each.kind().monthly() ? " in " + each.indices().size() + " indices" : "",
                        each.before(),
                        apply ? " deleted" : "");
                each.indices().forEach(index -> out.println("    " + index));
            }
            if (!apply) {
                out.println("nothing was deleted; --apply deletes it");
            }
            out.flush();
        }
        return 0;
    }

    private static void requireBeyondCorrections(Settings settings, Map<DocumentKind, Duration> keep) {
        keep.forEach((kind, duration) -> {
            Corrected corrected = corrected(settings, kind);
            if (duration.toMillis() < corrected.forMs) {
                throw new UsageException("elasticsearch.retention."
                        + kind.word().replace('-', '_') + " is " + DurationText.format(duration.toMillis())
                        + ", but documents are corrected for " + DurationText.format(corrected.forMs) + " ("
                        + corrected.by + ") and would come back: keep them at least as long");
            }
        });
    }

    /**
     * How long documents of a kind are written again.
     *
     * @param by the keys that say so
     */
    private record Corrected(long forMs, String by) {
        private Corrected orLonger(long otherMs, String otherBy) {
            return otherMs > forMs ? new Corrected(otherMs, otherBy) : this;
        }
    }

    private static Corrected corrected(Settings settings, DocumentKind kind) {
        Corrected touchpoints = new Corrected(
                settings.ingest().latenessHorizonMs() + settings.stitch().reattributionHorizonMs(),
                "ingest.lateness_horizon + stitch.reattribution_horizon");
        SessionizeConfig sessionize = settings.sessionize();
        return switch (kind) {
            case SESSIONS, ISSUES, JOURNEYS -> touchpoints.orLonger(sessionize.retentionMs(), "sessionize.retention");
            case TRANSITIONS ->
                touchpoints.orLonger(
                        Duration.ofDays(1).toMillis() + sessionize.retentionMs() + sessionize.maxLengthMs(),
                        "a day, sessionize.retention and sessionize.max_length");
            case METRICS -> touchpoints.orLonger(settings.measure().correctHistoryMs(), "measure.correct_history_for");
            case ALERTS ->
                touchpoints
                        .orLonger(settings.alert().keepForMs(), "alert.keep_for")
                        .orLonger(settings.alert().cases().keepForMs(), "alert.act_within");
            default -> touchpoints;
        };
    }
}
