package io.throughline.cli;

import co.elastic.clients.elasticsearch.core.search.Hit;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.Accounting;
import io.throughline.pipeline.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how every record read has ended, and whether the sum is right. */
@Command(
        name = "accounting",
        mixinStandardHelpOptions = true,
        description = {
            "Print how every record read has ended: in = processed + rejected + late + duplicate + erased.",
            "Exit code 1 where the sum is not right."
        })
final class AccountingCommand implements Callable<Integer> {
    /** One document per partition of the input topic. */
    private static final int MOST_SOURCES = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) that says where Elasticsearch is.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        Settings settings = Configurations.load(config);
        List<Hit<ObjectNode>> accounts = settings.elasticsearch().connection().ask(client -> client.search(
                        search -> search.index("throughline-accounting").size(MOST_SOURCES), ObjectNode.class)
                .hits()
                .hits());
        Accounting total = Accounting.NONE;
        for (Hit<ObjectNode> hit : accounts) {
            ObjectNode account = hit.source();
            if (account != null) {
                total = total.plus(read(account));
            }
        }
        spec.commandLine()
                .getOut()
                .printf(
                        "in %d = processed %d + rejected %d + late %d + duplicate %d + erased %d%s%n",
                        total.in(),
                        total.processed(),
                        total.rejected(),
                        total.late(),
                        total.duplicate(),
                        total.erased(),
                        total.balances() ? "" : "  DOES NOT BALANCE");
        new TreeMap<>(total.rejectedByReason())
                .forEach((reason, count) -> spec.commandLine().getOut().printf("  rejected %s: %d%n", reason, count));
        spec.commandLine().getOut().flush();
        return total.balances() ? 0 : 1;
    }

    private static Accounting read(ObjectNode account) {
        Map<String, Long> reasons = new TreeMap<>();
        account.path("rejected_by_reason")
                .fields()
                .forEachRemaining(
                        reason -> reasons.put(reason.getKey(), reason.getValue().asLong()));
        return new Accounting(
                account.path("in").asLong(),
                account.path("processed").asLong(),
                account.path("rejected").asLong(),
                account.path("late").asLong(),
                account.path("duplicate").asLong(),
                account.path("erased").asLong(),
                reasons);
    }
}
