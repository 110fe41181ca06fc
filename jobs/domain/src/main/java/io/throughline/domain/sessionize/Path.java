package io.throughline.domain.sessionize;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The path of a session or a journey that grows at its end: what was published of it before shares the steps with what
 * is published now, so that publishing one more step does not cost a copy of all.
 *
 * @param <T> what it is made of; immutable
 */
final class Path<T> extends AbstractList<T> implements RandomAccess {
    private final T[] steps;
    private final int shared;

    /** After those that are shared; null: nothing. */
    private final @Nullable T last;

    private Path(T[] steps, int shared, @Nullable T last) {
        this.steps = steps;
        this.shared = shared;
        this.last = last;
    }

    @Override
    public T get(int index) {
        T end = last;
        return end != null && index == shared ? end : steps[Objects.checkIndex(index, shared)];
    }

    @Override
    public int size() {
        return last == null ? shared : shared + 1;
    }

    @Override
    public boolean equals(Object other) {
        if (other instanceof Path<?> that && that.steps == steps) {
            return size() == that.size()
                    && subList(common(this, that), size()).equals(that.subList(common(this, that), size()));
        }
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** How many steps two paths begin with in common, at least. */
    static int common(List<?> one, List<?> other) {
        return one instanceof Path<?> a && other instanceof Path<?> b && a.steps == b.steps
                ? Math.min(a.shared, b.shared)
                : 0;
    }

    /**
     * Collects steps; what was taken of it before does not change.
     *
     * @param <T> what it is made of
     */
    static final class Growing<T> {
        private T[] steps;
        private int size;

        /** @param first what it begins with, kept and added to */
        Growing(T[] first) {
            this.steps = first;
            this.size = first.length;
        }

        int size() {
            return size;
        }

        void add(T step) {
            if (size == steps.length) {
                steps = Arrays.copyOf(steps, Math.max(4, 2 * size));
            }
            steps[size++] = step;
        }

        List<T> soFar() {
            return soFarAnd(null);
        }

        /** @param last how it would go on, which may change; null: not at all */
        List<T> soFarAnd(@Nullable T last) {
            return new Path<>(steps, size, last);
        }
    }
}
