package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The specification of issues, written for the reader and not for speed: every question is answered by looking at all
 * touchpoints of the issue again. Revisions are 0.
 */
final class IssueOracle {
    /** One issue: its touchpoints, and which of them are contacts. */
    private final class Found {
        final String subject;
        final List<Touchpoint> members = new ArrayList<>();
        final List<Touchpoint> contacting = new ArrayList<>();
        /** The touchpoint each contact began with. */
        final List<Touchpoint> firsts = new ArrayList<>();

        Found(String subject) {
            this.subject = subject;
        }

        /** What is known of the contact that began with {@code firsts[number]}. */
        Contact contact(int number) {
            int from = members.indexOf(firsts.get(number));
            int to = number + 1 < firsts.size() ? members.indexOf(firsts.get(number + 1)) : members.size();
            Contact contact = new Contact(firsts.get(number));
            for (Touchpoint t : members.subList(from, to)) {
                if (contacting.contains(t)) {
                    contact.channel = t.channel();
                    contact.end = t.eventTime();
                    contact.hungUp = false;
                    contact.passedOn = false;
                }
                boolean transfer = t.kind().equals("transfer");
                if ((transfer || t.channel().equals(contact.channel))
                        && t.eventTime() - contact.end <= config.gap(contact.channel)) {
                    contact.end = t.eventTime();
                    boolean gaveUp = t.kind().endsWith("_abandoned") || "abandoned".equals(t.outcome());
                    contact.passedOn = !gaveUp && (contact.passedOn || transfer);
                    contact.hungUp = contact.hungUp || gaveUp || t.kind().endsWith("_ended");
                }
            }
            return contact;
        }

        Contact last() {
            return contact(firsts.size() - 1);
        }

        boolean isQuietAt(long time) {
            return time > last().end + config.issue().repeatWindowMs();
        }
    }

    private static final class Contact {
        final Touchpoint first;
        String channel;
        long end;
        boolean hungUp;
        boolean passedOn;

        Contact(Touchpoint first) {
            this.first = first;
            this.channel = first.channel();
            this.end = first.eventTime();
        }
    }

    final Map<String, Issue> issues = new TreeMap<>();
    private final SessionizeOracle sessions;
    private final SessionizeConfig config;
    private final long asOf;
    private final List<Found> found = new ArrayList<>();

    IssueOracle(String customerId, SessionizeOracle sessions, SessionizeConfig config, long asOf) {
        this.sessions = sessions;
        this.config = config;
        this.asOf = asOf;
        for (Touchpoint t : sessions.counting) {
            String subject = subject(t);
            if (subject == null) {
                overheard(t);
            } else {
                about(subject, t);
            }
        }
        found.stream().map(f -> describe(customerId, f)).forEach(issue -> issues.put(issue.issueId(), issue));
    }

    /** The smallest name in the group of topics and cases that are named together, directly or by way of others. */
    private String subject(Touchpoint t) {
        Set<String> group = new TreeSet<>(names(t));
        if (group.isEmpty()) {
            return null;
        }
        int before = 0;
        while (group.size() > before) {
            before = group.size();
            for (Touchpoint other : sessions.counting) {
                if (names(other).stream().anyMatch(group::contains)) {
                    group.addAll(names(other));
                }
            }
        }
        return group.iterator().next();
    }

    private static List<String> names(Touchpoint t) {
        return Stream.of(
                        t.topic() == null ? null : "topic " + t.topic(),
                        t.caseId() == null ? null : "case " + t.caseId())
                .filter(Objects::nonNull)
                .toList();
    }

    private boolean contacts(Touchpoint t) {
        return !t.outbound()
                && config.issue().contactKinds().contains(t.kind())
                && (t.actor() == null
                        || t.actor().equals("customer")
                        || t.kind().endsWith("_answered")
                        || ofTheCustomer(t));
    }

    /** Whoever noted it. */
    private static boolean ofTheCustomer(Touchpoint t) {
        return !t.outbound() && List.of("complaint", "visit").contains(t.kind());
    }

    /** What somebody else noted after or during a contact on its channel. */
    private boolean notedOf(Contact contact, Touchpoint t) {
        return ofTheCustomer(t)
                && t.actor() != null
                && !t.actor().equals("customer")
                && t.channel().equals(contact.channel)
                && t.eventTime() - contact.end <= config.gap(contact.channel);
    }

    private boolean resolves(Touchpoint t) {
        return t.kind().equals("case_resolved")
                || (t.outcome() != null && config.issue().resolvedOutcomes().contains(t.outcome()));
    }

