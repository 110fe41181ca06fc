package io.throughline.domain.stitch;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose a shared device is at what time. An interval opens at any touchpoint bearing the device and a person and ends
 * at logout, at the next person, or the channel's gap after the last touchpoint it covers. Outside every interval
 * nobody is guessed.
 */
public final class LoginIntervals {

    /**
     * Something that happened on a shared device.
     *
     * @param eventTime epoch milliseconds
     * @param gapMs the channel's gap, milliseconds
     * @param logout whether it ends the interval it lies in
     * @param customer whose it is by the person it bore; null: it bore the device alone
     */
    public record DeviceEvent(
            String touchpointId, long eventTime, long gapMs, boolean logout, @Nullable String customer) {
        static final Comparator<DeviceEvent> IN_ORDER =
                Comparator.comparingLong(DeviceEvent::eventTime).thenComparing(DeviceEvent::touchpointId);
    }

    /** The customer of every event that bore the device alone and lies in an interval; those absent are nobody's. */
    public static Map<String, String> attribute(Collection<DeviceEvent> events) {
        TreeSet<DeviceEvent> inOrder = new TreeSet<>(DeviceEvent.IN_ORDER);
        inOrder.addAll(events);
        Map<String, String> result = new HashMap<>();
        String loggedIn = null;
        long until = Long.MIN_VALUE;
        for (DeviceEvent event : inOrder) {
            if (event.customer() != null) {
                loggedIn = event.customer();
            } else if (loggedIn == null || event.eventTime() > until) {
                loggedIn = null;
                continue;
            } else {
                result.put(event.touchpointId(), loggedIn);
            }
            until = event.eventTime() + event.gapMs();
            if (event.logout()) {
                loggedIn = null;
            }
        }
        return result;
    }

    private LoginIntervals() {}
}
