package io.throughline.local.elasticsearch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.config.Configurator;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.ClassPathNode;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.transport.netty4.Netty4Plugin;

/** {@code ElasticsearchMain HOME HTTP_PORT}: one node on 127.0.0.1, its data under HOME, until the process is ended. */
public final class ElasticsearchMain {
    private ElasticsearchMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("Usage: ElasticsearchMain HOME HTTP_PORT");
            System.exit(2);
        }
        Path home = Path.of(args[0]).toAbsolutePath();
        for (String directory : List.of("config", "modules", "plugins", "data", "logs")) {
            Files.createDirectories(home.resolve(directory));
        }
        System.setProperty("es.distribution.type", "zip");
        Settings settings = Settings.builder()
                .put("cluster.name", "throughline")
                .put("node.name", "local")
                .put("path.home", home)
                .put("path.data", home.resolve("data"))
                .put("path.logs", home.resolve("logs"))
                .put("network.host", "127.0.0.1")
                .put("http.port", args[1])
                .put("transport.port", 0)
                .put("discovery.type", "single-node")
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .put("action.destructive_requires_name", true)
                .build();

        LogConfigurator.configureESLogging();
        LogConfigurator.configureWithoutConfig(settings);
        String logging = System.getProperty("log4j2.configurationFile");
        if (logging != null) {
            // Elasticsearch has just put a silent configuration in the place of ours.
            Configurator.reconfigure(Path.of(logging).toUri());
        }
        Environment environment =
                InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "local");
        Node node = new ClassPathNode(environment, List.of(new Netty4Plugin(), new GreetingPlugin()));

        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                node.awaitClose(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                System.err.println("Elasticsearch did not close in order: " + e);
            } finally {
                stopped.countDown();
            }
        }));
        node.start();
        stopped.await();
    }
}
