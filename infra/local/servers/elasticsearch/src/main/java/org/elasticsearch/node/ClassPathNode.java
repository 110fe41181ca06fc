package org.elasticsearch.node;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.ClassPathPlugins;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;

/**
 * A real Elasticsearch node whose plugins come from the class path instead of a distribution's {@code modules}.
 *
 * <p>Lives in this package because the seam for handing plugins over is package-private in Elasticsearch 8.19.
 */
public final class ClassPathNode extends Node {
    public ClassPathNode(Environment environment, List<Plugin> plugins) {
        super(NodeConstruction.prepareConstruction(
                environment,
                PluginsLoader.createPluginsLoader(Set.of(), Set.of(), Map.of(), false),
                new NodeServiceProvider() {
                    @Override
                    PluginsService newPluginService(Environment ready, PluginsLoader loader) {
                        Settings settings = ready.settings();
                        return new ClassPathPlugins(settings, ready.configDir(), loader, plugins);
                    }
                },
                true));
    }
}
