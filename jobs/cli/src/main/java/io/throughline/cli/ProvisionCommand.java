package io.throughline.cli;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.elasticsearch.ElasticsearchConnection;
import io.throughline.elasticsearch.TemplateInstaller;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.pipeline.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes what the jobs expect to find. */
@Command(
        name = "provision",
        mixinStandardHelpOptions = true,
        description = {
            "Create the topics, register their schemas, install the index templates and aliases.",
            "May be repeated: what is already there stays."
        })
final class ProvisionCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) that says where the servers are.")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        Settings settings = Configurations.load(config);
        PrintWriter out = spec.commandLine().getOut();
        TopicProvisioner.Outcome topics = TopicProvisioner.apply(
                settings.kafka().bootstrapServers(),
                settings.kafka().registryUrl(),
                settings.kafka().properties());
        out.printf(
                "topics: %d created, %d adjusted; schemas: %d registered%n",
                topics.created().size(),
                topics.adjusted().size(),
                topics.registered().size());
        topics.remarks().forEach(out::println);
        ElasticsearchConnection connection = settings.elasticsearch().connection();
        try (ElasticsearchClient client = connection.open()) {
            TemplateInstaller.apply(
                    client,
                    settings.elasticsearch().generation(),
                    settings.elasticsearch().retention());
        }
        out.printf("index templates: generation %d%n", settings.elasticsearch().generation());
        out.flush();
        return 0;
    }
}
