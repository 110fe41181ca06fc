package io.throughline.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Alertmanager's API v2, {@code POST /api/v2/alerts}. Alertmanager keeps alerts in memory and forgets one that nobody
 * repeats, so alerts that stand are sent again every {@code resendEvery} with an end three of these ahead; one that is
 * resolved or retracted is sent with an end that has passed.
 *
 * <p>Labels tell alerts apart: {@code alertname} is the rule, {@code alert_id} the alert, beside {@code severity} and
 * {@code expectation}. A group of alerts is one alert, its {@code alertname} the grouping, with {@code group_id} and what its
 * alerts share. Where the severity changes, what was sent under the earlier one ends in the same request. The customer is
 * an annotation, not a label: labels are for grouping and routing. Group by {@code alertname}, or every alert is a group of
 * its own.
 */
public final class AlertmanagerTarget implements Target {

    private static final Logger LOG = LoggerFactory.getLogger(AlertmanagerTarget.class);

    private static final int MOST_IN_A_REQUEST = 500;
    /** Beyond this the alerts that have stood longest are left to end: nobody looks at so many one by one. */
    private static final int MOST_STANDING = 10_000;

    private static final int MOST_EVIDENCE = 10;

    private final URI address;
    private final Map<String, String> further;
    private final Duration resendEvery;
    private final InstantSource clock;
    private final Post post;
    private final Map<String, Notification> standing = new LinkedHashMap<>();
    /** Read by what is delivered, written by what is repeated; fair, so that what is new waits for one repetition at most. */
    private final ReadWriteLock order = new ReentrantReadWriteLock(true);

    private final ScheduledExecutorService resending;