    private static boolean promises(Touchpoint t) {
        return List.of("promise_made", "promise_kept", "promise_broken", "promise_due")
                .contains(t.kind());
    }

    private void about(String subject, Touchpoint t) {
        Found issue = found.stream().filter(f -> f.subject.equals(subject)).reduce(null, (a, b) -> b);
        boolean writtenUp = issue != null && !issue.isQuietAt(t.eventTime()) && notedOf(issue.last(), t);
        if (contacts(t) && !writtenUp) {
            if (issue == null || issue.isQuietAt(t.eventTime())) {
                issue = new Found(subject);
                found.add(issue);
            }
            contact(issue, t);
        } else if (issue != null && (resolves(t) || promises(t) || !issue.isQuietAt(t.eventTime()))) {
            issue.members.add(t);
        }
    }

    /** Of the contact that last named its subject on this channel, if it goes on and no other of its issue has begun. */
    private void overheard(Touchpoint t) {
        if (!config.handoffChannels().contains(t.channel())) {
            return;
        }
        Found issue = null;
        Touchpoint latest = null;
        for (Found candidate : found) {
            for (Touchpoint contact : candidate.contacting) {
                // What was overheard did not turn the channel to its issue: it was turned to it already.
                if (subject(contact) != null
                        && contact.channel().equals(t.channel())
                        && (latest == null || sessions.counting.indexOf(contact) > sessions.counting.indexOf(latest))) {
                    latest = contact;
                    issue = candidate;
                }
            }
        }
        if (issue == null
                || sessions.counting.indexOf(latest) < sessions.counting.indexOf(issue.last().first)
                || !goesOn(issue.last(), t)) {
            return;
        }
        if (contacts(t) && !notedOf(issue.last(), t)) {
            contact(issue, t);
        } else {
            issue.members.add(t);
        }
    }

    private boolean goesOn(Contact contact, Touchpoint t) {
        boolean inTime = t.eventTime() - contact.end <= config.gap(contact.channel);
        boolean sameConversation = contact.channel.equals(t.channel()) || contact.channel.equals("bot");
        return inTime && (contact.passedOn || (!contact.hungUp && sameConversation));
    }

    private void contact(Found issue, Touchpoint t) {
        if (issue.firsts.isEmpty() || !goesOn(issue.last(), t)) {
            issue.firsts.add(t);
        }
        issue.contacting.add(t);
        issue.members.add(t);
    }

    private Issue describe(String customerId, Found f) {
        long start = f.firsts.get(0).eventTime();
        Touchpoint last = f.members.get(f.members.size() - 1);
        int resolution = -1;
        for (int i = 0; i < f.members.size(); i++) {
            boolean since = i >= f.members.indexOf(f.last().first);
            resolution = resolution < 0 && since && resolves(f.members.get(i)) ? i : resolution;
        }
        boolean resolved = resolution >= 0;
        List<Issue.Contact> contacts = new ArrayList<>();
        for (int i = 0; i < f.firsts.size(); i++) {
            Touchpoint first = f.firsts.get(i);
            contacts.add(new Issue.Contact(
                    first.touchpointId(),
                    first.eventTime(),
                    f.contact(i).end,
                    first.channel(),
                    first.touchpoint(),
                    first.stage(),
                    first.location(),
                    first.product(),
                    first.segment(),
                    first.experiments(),
                    i > 0));
        }
        TreeSet<String> flags = new TreeSet<>(sessions.flags(f.members, Long.MAX_VALUE));
        List<Promise> promises = promisesOf(f.members, flags);
        return new Issue(
                "i-" + customerId + "-"
                        + f.contacting.stream()
                                .map(t -> Hash128.of(t.touchpointId()))
                                .min(Comparator.naturalOrder())
                                .orElseThrow()
                                .hex(16),
                customerId,
                first(SessionizeOracle.sorted(f.members, Touchpoint::topic)),
                first(SessionizeOracle.sorted(f.members, Touchpoint::caseId)),
                false,
                asOf >= f.last().end + config.issue().repeatWindowMs(),
                resolved,
                f.members.stream()
                        .noneMatch(t -> t.outcome() != null
                                && config.issue().notResolvableOutcomes().contains(t.outcome())),
                start,
                last.eventTime(),
                SessionizeOracle.sorted(
                        f.members.stream().filter(t -> !t.outbound()).toList(), Touchpoint::channel),
                contacts,
                sessions.handoffs(f.members),
                channelSwitches(f.members),
                sessions.reAsks(f.members),
                f.members.stream()
                        .filter(t -> !ofTheCustomer(t))
                        .filter(t -> "agent".equals(t.actor())
                                || (t.kind().endsWith("_answered")
                                        && !List.of("bot", "system").contains(String.valueOf(t.actor()))))
                        .findFirst()
                        .map(t -> t.eventTime() - start)
                        .orElse(null),
                resolved ? f.members.get(resolution).eventTime() - start : null,
                silence(f),
                promises,
                reopened(f),
                List.copyOf(flags),
                0);
    }

