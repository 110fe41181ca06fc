package io.throughline.cli;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.Lifecycle;
import io.throughline.elasticsearch.Retention;
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
                    + " kind are corrected for is refused. Where Elasticsearch has lifecycle management (ILM), months of"
                    + " touchpoints are left to its policy, which --apply brings up to date; months under another policy"
                    + " are left to that.",
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
        if (keep.isEmpty() && !apply) {
            out.println("everything is kept for ever: no elasticsearch.retention.KIND is set");
            out.flush();
            return 0;
        }
        try (ElasticsearchClient client = settings.elasticsearch().connection().open()) {
            Lifecycle.Standing standing =
                    apply ? Lifecycle.apply(client, keep.get(DocumentKind.TOUCHPOINTS)) : Lifecycle.standing(client);
            boolean someIsOurs = false;
            for (Retention.Expired each : Retention.find(client, keep, now)) {
                boolean left = each.policy() != null || each.kind().monthly() && standing == Lifecycle.Standing.RUNNING;
                someIsOurs |= !left;
                print(out, each, apply && !left ? Retention.delete(client, each) : each.documents(), left);
            }
            if (keep.containsKey(DocumentKind.TOUCHPOINTS)) {
                out.printf(
                        "months of touchpoints: %s%s%n",
                        standing.words(),
                        standing != Lifecycle.Standing.RUNNING
                                ? ", so this command deletes them"
                                : apply ? "" : ", once --apply or provision has put it");
            }
            if (keep.isEmpty()) {
                out.println("everything is kept for ever: no elasticsearch.retention.KIND is set");
            } else if (!apply) {
                out.println(
                        "nothing was deleted" + (someIsOurs ? "; --apply deletes what is not left to a policy" : ""));
            }
            out.flush();
        }
        return 0;
    }

    private void print(PrintWriter out, Retention.Expired expired, long documents, boolean left) {
        out.printf(
                Locale.ROOT,
                "%-18s %,15d documents%s before %s%s%n",
                expired.kind().word(),
                documents,
                expired.kind().monthly() ? " in " + expired.indices().size() + " indices" : "",
                expired.before(),
                expired.policy() != null
                        ? " left to policy " + expired.policy()
                        : left ? " due" : apply ? " deleted" : "");
        expired.indices().forEach(index -> out.println("    " + index));
    }
}
