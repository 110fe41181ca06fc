package io.throughline.domain.stitch;

import io.throughline.domain.stitch.LoginIntervals.DeviceEvent;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        Map<Identifier, Map<Identifier, String>> personsOn = new HashMap<>();
        Set<String> deviceAlone = new HashSet<>();
        for (Touchpoint touchpoint : touchpoints) {
            List<Identifier> linkable = config.linkable(touchpoint.identifiers());
            DeviceEvent event = eventOf(touchpoint, linkable, config);
            Assignment strongest = null;
            for (Identifier identifier : linkable) {
                Assignment assignment = assignments.getOrDefault(identifier, Assignment.alone(identifier));
                if (assignment.kind() == Assignment.Kind.QUARANTINED) {
                    continue;
                }
                if (strongest == null) {
                    strongest = assignment;
                }
                Identifier keeper = assignment.keeper();
                if (keeper != null) {
                    onDevice.computeIfAbsent(keeper, k -> new ArrayList<>()).add(event);
                    personsOn.put(keeper, assignment.persons());
                }
            }
            String id = touchpoint.touchpointId();
            result.put(id, strongest == null ? CustomerIds.ofTouchpoint(id) : strongest.customerId());
            if (strongest != null && strongest.kind() == Assignment.Kind.SHARED) {
                deviceAlone.add(id);
            }
        }
        onDevice.forEach((keeper, events) -> LoginIntervals.attribute(events, personsOn.getOrDefault(keeper, Map.of()))
                .forEach((touchpointId, customer) -> {
                    if (deviceAlone.contains(touchpointId)) {
                        result.put(touchpointId, customer);
                    }
                }));
        return result;
    }

    static DeviceEvent eventOf(Touchpoint touchpoint, List<Identifier> linkable, StitchConfig config) {
        return new DeviceEvent(
                touchpoint.touchpointId(),
                touchpoint.eventTime(),
                config.gapOf(touchpoint.channel()),
                touchpoint.kind().equals("logout"),
                linkable.stream()
                        .filter(i -> config.typeOf(i).scope() == Scope.PERSON)
                        .toList());
    }

    /** The links of one touchpoint: every pair of its linkable identifiers. */
    public static List<Link> linksOf(Touchpoint touchpoint, StitchConfig config) {
        List<Identifier> linkable = config.linkable(touchpoint.identifiers());
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