    private static String first(List<String> sorted) {
        return sorted.isEmpty() ? null : sorted.get(0);
    }

    private static int channelSwitches(List<Touchpoint> members) {
        List<String> inbound = members.stream()
                .filter(t -> !t.outbound())
                .map(Touchpoint::channel)
                .toList();
        int switches = 0;
        for (int i = 1; i < inbound.size(); i++) {
            switches += inbound.get(i).equals(inbound.get(i - 1)) ? 0 : 1;
        }
        return switches;
    }

    /** Stretch by stretch in which it was open: between words of the company, and on to where the stretch ends. */
    private long silence(Found f) {
        long longest = 0;
        boolean open = false;
        long word = 0;
        long end = 0;
        for (Touchpoint t : f.members) {
            end = t.eventTime();
            if (!open && f.firsts.contains(t)) {
                open = true;
                word = end;
            }
            if (open && (ofTheCompany(t) || resolves(t))) {
                longest = Math.max(longest, end - word);
                word = end;
                open = !resolves(t);
            }
        }
        return open ? Math.max(longest, end - word) : longest;
    }

    private static boolean ofTheCompany(Touchpoint t) {
        return t.outbound()
                || (!ofTheCustomer(t) && ("agent".equals(t.actor()) || "bot".equals(t.actor())))
                || t.kind().endsWith("_answered");
    }

    private int reopened(Found f) {
        int reopened = 0;
        for (int i = 1; i < f.firsts.size(); i++) {
            int from = f.members.indexOf(f.firsts.get(i - 1));
            int to = f.members.indexOf(f.firsts.get(i));
            if (f.members.subList(from, to).stream().anyMatch(this::resolves)) {
                reopened++;
            }
        }
        return reopened;
    }

    private List<Promise> promisesOf(List<Touchpoint> members, Set<String> flags) {
        List<Touchpoint> made = new ArrayList<>();
        Map<Touchpoint, Long> due = new HashMap<>();
        Map<Touchpoint, Long> kept = new HashMap<>();
        Set<Touchpoint> broken = new HashSet<>();
        for (Touchpoint t : members.stream().filter(IssueOracle::promises).toList()) {
            String name = t.properties().get("promise");
            if (t.kind().equals("promise_made")) {
                made.add(t);
                due.put(t, due(t, flags));
                continue;
            }
            Touchpoint meant = made.stream()
                    .filter(m -> !kept.containsKey(m) && !broken.contains(m))
                    .filter(m -> name == null || name.equals(m.properties().get("promise")))
                    .findFirst()
                    .orElse(null);
            if (meant == null) {
                flags.add("unknown_promise");
            } else if (t.kind().equals("promise_kept")) {
                kept.put(meant, t.eventTime());
            } else if (t.kind().equals("promise_broken")) {
                broken.add(meant);
            } else if (due(t, flags) != null) {
                due.put(meant, due(t, flags));
            }
        }
        return made.stream()
                .map(m -> new Promise(
                        m.touchpointId(),
                        m.properties().get("promise"),
                        m.eventTime(),
                        due.get(m),
                        kept.get(m),
                        broken.contains(m),
                        standing(due.get(m), kept.get(m), broken.contains(m))))
                .toList();
    }

    private Promise.Status standing(Long due, Long kept, boolean broken) {
        Long overdue = due == null ? null : Long.valueOf(due + config.issue().promiseGraceMs());
        if (broken || (overdue != null && (kept != null ? kept > overdue : overdue <= asOf))) {
            return Promise.Status.BROKEN;
        }
        return kept != null ? Promise.Status.KEPT : Promise.Status.OPEN;
    }

    private static Long due(Touchpoint t, Set<String> flags) {
        String text = t.properties().get("due");
        if (text == null) {
            return null;
        }
        try {
            return text.matches("[0-9]+")
                    ? Long.valueOf(text)
                    : Long.valueOf(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | NumberFormatException e) {
            flags.add("unreadable_due");
            return null;
        }
    }
}
