package org.elasticsearch.plugins;

import java.nio.file.Path;
import java.util.List;
import org.elasticsearch.Build;
import org.elasticsearch.common.settings.Settings;

/**
 * The plugins of a node that has no distribution directory: they come from the class path, already made.
 *
 * <p>Lives in this package because what a node knows of a loaded plugin is package-private in Elasticsearch 8.19.
 */
public final class ClassPathPlugins extends PluginsService {
    private final List<LoadedPlugin> plugins;

    public ClassPathPlugins(Settings settings, Path config, PluginsLoader loader, List<Plugin> instances) {
        super(settings, config, loader);
        plugins = instances.stream().map(ClassPathPlugins::loaded).toList();
    }

    @Override
    protected List<LoadedPlugin> plugins() {
        // The parent's constructor asks before the field is set.
        return plugins == null ? List.of() : plugins;
    }

    private static LoadedPlugin loaded(Plugin instance) {
        Class<? extends Plugin> type = instance.getClass();
        PluginDescriptor descriptor = new PluginDescriptor(
                type.getName(),
                "from the class path",
                Build.current().version(),
                Build.current().version(),
                System.getProperty("java.specification.version"),
                type.getName(),
                null,
                List.of(),
                false,
                false,
                false,
                false);
        return new LoadedPlugin(descriptor, instance, type.getClassLoader());
    }
}
