package io.throughline.domain.sessionize;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The path of a session that grows at its end: what was published of it before shares the steps with what is published
 * now, so that publishing one more step does not cost a copy of all.
 */
final class Path extends AbstractList<Session.Step> implements RandomAccess {
    private final Session.Step[] steps;
    private final int size;

    private Path(Session.Step[] steps, int size) {
        this.steps = steps;
        this.size = size;
    }

    @Override
    public Session.Step get(int index) {
        return steps[Objects.checkIndex(index, size)];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Path that && that.steps == steps ? that.size == size : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** How many steps two paths begin with in common, at least. */
    static int common(List<Session.Step> one, List<Session.Step> other) {
        return one instanceof Path a && other instanceof Path b && a.steps == b.steps ? Math.min(a.size, b.size) : 0;
    }

    /** Collects steps; what was taken of it before does not change. */
    static final class Growing {
        private final int limit;
        private Session.Step[] steps = new Session.Step[4];
        private int size;

        Growing(int limit) {
            this.limit = limit;
        }

        /** Those beyond the limit are left out. */
        void add(Held.Fact fact) {
            if (size == limit) {
                return;
            }
            if (size == steps.length) {
                steps = Arrays.copyOf(steps, Math.min(limit, 2 * size));
            }
            steps[size++] = fact.step();
        }

        Path soFar() {
            return new Path(steps, size);
        }
    }
}
