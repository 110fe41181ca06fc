package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Issue.Contact;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the issues on a timeline. Touchpoints are of one subject when they share a topic or a case, also by way of others
 * that name both; on a conversation channel one that names neither is of the conversation it is in the midst of. Within a
 * subject a contact within the repeat window after the end of the one before is of the same issue; what the company says and
 * does is of the issue it follows.
 */
final class IssueWalk {
    private static final String ANSWERED = "_answered";
    private static final String ENDED = "_ended";
    private static final String ABANDONED = "abandoned";
    private static final String TRANSFER = "transfer";
    private static final Set<String> NOTED = Set.of("complaint", "visit");

    private final SessionizeConfig config;
    private final String customerId;
    private final Map<String, String> subjects = new HashMap<>();
    private final Map<String, Found> latest = new HashMap<>();

    /** Channel to the contact that last named its subject on it. */
    private final Map<String, OpenContact> conversations = new HashMap<>();

    private final List<Found> found = new ArrayList<>();

    /** The one named last: mostly the next names the same. */
    private @Nullable String lastTopic;

    private String subjectOfLastTopic = "";

    /** Finds all issues of touchpoints in order of event time, then id. */
    IssueWalk(SessionizeConfig config, String customerId, List<Held> timeline) {
        this.config = config;
        this.customerId = customerId;
        for (Held held : timeline) {
            Touchpoint touchpoint = held.touchpoint();
            if (touchpoint.topic() != null && touchpoint.caseId() != null) {
                join(ofTopic(touchpoint.topic()), ofCase(touchpoint.caseId()));
            }
        }
        for (Held held : timeline) {
            take(held);
        }
    }

    /** Whether it can go on with this touchpoint: not if that makes one subject of two. */
    boolean goesOnWith(Touchpoint touchpoint) {
        return touchpoint.topic() == null
                || touchpoint.caseId() == null
                || root(ofTopic(touchpoint.topic())).equals(root(ofCase(touchpoint.caseId())));
    }

    /**
     * Takes the next touchpoint by event time, then id.
     *
     * @return the issue it is of; null: of none
     */
    @Nullable
    Found take(Held held) {
        if (held.issueOver()) {
            return null;
        }
        String subject = subject(held.touchpoint());
        return subject != null ? add(root(subject), held) : overhear(held);
    }

    static boolean concerns(Touchpoint touchpoint) {
        return touchpoint.topic() != null || touchpoint.caseId() != null;
    }

    List<Found> found() {
        return found;
    }

    private @Nullable String subject(Touchpoint touchpoint) {
        if (touchpoint.topic() != null) {
            return ofTopic(touchpoint.topic());
        }
        return touchpoint.caseId() == null ? null : ofCase(touchpoint.caseId());
    }

    private String ofTopic(String named) {
        if (!named.equals(lastTopic)) {
            lastTopic = named;
            subjectOfLastTopic = "topic " + named;
        }
        return subjectOfLastTopic;
    }

    private static String ofCase(String named) {
        return "case " + named;
    }

    private String root(String subject) {
        String root = subject;
        for (String next = subjects.get(root); next != null; next = subjects.get(root)) {
            root = next;
        }
        return root;
    }

    private void join(String one, String other) {
        String a = root(one);
        String b = root(other);
        if (!a.equals(b)) {
            subjects.put(a, b);
        }
    }

    private @Nullable Found add(String subject, Held held) {
        Touchpoint touchpoint = held.touchpoint();
        Found issue = latest.get(subject);
        Found open = issue == null || issue.isQuietAt(touchpoint.eventTime()) ? null : issue;
        if (isContact(touchpoint) && (open == null || !open.isWrittenUp(touchpoint))) {
            issue = open;
            if (issue == null) {
                issue = new Found();
                found.add(issue);
                latest.put(subject, issue);
            }
            issue.contact(held);
            conversations.put(touchpoint.channel(), issue.lastContact());
            return issue;
        }
        if (issue == null || !issue.isFollowedBy(touchpoint)) {
            return null;
        }
        issue.add(held);
        return issue;
    }

    /** What names no subject never begins a contact, it only goes on with one. */
    private @Nullable Found overhear(Held held) {
        Touchpoint touchpoint = held.touchpoint();
        OpenContact contact = conversations.get(touchpoint.channel());
        if (contact == null
                || !config.handoffChannels().contains(touchpoint.channel())
                || !contact.issue.goesOn(contact, touchpoint)) {
            return null;
        }
        Found issue = contact.issue;
        if (isContact(touchpoint) && !issue.isWrittenUp(touchpoint)) {
            issue.contact(held);
        } else {
            issue.add(held);
        }
        return issue;
    }

