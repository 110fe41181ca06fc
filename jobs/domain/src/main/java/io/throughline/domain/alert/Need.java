package io.throughline.domain.alert;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A comparison with constants that a touchpoint must stand for anything else of it to be asked. What it lacks stands no
 * comparison.
 */
public sealed interface Need {

    Reading of();

    boolean holds(Signal signal);

    /** It is one of some constants. */
    record AnyOf(Reading of, Set<Object> constants) implements Need {
        public AnyOf {
            constants = keys(constants);
        }

        /** Constants as they are looked up. */
        private static Set<Object> keys(Collection<Object> constants) {
            Set<Object> keys = new LinkedHashSet<>();
            for (Object constant : constants) {
                keys.add(key(constant));
            }
            return keys;
        }

        /** Zeros of either sign are equal. */
        static Object key(Object value) {
            return value instanceof Double number && number == 0 ? (Object) 0.0 : value;
        }

        @Override
        public boolean holds(Signal signal) {
            Object value = of.of(signal);
            return value != null && constants.contains(key(value));
        }
    }

    /** It lies on one side of a constant of its own type, a Long or a Double. */
    record Beyond(Reading of, Side side, Number constant) implements Need {

        @Override
        public boolean holds(Signal signal) {
            return side.has(of.of(signal), constant);
        }
    }

    /** Where a number lies. */
    enum Side {
        ABOVE,
        AT_LEAST,
        BELOW,
        AT_MOST;

        /** Whether what lies beyond a constant lies beyond all lower ones, too; else beyond all higher ones. */
        boolean upwards() {
            return this == ABOVE || this == AT_LEAST;
        }

        /** Whether a value lies on this side of a constant; what is no number lies on none. */
        boolean has(@Nullable Object value, Number constant) {
            if (value instanceof Long whole) {
                long bound = constant.longValue();
                return switch (this) {
                    case ABOVE -> whole > bound;
                    case AT_LEAST -> whole >= bound;
                    case BELOW -> whole < bound;
                    case AT_MOST -> whole <= bound;
                };
            }
            if (value instanceof Double number) {
                double bound = constant.doubleValue();
                return switch (this) {
                    case ABOVE -> number > bound;
                    case AT_LEAST -> number >= bound;
                    case BELOW -> number < bound;
                    case AT_MOST -> number <= bound;
                };
            }
            return false;
        }
    }
}
