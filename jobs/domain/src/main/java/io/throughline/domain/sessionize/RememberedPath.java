package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Memory.Touch;
import io.throughline.domain.sessionize.Session.Step;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The path of a session that was read with the touchpoints it is made of. A step is made when it is asked for: mostly none
 * is, before the session is written again.
 */
public final class RememberedPath extends AbstractList<Step> implements RandomAccess {
    private final Touch[] members;
    private final @Nullable Step[] steps;

    /** @param members each of which counts, in order */
    public RememberedPath(List<Touch> members) {
        this.members = members.toArray(Touch[]::new);
        this.steps = new Step[this.members.length];
    }

    @Override
    public Step get(int index) {
        Step made = steps[index];
        if (made == null) {
            Touchpoint counting = members[index].counting();
            if (counting == null) {
                throw new IllegalStateException("step " + index + " is of touchpoint " + members[index].touchpointId()
                        + ", which does not count");
            }
            made = Step.of(counting);
            steps[index] = made;
        }
        return made;
    }

    @Override
    public int size() {
        return members.length;
    }

    /** Whether these, from here on, are the very touchpoints it was read with. */
    public boolean isOf(List<Touch> touches, int from) {
        if (members.length > touches.size() - from) {
            return false;
        }
        for (int i = 0; i < members.length; i++) {
            if (touches.get(from + i) != members[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
