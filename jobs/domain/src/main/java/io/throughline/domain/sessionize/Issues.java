package io.throughline.domain.sessionize;

import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is said of a customer's issues, and what has become of it. */
final class Issues implements Serializable {
    private static final long serialVersionUID = 1;

    private final SessionizeConfig config;

    Issues(SessionizeConfig config) {
        this.config = config;
    }

    /**
     * Says how the issues on the timeline differ from those said before. Goes on from where it was before if nothing
     * changed up to there.
     */
    void raise(CustomerState state, List<Held> counting, long now, List<SessionizeOutput> out) {
        if (state.issues.isEmpty() && !state.tally(config).namesSubjects()) {
            return;
        }
        Set<IssueWalk.Found> touched = goOn(state, counting);
        Map<String, Issue> before = new TreeMap<>();
        if (touched == null) {
            IssueWalk walk = new IssueWalk(config, state.customerId, counting);
            state.issuesWalked = walk;
            touched = new LinkedHashSet<>(walk.found());
            before.putAll(state.issues);
        } else {
            for (IssueWalk.Found found : touched) {
                Issue said = found.saidAs == null ? null : state.issues.get(found.saidAs);
                if (said != null) {
                    before.put(said.issueId(), said);
                }
            }
        }
        state.issuesWalkedCount = counting.size();
        Map<String, Issue> after = new TreeMap<>();
        for (IssueWalk.Found found : touched) {
            Issue issue = found.issue(now);
            found.saidAs = issue.issueId();
            after.put(issue.issueId(), issue);
        }
        after.forEach((id, issue) -> sayIssue(state, before.remove(id), issue, out));
        before.forEach((id, issue) -> {
            state.issues.remove(id);
            out.add(new SessionizeOutput.IssueDocument(issue.absorbed(state.nextRevision())));
            out.add(new SessionizeOutput.Raised(new IssueChange(issue, null)));
        });
    }

    /** The issues that what came at the end of the timeline is of; null: everything must be walked again. */
    private static @Nullable Set<IssueWalk.Found> goOn(CustomerState state, List<Held> counting) {
        IssueWalk walk = state.issuesWalked;
        if (walk == null || state.issuesWalkedCount > counting.size()) {
            return null;
        }
        Set<IssueWalk.Found> touched = new LinkedHashSet<>();
        for (Held held : counting.subList(state.issuesWalkedCount, counting.size())) {
            if (!walk.goesOnWith(held.touchpoint())) {
                return null;
            }
            IssueWalk.Found found = walk.take(held);
            if (found != null) {
                touched.add(found);
            }
        }
        return touched;
    }

    private static void sayIssue(CustomerState state, @Nullable Issue before, Issue next, List<SessionizeOutput> out) {
        if (before != null && next.as(before.revision()).equals(before)) {
            return;
        }
        Issue after = next.as(state.nextRevision());
        state.issues.put(after.issueId(), after);
        out.add(new SessionizeOutput.IssueDocument(after));
        out.add(new SessionizeOutput.Raised(new IssueChange(before, after)));
    }

    /** Makes verdicts final whose repeat window has passed, and breaks promises that are overdue. */
    void settle(CustomerState state, long now, List<SessionizeOutput> out) {
        List<Issue> due = new ArrayList<>();
        for (Issue issue : state.issues.values()) {
            if ((!issue.settled() && settlesAt(issue) <= now)
                    || issue.nextOverdue(config.issue().promiseGraceMs()) <= now) {
                due.add(issue);
            }
        }
        due.sort((a, b) -> a.issueId().compareTo(b.issueId()));
        for (Issue issue : due) {
            sayIssue(
                    state,
                    issue,
                    issue.asOf(now, settlesAt(issue), config.issue().promiseGraceMs()),
                    out);
        }
    }

    private long settlesAt(Issue issue) {
        return issue.contacts().get(issue.contacts().size() - 1).end()
                + config.issue().repeatWindowMs();
    }

    /** When event time next settles an issue or breaks a promise. */
    long dueAt(CustomerState state) {
        long due = Step.NEVER;
        for (Issue issue : state.issues.values()) {
            if (!issue.settled()) {
                due = Math.min(due, settlesAt(issue));
            }
            due = Math.min(due, issue.nextOverdue(config.issue().promiseGraceMs()));
        }
        return due;
    }

    /** Follows an issue no longer once its first contact can no longer be corrected; what was said of it stays. */
    void leave(CustomerState state, int settled, int gone) {
        if (state.issues.isEmpty()) {
            return;
        }
        Set<Held> leaving = new HashSet<>(state.timeline.subList(0, gone));
        List<Held> counting = state.timeline.subList(0, settled);
        for (IssueWalk.Found found : new IssueWalk(config, state.customerId, counting).found()) {
            if (leaving.contains(found.members.get(0))) {
                state.issues.remove(found.issueId());
                found.members.forEach(member -> member.setIssueOver(true));
            }
        }
    }
}
