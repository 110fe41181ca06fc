package io.throughline.delivery;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a target is told of and how it is treated.
 *
 * @param name names it in logs, dead letters and the consumer group, so a new name begins anew
 * @param rules ids of the rules it is told of; null: of all
 * @param perSecond requests per second at most
 * @param concurrency requests under way at once; those about one alert follow each other
 * @param giveUpAfter how long after it was published a notification is still delivered; then it goes to the dead letters
 * @param backOff first pause after a failure; doubles up to {@code maxBackOff}, longer or shorter by up to half of it by chance
 * @param openAfter failures in a row after which nothing is tried for {@code maxBackOff}
 */
public record TargetConfig(
        String name,
        Severity minSeverity,
        Set<Event> events,
        @Nullable Set<String> rules,
        int perSecond,
        int concurrency,
        Duration giveUpAfter,
        Duration backOff,
        Duration maxBackOff,
        int openAfter) {

    public TargetConfig {
        events = Set.copyOf(events);
        rules = rules == null ? null : Set.copyOf(rules);
        if (!name.matches("[a-z0-9][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "name must be lower-case letters, digits and hyphens, was \"" + name + "\"");
        }
        if (events.isEmpty()) {
            throw new IllegalArgumentException("events must name at least one");
        }
        if (perSecond < 1 || concurrency < 1 || openAfter < 1) {
            throw new IllegalArgumentException("per_second, concurrency and open_after must be at least 1");
        }
        if (backOff.isZero() || backOff.isNegative() || maxBackOff.compareTo(backOff) <= 0) {
            throw new IllegalArgumentException("max_back_off must be longer than back_off, and both positive");
        }
    }

    /** Everything from warnings on that people act on, patiently. */
    public static TargetConfig named(String name) {
        return new TargetConfig(
                name,
                Severity.WARNING,
                Set.of(Event.OPENED, Event.ESCALATED, Event.REOPENED, Event.RESOLVED, Event.RETRACTED),
                null,
                10,
                4,
                Duration.ofHours(24),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                5);
    }

    boolean wants(Notification notification) {
        return events.contains(notification.event())
                && notification.severity().isAtLeast(minSeverity)
                && (rules == null || isOf(rules, notification));
    }

    /** Of a group all that was told of it counts, or who heard that it opened might not hear that it ended. */
    private static boolean isOf(Set<String> rules, Notification notification) {
        return rules.contains(notification.ruleId())
                || (notification.group() != null
                        && (notification.group().rules().stream().anyMatch(rules::contains)
                                || notification.group().alerts().stream()
                                        .anyMatch(each -> rules.contains(each.ruleId()))));
    }
}
