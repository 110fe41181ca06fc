package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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
     * @param persons person identifiers it bore, strongest first; empty: it bore the device alone
     */
    public record DeviceEvent(
            String touchpointId, long eventTime, long gapMs, boolean logout, List<Identifier> persons) {
        static final Comparator<DeviceEvent> IN_ORDER =
                Comparator.comparingLong(DeviceEvent::eventTime).thenComparing(DeviceEvent::touchpointId);
    }

    /**
     * The customer of every event that bore the device alone and lies in an interval; those absent are nobody's.
     *
     * @param customers customer of each person identifier; a person absent from it opens nothing
     */
    public static Map<String, String> attribute(Collection<DeviceEvent> events, Map<Identifier, String> customers) {
        TreeSet<DeviceEvent> inOrder = new TreeSet<>(DeviceEvent.IN_ORDER);
        inOrder.addAll(events);
        Map<String, String> result = new HashMap<>();
        String loggedIn = null;
        long until = Long.MIN_VALUE;
        for (DeviceEvent event : inOrder) {
            String person = personOf(event, customers);
            if (person != null) {
                loggedIn = person;
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

    private static @Nullable String personOf(DeviceEvent event, Map<Identifier, String> customers) {
        for (Identifier person : event.persons()) {
            String customer = customers.get(person);
            if (customer != null) {
                return customer;
            }
        }
        return null;
    }

    private LoginIntervals() {}
}
