package io.throughline.local.testing;

import io.throughline.local.Server;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Real servers for a test class, handed to it as a parameter of type {@link io.throughline.local.LocalServers} wherever
 * JUnit takes parameters.
 *
 * <p>They are started once per test run, when the first class that names them begins, and shared by all classes: use
 * names of your own for topics, subjects and indices. They listen on free ports and end with the run, in whatever way it ends.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RealServers.class)
public @interface Servers {
    Server[] value();

    /**
     * True for tests that stop, kill or restart servers: they get processes of this machine and never containers, and
     * a set of their own that no other class uses.
     */
    boolean own() default false;

    /** How many TaskManagers Flink has to have at least when the class begins. */
    int taskManagers() default 1;
}
