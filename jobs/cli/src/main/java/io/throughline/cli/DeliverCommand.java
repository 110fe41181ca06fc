package io.throughline.cli;

import io.throughline.delivery.AlertmanagerTarget;
import io.throughline.delivery.Counts;
import io.throughline.delivery.Delivery;
import io.throughline.delivery.Delivery.Broker;
import io.throughline.delivery.KafkaTarget;
import io.throughline.delivery.PagerDutyTarget;
import io.throughline.delivery.SlackTarget;
import io.throughline.delivery.Target;
import io.throughline.delivery.WebhookTarget;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.pipeline.settings.DeliverySettings;
import io.throughline.pipeline.settings.DeliverySettings.TargetSettings;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Delivers notifications until interrupted. Exit codes: 0 stopped, 1 Kafka or the registry is away, 2 usage. */
@Command(
        name = "deliver",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Tell the targets of delivery.targets about alerts, until interrupted: webhooks, Alertmanager, PagerDuty,"
                    + " Slack, Kafka.",
            "",
            "Each notification is delivered at least once to each target that wants it, with an idempotency key; what a"
                    + " target does not take goes to the topic undelivered. Several processes with the same"
                    + " configuration share the work.",
            ""
        })
final class DeliverCommand implements Callable<Integer> {

    private static final long REPORT_EVERY_MS = 60_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Configuration (YAML) with kafka and delivery.targets.")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            converter = Listening.class,
            description = "Let Prometheus read what is counted, at /metrics, and whoever watches over processes ask"
                    + " /health. HOST is 127.0.0.1 unless given; port 0 takes a free one. Off without it.")
    private @Nullable InetSocketAddress metrics;

    /** Makes HOST:PORT or PORT an address. */
    static final class Listening implements CommandLine.ITypeConverter<InetSocketAddress> {
        @Override
        public InetSocketAddress convert(String text) {
            int colon = text.lastIndexOf(':');
            try {
                return new InetSocketAddress(
                        colon < 0 ? "127.0.0.1" : text.substring(0, colon),
                        Integer.parseInt(text.substring(colon + 1)));
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException("[HOST:]PORT is needed, was " + text);
            }
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        Settings settings = Configurations.load(config);
        try {
            return deliver(settings);
        } catch (RegistryUnavailableException e) {
            // Without it as a cause, whose message would be told instead.
            throw new IOException(
                    e.getMessage() + " at " + settings.kafka().registryUrl() + ": start it or set kafka.registry_url");
        }
    }

    private int deliver(Settings settings) throws IOException, InterruptedException, ExecutionException {
        DeliverySettings delivery = settings.delivery();
        if (delivery.targets().isEmpty()) {
            throw new UsageException(config + ": delivery.targets names nobody to tell; see docs/stages/delivery.md");
        }
        List<Target> targets = targets(settings);
        KafkaSettings kafka = settings.kafka();
        Broker broker = new Broker(kafka.bootstrapServers(), kafka.registryUrl(), kafka.group(), kafka.properties());
        List<Delivery> running = new CopyOnWriteArrayList<>();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> List.copyOf(running).forEach(Delivery::close), "deliver-stop"));
        try (DeliveryMetrics served = serve(running)) {
            for (int i = 0; i < targets.size(); i++) {
                TargetSettings target = delivery.targets().get(i);
                running.add(Delivery.start(broker, target.config(), targets.get(i), InstantSource.system()));
                say("Delivering to " + target.config().name() + " ("
                        + target.type().name().toLowerCase(Locale.ROOT) + ")");
            }
            return untilOneEnds(running);
        } finally {
            List.copyOf(running).forEach(Delivery::close);
            running.forEach(each -> say(each.name() + ": " + each.counts()));
        }
    }

    private @Nullable DeliveryMetrics serve(List<Delivery> running) throws IOException {
        InetSocketAddress at = metrics;
        if (at == null) {
            return null;
        }
        DeliveryMetrics served = DeliveryMetrics.serve(at, () -> {
            Map<String, Counts> counts = new TreeMap<>();
            running.forEach(each -> counts.put(each.name(), each.counts()));
            return counts;
        });
        say("Metrics for Prometheus: " + served.url());
        return served;
    }

    private int untilOneEnds(List<Delivery> running) throws InterruptedException, ExecutionException {
        CompletableFuture<Object> one =
                CompletableFuture.anyOf(running.stream().map(Delivery::ended).toArray(CompletableFuture<?>[]::new));
        while (true) {
            try {
                one.get(REPORT_EVERY_MS, TimeUnit.MILLISECONDS);
                return 0;
            } catch (TimeoutException e) {
                running.forEach(each -> say(each.name() + ": " + each.counts()));
            }
        }
    }

    private List<Target> targets(Settings settings) throws RegistryUnavailableException {
        List<Target> targets = new ArrayList<>();
        for (TargetSettings target : settings.delivery().targets()) {
            targets.add(target(target, settings));
        }
        return targets;
    }

    private Target target(TargetSettings target, Settings settings) throws RegistryUnavailableException {
        URI source = settings.delivery().source();
        KafkaSettings kafka = settings.kafka();
        InstantSource clock = InstantSource.system();
        return switch (target.type()) {
            case WEBHOOK -> new WebhookTarget(url(target), source, target.secrets(), target.timeout(), clock);
            case ALERTMANAGER ->
                new AlertmanagerTarget(url(target), target.labels(), target.resendEvery(), target.timeout(), clock);
            case PAGERDUTY ->
                new PagerDutyTarget(
                        url(target),
                        Objects.requireNonNull(target.routingKey()),
                        source.toString(),
                        target.timeout(),
                        clock);
            case SLACK -> new SlackTarget(url(target), target.digestOver(), target.timeout(), clock);
            case KAFKA ->
                KafkaTarget.open(
                        target.topic(), source, kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties());
        };
    }

    private static URI url(TargetSettings target) {
        @Nullable URI url = target.url();
        return Objects.requireNonNull(url, "the settings ask for a url");
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
