package io.throughline.domain.stitch;

import io.throughline.domain.stitch.LoginIntervals.DeviceEvent;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole of stitching as one pure function over a set of touchpoints: what the distributed computation must come to,
 * and what previews and explanations use.
 */
public final class Customers {

    /** Customer of every touchpoint, by touchpoint_id. */
    public static Map<String, String> of(
            Collection<Touchpoint> touchpoints, Collection<Decision> decisions, StitchConfig config) {
        List<Link> links = new ArrayList<>();
        for (Touchpoint touchpoint : touchpoints) {
            links.addAll(linksOf(touchpoint, config));
        }
        return attribute(touchpoints, Stitching.decide(links, decisions, config).assignments(), config);
    }

    /** Customer of every touchpoint, by touchpoint_id, where it is decided whose each identifier is. */
    static Map<String, String> attribute(
            Collection<Touchpoint> touchpoints, Map<Identifier, Assignment> assignments, StitchConfig config) {
        Map<String, String> result = new HashMap<>();
        Map<Identifier, List<DeviceEvent>> onDevice = new HashMap<>();
        for (Touchpoint touchpoint : touchpoints) {
            List<Identifier> usable = new ArrayList<>(config.linkable(touchpoint.identifiers()));
            usable.removeIf(i -> of(i, assignments).kind() == Assignment.Kind.QUARANTINED);
            String id = touchpoint.touchpointId();
            if (usable.isEmpty()) {
                result.put(id, CustomerIds.ofTouchpoint(id));
                continue;
            }
            Identifier strongest = usable.get(0);
            String customer = of(strongest, assignments).customerId();
            result.put(id, customer);
            boolean person = config.typeOf(strongest).scope() == Scope.PERSON;
            for (Identifier identifier : usable) {
                Identifier keeper = of(identifier, assignments).keeper();
                if (keeper != null) {
                    onDevice.computeIfAbsent(keeper, k -> new ArrayList<>())
                            .add(eventOf(touchpoint, person ? customer : null, config));
                }
            }
        }
        onDevice.values().forEach(events -> result.putAll(LoginIntervals.attribute(events)));
        return result;
    }

    static DeviceEvent eventOf(Touchpoint touchpoint, @Nullable String customer, StitchConfig config) {
        return new DeviceEvent(
                touchpoint.touchpointId(),
                touchpoint.eventTime(),
                config.gapOf(touchpoint.channel()),
                touchpoint.kind().equals("logout"),
                customer);
    }

    private static Assignment of(Identifier identifier, Map<Identifier, Assignment> assignments) {
        Assignment assignment = assignments.get(identifier);
        return assignment == null ? Assignment.alone(identifier) : assignment;
    }

    /** The links of one touchpoint: every pair of its linkable identifiers. */
    public static List<Link> linksOf(Touchpoint touchpoint, StitchConfig config) {
        List<Identifier> linkable = new ArrayList<>(config.linkable(touchpoint.identifiers()));
        List<Link> links = new ArrayList<>();
        for (int left = 0; left < linkable.size(); left++) {
            for (int right = left + 1; right < linkable.size(); right++) {
                links.add(new Link(
                        linkable.get(left), linkable.get(right), touchpoint.eventTime(), touchpoint.touchpointId()));
            }
        }
        return links;
    }

    private Customers() {}
}
