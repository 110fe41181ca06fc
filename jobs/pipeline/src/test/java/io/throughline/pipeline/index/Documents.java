package io.throughline.pipeline.index;

import io.throughline.schemas.HandoffKinds;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Issue;
import io.throughline.schemas.IssueContact;
import io.throughline.schemas.Metric;
import io.throughline.schemas.Rejected;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Small whole documents. */
final class Documents {

    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Documents() {}

    static StitchedTouchpoint touchpoint(String id, String customer, long revision, Instant eventTime) {
        return StitchedTouchpoint.newBuilder()
                .setTouchpointId(id)
                .setCustomerId(customer)
                .setRevision(revision)
                .setEventTime(eventTime)
                .setReceivedTime(eventTime)
                .setChannel("call")
                .setKind("call_ended")
                .setIdentifiers(List.of(new Identifier("email", "0f1e2d")))
                .build();
    }

    static Issue issue(List<IssueContact> contacts) {
        return Issue.newBuilder()
                .setIssueId("i1")
                .setCustomerId("c1")
                .setStatus("open")
                .setStart(NOON)
                .setEnd(NOON)
                .setChannels(List.of())
                .setContactCount(contacts.size())
                .setContacts(contacts)
                .setRepeats(0)
                .setSettled(false)
                .setResolved(false)
                .setFcrGross(false)
                .setFcrBehavioural(true)
                .setHandoffs(0)
                .setHandoffKinds(new HandoffKinds(0, 0, 0))
                .setChannelSwitches(0)
                .setReAsks(0)
                .setLongestSilenceMs(0)
                .setPromisesMade(0)
                .setPromisesKept(0)
                .setPromisesBroken(0)
                .setPromises(List.of())
                .setReopened(0)
                .setRevision(1)
                .build();
    }

    static IssueContact contact(String channel) {
        return IssueContact.newBuilder()
                .setTouchpointId("t-" + channel)
                .setStart(NOON)
                .setEnd(NOON)
                .setChannel(channel)
                .setRepeat(false)
                .build();
    }

    static Session session(String id, String customer, long revision) {
        return Session.newBuilder()
                .setSessionId(id)
                .setCustomerId(customer)
                .setStatus("open")
                .setStart(NOON)
                .setEnd(NOON)
                .setDurationMs(0)
                .setChannels(List.of("call"))
                .setTouchpointCount(1)
                .setPath(List.of())
                .setChannelSwitches(0)
                .setHandoffs(0)
                .setActiveMs(Map.of("call", 0L))
                .setCutCause("open")
                .setTopics(List.of())
                .setStages(List.of("support"))
                .setScores(Map.of("csat", 2.0))
                .setValue(List.of())
                .setErrors(0)
                .setComplaints(0)
                .setWaitMs(0)
                .setRevision(revision)
                .build();
    }

    static Metric metric(String series, String window, Instant asOf, double value) {
        return Metric.newBuilder()
                .setSeriesId(series)
                .setMetricId("nps")
                .setFormulaVersion(1)
                .setDimensions(Map.of("channel", "call"))
                .setWindow(window)
                .setValue(value)
                .setUnit("points")
                .setN(3)
                .setComplete(true)
                .setDirection("higher_is_better")
                .setAsOf(asOf)
                .setRestated(false)
                .setRevision(1)
                .build();
    }

    static Rejected rejected(String origin) {
        return Rejected.newBuilder()
                .setOrigin(origin)
                .setReason("malformed")
                .setDetail("at byte 5")
                .setRaw("AAAA")
                .setRawEncoding("base64")
                .build();
    }
}
