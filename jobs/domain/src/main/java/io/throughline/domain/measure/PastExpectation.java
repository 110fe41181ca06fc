package io.throughline.domain.measure;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The components of one place and window as of the end of one slot of history. */
public final class PastExpectation {
    private final String window;
    private final Map<String, String> dimensions;
    private final long slotEnd;
    /** By metric id; n above 0. */
    private final TreeMap<String, Expectation.Seen> components = new TreeMap<>();

    private final TreeSet<String> standing = new TreeSet<>();

    private long revision = Long.MIN_VALUE;
    private boolean changed;
    private boolean restated;

    /** @param slotEnd epoch milliseconds */
    public PastExpectation(String window, Map<String, String> dimensions, long slotEnd) {
        this.window = window;
        this.dimensions = dimensions;
        this.slotEnd = slotEnd;
    }

    public String window() {
        return window;
    }

    public Map<String, String> dimensions() {
        return dimensions;
    }

    public long slotEnd() {
        return slotEnd;
    }

    public TreeMap<String, Expectation.Seen> components() {
        return components;
    }

    /** Ids of the expectations that stand with n above 0. */
    public TreeSet<String> standing() {
        return standing;
    }

    /** The largest of the components'. */
    public long revision() {
        return revision;
    }

    /** Whether a component has changed since expectations were published. */
    public boolean changed() {
        return changed;
    }

    /** Whether one has because of a correction. */
    public boolean restated() {
        return restated;
    }

    public void note(long newRevision, boolean nowChanged, boolean nowRestated) {
        revision = newRevision;
        changed = nowChanged;
        restated = nowRestated;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PastExpectation that
                && that.window.equals(window)
                && that.dimensions.equals(dimensions)
                && that.slotEnd == slotEnd
                && that.components.equals(components)
                && that.standing.equals(standing)
                && that.revision == revision
                && that.changed == changed
                && that.restated == restated;
    }

    @Override
    public int hashCode() {
        return Objects.hash(components, standing, slotEnd);
    }
}