    /** Agents, bots and systems do not turn to the company; but that one is answered means that somebody asked. */
    private boolean isContact(Touchpoint touchpoint) {
        return !touchpoint.outbound()
                && config.issue().contactKinds().contains(touchpoint.kind())
                && (touchpoint.actor() == null
                        || touchpoint.actor().equals("customer")
                        || touchpoint.kind().endsWith(ANSWERED)
                        || isNoted(touchpoint));
    }

    /** The customer's doing, written down by somebody else: a shop assistant, whoever opens the letters. */
    private static boolean isNoted(Touchpoint touchpoint) {
        String actor = touchpoint.actor();
        return actor != null
                && !touchpoint.outbound()
                && NOTED.contains(touchpoint.kind())
                && !actor.equals("customer");
    }

    private boolean resolves(Touchpoint touchpoint) {
        return touchpoint.kind().equals("case_resolved")
                || (touchpoint.outcome() != null
                        && config.issue().resolvedOutcomes().contains(touchpoint.outcome()));
    }

    private static boolean isOfTheCompany(Touchpoint touchpoint) {
        return touchpoint.outbound()
                || ((isOf("agent", touchpoint) || isOf("bot", touchpoint)) && !isNoted(touchpoint))
                || touchpoint.kind().endsWith(ANSWERED);
    }

    /** Whoever answers a queue is taken for a person unless named a machine. */
    private static boolean isOfAPerson(Touchpoint touchpoint) {
        return (isOf("agent", touchpoint) && !isNoted(touchpoint))
                || (touchpoint.kind().endsWith(ANSWERED) && !isOf("bot", touchpoint) && !isOf("system", touchpoint));
    }

    private static boolean isOf(String actor, Touchpoint touchpoint) {
        return actor.equals(touchpoint.actor());
    }

    /** A contact while it is walked. */
    private static final class OpenContact {
        final Found issue;
        final Touchpoint first;
        String channel;
        long end;
        boolean over;
        boolean passedOn;
        private @Nullable Contact said;

        OpenContact(Found issue, Touchpoint first) {
            this.issue = issue;
            this.first = first;
            this.channel = first.channel();
            this.end = first.eventTime();
        }

        /** The same as before if it has not gone on: most contacts of an issue are long over. */
        Contact said(boolean repeat) {
            Contact before = said;
            if (before != null && before.end() == end) {
                return before;
            }
            Contact now = new Contact(
                    first.touchpointId(),
                    first.eventTime(),
                    end,
                    first.channel(),
                    first.touchpoint(),
                    first.stage(),
                    first.location(),
                    first.product(),
                    first.segment(),
                    first.experiments(),
                    repeat);
            said = now;
            return now;
        }
    }

    /** An issue while it is walked. */
    final class Found {
        final List<Held> members = new ArrayList<>();

        /** The id it was last published under. */
        @Nullable
        String saidAs;

        private final List<OpenContact> contacts = new ArrayList<>();
        private final Handoffs handoffs = new Handoffs(config.handoffChannels());
        private final ReAsks reAsks = new ReAsks(config.reAskKinds());
        private final Contradictions contradictions = new Contradictions(config.reversalKinds());
        private final Promises promises = new Promises();
        private final SortedSet<String> channels = new TreeSet<>();
        private @Nullable Hash128 smallest;
        private @Nullable String topic;
        private @Nullable String caseId;
        private @Nullable String inboundChannel;
        private @Nullable Long firstResponse;
        private long start;
        private long lastWord;
        private long last;
        private long resolvedAt = Long.MIN_VALUE;
        private long silenceBeforeResolution;
        private long longestSilence;
        private boolean resolvable = true;
        private int channelSwitches;
        private int reopened;

        /** Event time of the last that happened in the last contact. */
        long contactEnd() {
            return lastContact().end;
        }

        OpenContact lastContact() {
            return contacts.get(contacts.size() - 1);
        }

        /** A resolution or a promise whenever it comes, anything else while the issue is not quiet. */
        boolean isFollowedBy(Touchpoint touchpoint) {
            return resolves(touchpoint) || Promises.concerns(touchpoint) || !isQuietAt(touchpoint.eventTime());
        }

        /** Whether the repeat window has passed: a contact begins another issue. */
        boolean isQuietAt(long time) {
            return time > contactEnd() + config.issue().repeatWindowMs();
        }

        void contact(Held held) {
            Touchpoint touchpoint = held.touchpoint();
            OpenContact current = contacts.isEmpty() ? null : lastContact();
            if (current == null) {
                start = touchpoint.eventTime();
                lastWord = start;
            }
            if (current == null || !continues(current, touchpoint)) {
                if (isResolved()) {
                    reopened++;
                    resolvedAt = Long.MIN_VALUE;
                    // Nobody owed a word while it was resolved.
                    longestSilence = silenceBeforeResolution;
                    lastWord = touchpoint.eventTime();
                }
                contacts.add(new OpenContact(this, touchpoint));
            } else {
                current.channel = touchpoint.channel();
                current.end = touchpoint.eventTime();
                current.passedOn = false;
                current.over = false;
            }
            if (smallest == null || held.hash.compareTo(smallest) < 0) {
                smallest = held.hash;
            }
            add(held);
        }