    /**
     * @param address of the API, ending in {@code /api/v2/alerts}
     * @param labels further labels of every alert, for example {@code team}
     */
    public AlertmanagerTarget(
            URI address, Map<String, String> labels, Duration resendEvery, Duration timeout, InstantSource clock) {
        this.address = address;
        this.further = Map.copyOf(labels);
        this.resendEvery = resendEvery;
        this.clock = clock;
        this.post = new Post(timeout, clock);
        this.resending = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "alertmanager-resend");
            thread.setDaemon(true);
            return thread;
        });
        resending.scheduleWithFixedDelay(
                this::resend, resendEvery.toMillis(), resendEvery.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public List<Parcel> pack(List<Notification> notifications) {
        // Of one alert only what it came to: the request is a set of states, not a history.
        Map<String, Notification> last = new LinkedHashMap<>();
        notifications.forEach(each -> last.put(each.subject(), each));
        List<Notification> states = List.copyOf(last.values());
        List<Parcel> parcels = new ArrayList<>();
        for (int i = 0; i < states.size(); i += MOST_IN_A_REQUEST) {
            parcels.add(parcel(states.subList(i, Math.min(states.size(), i + MOST_IN_A_REQUEST))));
        }
        return parcels;
    }

    @Override
    public Answer deliver(Parcel parcel) throws IOException, InterruptedException {
        order.readLock().lockInterruptibly();
        try {
            // Made anew for each attempt: the ends in it run from now.
            Answer answer = post.send(parcel(parcel.contents()));
            if (answer instanceof Answer.Delivered) {
                parcel.contents().forEach(this::remind);
            }
            return answer;
        } finally {
            order.readLock().unlock();
        }
    }

    @Override
    public void remind(Notification notification) {
        synchronized (standing) {
            standing.remove(notification.subject());
            if (notification.event().leavesItStanding()) {
                standing.put(notification.subject(), notification);
                if (standing.size() > MOST_STANDING) {
                    standing.remove(standing.keySet().iterator().next());
                }
            }
        }
    }

    private void resend() {
        List<Notification> due;
        synchronized (standing) {
            due = List.copyOf(standing.values());
        }
        try {
            for (int i = 0; i < due.size(); i += MOST_IN_A_REQUEST) {
                repeat(due.subList(i, Math.min(due.size(), i + MOST_IN_A_REQUEST)));
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: {} standing alerts were not repeated: {}", address, due.size(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * While nothing else is sent: the end of an alert that overtook its repetition would be taken back by it, and the alert would
     * fire on until that one's end. One that got no answer in time may still do so.
     */
    private void repeat(List<Notification> due) throws IOException, InterruptedException {
        order.writeLock().lockInterruptibly();
        try {
            List<Notification> still;
            synchronized (standing) {
                still = due.stream()
                        .filter(each -> standing.get(each.subject()) == each)
                        .toList();
            }
            if (still.isEmpty()) {
                return;
            }
            Answer answer = post.send(parcel(still));
            if (!(answer instanceof Answer.Delivered)) {
                LOG.warn("{}: {} standing alerts were not repeated: {}", address, still.size(), answer);
            }
        } finally {
            order.writeLock().unlock();
        }
    }

    private Parcel parcel(List<Notification> notifications) {
        ArrayNode alerts = JsonNodeFactory.instance.arrayNode();
        Instant now = clock.instant();
        for (Notification notification : notifications) {
            Notification before;
            synchronized (standing) {
                before = standing.get(notification.subject());
            }
            boolean stands = notification.event().leavesItStanding();
            ObjectNode labels = labels(notification);
            ObjectNode earlier = before == null ? labels : labels(before);
            if (!earlier.equals(labels)) {
                add(alerts, earlier, notification, now, now);
            }
            add(alerts, labels, notification, now, stands ? now.plus(resendEvery.multipliedBy(3)) : now);
        }
        return new Parcel(
                notifications, address, Map.of("Content-Type", "application/json"), NotificationJson.bytes(alerts));
    }

    private static void add(ArrayNode alerts, ObjectNode labels, Notification notification, Instant now, Instant end) {
        ObjectNode alert = alerts.addObject();
        alert.set("labels", labels);
        annotations(alert.putObject("annotations"), notification);
        // An end before the beginning is refused; an alert of an event time ahead of this clock begins now.
        Instant begin = notification.openedAt().isAfter(now) ? now : notification.openedAt();
        alert.put("startsAt", begin.toString());
        alert.put("endsAt", end.toString());
    }

    /** They tell alerts apart, so those of a group say nothing that changes while it is told of but its severity. */
    private ObjectNode labels(Notification notification) {
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        further.forEach(labels::put);
        Notification.Group group = notification.group();
        labels.put("severity", notification.severity().word());
        if (group != null) {
            labels.put("alertname", group.name());
            labels.put("group_id", group.id());
            group.shared().forEach((what, value) -> {
                if (!what.equals("customer")) {
                    labels.put(what, value);
                }
            });
            return labels;
        }
        labels.put("alertname", notification.ruleId());
        labels.put("alert_id", notification.alertId());
        if (notification.expectation() != null) {
            labels.put("expectation", notification.expectation());
        }
        return labels;
    }

    private static void annotations(ObjectNode annotations, Notification notification) {
        annotations.put("summary", notification.summary());
        annotations.put("description", String.join("; ", behind(notification).toList()));
        if (notification.customerId() != null) {
            annotations.put("customer_id", notification.customerId());
        }
        if (notification.nextAction() != null) {
            annotations.put("next_action", notification.nextAction());
        }
    }

    private static Stream<String> behind(Notification notification) {
        Notification.Group several = notification.several();
        if (several != null) {
            return several.alerts().stream()
                    .limit(MOST_EVIDENCE)
                    .map(each -> each.ruleId() + " " + each.event().word() + ": " + each.reason());
        }
        return notification.evidence().stream()
                .limit(MOST_EVIDENCE)
                .map(each -> each.eventTime() + " " + each.channel() + " "
                        + (each.detail() == null ? each.kind() : each.detail()));
    }

    @Override
    public void close() {
        resending.shutdownNow();
    }
}
