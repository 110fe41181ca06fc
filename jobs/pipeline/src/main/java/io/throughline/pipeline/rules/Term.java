package io.throughline.pipeline.rules;

import dev.cel.common.CelErrorCode;
import io.throughline.domain.alert.Signal;
import org.jspecify.annotations.Nullable;

/** One operation or operand of an expression, in plain Java. */
interface Term {

    /**
     * @param tier the customer's value tier, null below all tiers
     * @return a Boolean, Long, Double, String or Map of texts as the expression's types say, or {@link NoValue}
     */
    Object of(Signal signal, @Nullable String tier);

    /**
     * Stands where there is no value.
     *
     * @param because null: a variable is unknown, which is no error
     */
    record NoValue(@Nullable CelErrorCode because) {

        /** A touchpoint lacks what a variable stands for. */
        static final NoValue UNKNOWN = new NoValue(null);

        /** A touchpoint lacks a property. Unlike an unknown variable an error, which an unknown one beside it hides. */
        static final NoValue MISSING = new NoValue(CelErrorCode.ATTRIBUTE_NOT_FOUND);

        static final NoValue BAD_FORMAT = new NoValue(CelErrorCode.BAD_FORMAT);

        static final NoValue OVERFLOW = new NoValue(CelErrorCode.NUMERIC_OVERFLOW);

        static final NoValue DIVIDED_BY_ZERO = new NoValue(CelErrorCode.DIVIDE_BY_ZERO);

        boolean isError() {
            return because != null;
        }
    }
}
