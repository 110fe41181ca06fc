package io.throughline.domain.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionizeConfigTest {

    /** Whoever is first: a task that reads its settings back may meet any of them before the others. */
    @ParameterizedTest
    @ValueSource(classes = {SessionizeConfig.class, IssueConfig.class, JourneyConfig.class})
    void isCompleteWhicheverOfItsPartsIsInitialisedFirst(Class<?> first) throws Exception {
        URL classes =
                SessionizeConfig.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader fresh = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class.forName(first.getName(), true, fresh);
            Class<?> config = Class.forName(SessionizeConfig.class.getName(), true, fresh);
            Object defaults = config.getField("DEFAULTS").get(null);
            assertThat(config.getMethod("issue").invoke(defaults))
                    .asString()
                    .isEqualTo(SessionizeConfig.DEFAULTS.issue().toString());
            assertThat(config.getMethod("journey").invoke(defaults))
                    .asString()
                    .isEqualTo(SessionizeConfig.DEFAULTS.journey().toString());
            assertThat(config.getMethod("experience").invoke(defaults)).isNotNull();
        }
    }
}
