package io.throughline.cli;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.elasticsearch.GenerationDiff;
import io.throughline.elasticsearch.Generations;
import io.throughline.elasticsearch.TemplateInstaller;
import io.throughline.pipeline.settings.ElasticsearchSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Rebuilds indices beside the live ones: prepare, fill, compare, switch, and back again. */
@Command(
        name = "reindex",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "status|prepare|compare|switch|delete",
        subcommands = {
            ReindexCommand.Status.class,
            ReindexCommand.Prepare.class,
            ReindexCommand.Compare.class,
            ReindexCommand.Switch.class,
            ReindexCommand.Delete.class
        },
        description = {
            "Rebuild the indices beside the live ones, compare, and switch.",
            "",
            "A generation is a full set of indices; readers see the live one through aliases. Prepare the next one, fill it with"
                    + " an index job that has elasticsearch.generation set to it, compare it with the live one, switch."
                    + " Until the old one is deleted, switching to it again rolls back.",
            ""
        })
final class ReindexCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        throw new UsageException("say what to do: status, prepare, compare, switch or delete");
    }

    /** What all of them need. */
    private abstract static class OnElasticsearch implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Configuration (YAML) that says where Elasticsearch is.")
        private @Nullable Path config;

        @SuppressWarnings("NullAway.Init")
        ElasticsearchSettings settings;

        @Override
        public Integer call() throws IOException {
            settings = Configurations.load(config).elasticsearch();
            PrintWriter out = spec.commandLine().getOut();
            try (ElasticsearchClient client = settings.connection().open()) {
                int code = run(client, out);
                out.flush();
                return code;
            }
        }

        abstract int run(ElasticsearchClient client, PrintWriter out);

        static void requireGeneration(int generation) {
            if (generation < 1) {
                throw new UsageException("a generation is a number from 1, was " + generation);
            }
        }
    }

    @Command(name = "status", mixinStandardHelpOptions = true, description = "List generations, with what they hold.")
    static final class Status extends OnElasticsearch {
        @Override
        int run(ElasticsearchClient client, PrintWriter out) {
            List<Generations.Generation> all = Generations.of(client);
            if (all.isEmpty()) {
                out.println("there is no generation yet: run throughline provision");
            }
            for (Generations.Generation each : all) {
                boolean whole = each.live().size() == DocumentKind.values().length;
                out.printf(
                        "generation %d%s%n",
                        each.number(), whole ? " (live)" : each.live().isEmpty() ? "" : " (partly live)");
                each.documents()
                        .forEach((kind, documents) -> out.printf(
                                Locale.ROOT,
                                "  %-18s %,15d%s%n",
                                kind.word(),
                                documents,
                                !whole && each.live().contains(kind) ? "  live" : ""));
            }
            return 0;
        }
    }

    @Command(
            name = "prepare",
            mixinStandardHelpOptions = true,
            description = "Make the templates and empty indices of a generation.")
    static final class Prepare extends OnElasticsearch {
        @Option(names = "--generation", required = true, paramLabel = "N", description = "Which one.")
        private int generation;

        @Override
        int run(ElasticsearchClient client, PrintWriter out) {
            requireGeneration(generation);
            TemplateInstaller.apply(client, generation, settings.retention());
            out.printf(
                    "generation %d is there; fill it with an index job that has elasticsearch.generation: %d%n",
                    generation, generation);
            return 0;
        }
    }

    @Command(
            name = "compare",
            mixinStandardHelpOptions = true,
            description = {
                "Compare two generations document by document. Exit codes: 0 the same, 1 they differ.",
                "Revisions, processing times and absorbed documents are not compared; a revised session is a closed one."
            })
    static final class Compare extends OnElasticsearch {
        @Option(names = "--from", required = true, paramLabel = "N", description = "The one, usually the live one.")
        private int from;

        @Option(names = "--to", required = true, paramLabel = "N", description = "The other, usually the new one.")
        private int to;

        @Option(
                names = "--kinds",
                split = ",",
                paramLabel = "KIND",
                description =
                        "Only these kinds of documents, for example sessions,customers; default: all but quality, which a"
                                + " rebuild has from its own beginning on, and rule-errors, which are of a run.")
        private List<String> kinds = List.of();

        @Override
        int run(ElasticsearchClient client, PrintWriter out) {
            requireGeneration(from);
            if (from == to) {
                throw new UsageException(
                        "--from and --to are both " + from + ": name two generations, see reindex status");
            }
            requireGeneration(to);
            int code = 0;
            out.printf(
                    "%-18s %15s %15s %10s %10s %10s%n",
                    "", "in " + from, "in " + to, "only " + from, "only " + to, "differ");
            for (DocumentKind kind : chosen()) {
                GenerationDiff diff = GenerationDiff.of(client, kind, from, to);
                out.printf(
                        Locale.ROOT,
                        "%-18s %,15d %,15d %,10d %,10d %,10d%n",
                        kind.word(),
                        diff.left(),
                        diff.right(),
                        diff.onlyLeft(),
                        diff.onlyRight(),
                        diff.different());
                diff.examples().forEach(example -> out.println("    " + example));
                out.flush();
                code = diff.same() ? code : 1;
            }
            out.println(code == 0 ? "They are the same." : "They differ.");
            return code;
        }

        private List<DocumentKind> chosen() {
            if (kinds.isEmpty()) {
                return Arrays.stream(DocumentKind.values())
                        .filter(kind -> kind != DocumentKind.QUALITY && kind != DocumentKind.RULE_ERRORS)
                        .toList();
            }
            return kinds.stream()
                    .map(word -> Arrays.stream(DocumentKind.values())
                            .filter(kind -> kind.word().equals(word))
                            .findFirst()
                            .orElseThrow(() -> new UsageException("--kinds: there is no \"" + word + "\"; known are "
                                    + Arrays.stream(DocumentKind.values())
                                            .map(DocumentKind::word)
                                            .collect(Collectors.joining(", ")))))
                    .toList();
        }
    }

    @Command(
            name = "switch",
            mixinStandardHelpOptions = true,
            description = "Make a generation the live one: every alias moves in one step. Switching back rolls back.")
    static final class Switch extends OnElasticsearch {
        @Option(names = "--to", required = true, paramLabel = "N", description = "Which one becomes live.")
        private int to;

        @Override
        int run(ElasticsearchClient client, PrintWriter out) {
            requireGeneration(to);
            List<Integer> before = Generations.of(client).stream()
                    .filter(each -> !each.live().isEmpty() && each.number() != to)
                    .map(Generations.Generation::number)
                    .toList();
            TemplateInstaller.makeLive(client, to);
            out.printf("generation %d is live%n", to);
            before.forEach(old -> out.printf("roll back with: throughline reindex switch --to %d%n", old));
            return 0;
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Delete the indices and templates of a generation that is not live. It cannot be undone.")
    static final class Delete extends OnElasticsearch {
        @Option(names = "--generation", required = true, paramLabel = "N", description = "Which one.")
        private int generation;

        @Override
        int run(ElasticsearchClient client, PrintWriter out) {
            requireGeneration(generation);
            try {
                out.printf("%d indices of generation %d deleted%n", Generations.delete(client, generation), generation);
            } catch (IllegalArgumentException live) {
                throw new UsageException(String.valueOf(live.getMessage()));
            }
            return 0;
        }
    }
}