        /** Whether this contact goes on with a touchpoint: not once another has begun. */
        boolean goesOn(OpenContact contact, Touchpoint touchpoint) {
            return contact == lastContact() && continues(contact, touchpoint);
        }

        /** Noted during the last contact or right after it, on its channel: what was said in it. */
        boolean isWrittenUp(Touchpoint next) {
            OpenContact current = lastContact();
            return isNoted(next)
                    && next.channel().equals(current.channel)
                    && next.eventTime() <= current.end + config.gap(current.channel);
        }

        /** Before the channel's gap: on the same channel or after a bot and nobody hung up, or passed on by a transfer. */
        private boolean continues(OpenContact current, Touchpoint next) {
            if (next.eventTime() > current.end + config.gap(current.channel)) {
                return false;
            }
            return current.passedOn
                    || (!current.over && (next.channel().equals(current.channel) || current.channel.equals("bot")));
        }

        void add(Held held) {
            Touchpoint touchpoint = held.touchpoint();
            members.add(held);
            handoffs.add(touchpoint);
            last = touchpoint.eventTime();
            if (touchpoint.topic() != null
                    && (topic == null || touchpoint.topic().compareTo(topic) < 0)) {
                topic = touchpoint.topic();
            }
            if (touchpoint.caseId() != null
                    && (caseId == null || touchpoint.caseId().compareTo(caseId) < 0)) {
                caseId = touchpoint.caseId();
            }
            if (!touchpoint.outbound()) {
                if (inboundChannel != null && !inboundChannel.equals(touchpoint.channel())) {
                    channelSwitches++;
                }
                inboundChannel = touchpoint.channel();
                channels.add(inboundChannel);
            }
            if (touchpoint.outcome() != null
                    && config.issue().notResolvableOutcomes().contains(touchpoint.outcome())) {
                resolvable = false;
            }
            reAsks.add(touchpoint);
            contradictions.add(touchpoint);
            promises.add(touchpoint, contradictions);
            follow(touchpoint);
            listen(touchpoint);
            if (resolves(touchpoint) && !isResolved()) {
                resolvedAt = touchpoint.eventTime();
                silenceBeforeResolution = Math.max(longestSilence, resolvedAt - lastWord);
            }
        }

        /** What happens on the channel of a contact before its gap has passed is part of it. */
        private void follow(Touchpoint touchpoint) {
            OpenContact current = lastContact();
            boolean transfer = touchpoint.kind().equals(TRANSFER);
            if ((transfer || touchpoint.channel().equals(current.channel))
                    && touchpoint.eventTime() <= current.end + config.gap(current.channel)) {
                boolean givenUp = touchpoint.kind().endsWith("_" + ABANDONED) || ABANDONED.equals(touchpoint.outcome());
                current.end = touchpoint.eventTime();
                // A leg of a call ends because of a transfer; who gives up meanwhile is nobody's any more.
                current.passedOn = (current.passedOn || transfer) && !givenUp;
                current.over |= givenUp || touchpoint.kind().endsWith(ENDED);
            }
        }

        private void listen(Touchpoint touchpoint) {
            if (isOfTheCompany(touchpoint)) {
                longestSilence = Math.max(longestSilence, touchpoint.eventTime() - lastWord);
                lastWord = touchpoint.eventTime();
                if (firstResponse == null && isOfAPerson(touchpoint)) {
                    firstResponse = touchpoint.eventTime() - start;
                }
            }
        }

        String issueId() {
            if (smallest == null) {
                throw new IllegalStateException("an issue has a contact");
            }
            return "i-" + customerId + "-" + HexFormat.of().toHexDigits(smallest.high());
        }

        /** Since the last contact began. */
        private boolean isResolved() {
            return resolvedAt > Long.MIN_VALUE;
        }

        Issue issue(long now) {
            boolean resolved = isResolved();
            List<Contact> said = new ArrayList<>(contacts.size());
            for (OpenContact contact : contacts) {
                said.add(contact.said(!said.isEmpty()));
            }
            return new Issue(
                    issueId(),
                    customerId,
                    topic,
                    caseId,
                    false,
                    now >= contactEnd() + config.issue().repeatWindowMs(),
                    resolved,
                    resolvable,
                    start,
                    last,
                    List.copyOf(channels),
                    said,
                    handoffs.kinds(),
                    channelSwitches,
                    reAsks.count(),
                    firstResponse,
                    resolved ? resolvedAt - start : null,
                    resolved ? silenceBeforeResolution : Math.max(longestSilence, last - lastWord),
                    promises.asOf(now, config.issue().promiseGraceMs()),
                    reopened,
                    contradictions.flags(),
                    0);
        }
    }
}
