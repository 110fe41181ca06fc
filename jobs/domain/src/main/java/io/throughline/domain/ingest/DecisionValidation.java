package io.throughline.domain.ingest;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says which of people's decisions can be held to, and brings their identifiers into the form touchpoints have them in.
 * A pure function of what was sent, the time it was received and the configuration; may be shared by threads.
 *
 * <p>No problem it reports quotes a value: it may be personal.
 */
public final class DecisionValidation {

    /** Stands before a value that is a pseudonym already, where people name identifiers. */
    public static final char PSEUDONYM_MARK = '#';

    private static final String VERDICTS = Arrays.stream(Decision.Verdict.values())
            .map(DecisionValidation::word)
            .sorted()
            .collect(Collectors.joining(", "));

    private final IngestConfig ingest;
    private final NamedIdentifiers identifiers;

    public DecisionValidation(IngestConfig ingest, StitchConfig stitch, PhoneNumbers phoneNumbers) {
        this.ingest = ingest;
        this.identifiers = new NamedIdentifiers(
                ingest,
                stitch,
                phoneNumbers,
                EnumSet.of(Scope.PERSON),
                RejectReason.IMPOSSIBLE_DECISION,
                "only persons can be decided on");
    }

    /**
     * Why something is no decision.
     *
     * @param field of the decision, in the schema's words, for example {@code other} or {@code reason}
     * @param text what is wrong with it, and what would be right
     */
    public record Problem(RejectReason reason, String field, String text) {
        @Override
        public String toString() {
            return field + ": " + text;
        }
    }

    /** The decision, or everything that is wrong with it. */
    public record Checked(@Nullable Decision decision, List<Problem> problems) {

        /**
         * As a record that cannot count: the reason of the first problem, all of them in words.
         *
         * @throws IllegalStateException where there is no problem
         */
        public Refused refused() {
            return Refused.because(problems);
        }
    }

    /** One as people write it: values raw, or pseudonyms after a {@value #PSEUDONYM_MARK}. */
    public Checked typed(RawDecision raw) {
        return new Check(raw, null, true).result();
    }

    /**
     * One as the control topic holds it: the values of personal types are pseudonyms.
     *
     * @param receivedTime timestamp of the Kafka record, epoch milliseconds; a decision cannot be effective from a time
     *     later than that by more than the allowed skew, or no later word could ever overrule it
     */
    public Checked published(RawDecision raw, long receivedTime) {
        return new Check(raw, receivedTime, false).result();
    }

    /** One decision's worth of checking. */
    private final class Check {
        private final List<Problem> problems = new ArrayList<>();
        private final Decision.@Nullable Verdict verdict;
        private final @Nullable Identifier one;
        private final @Nullable Identifier other;
        private final @Nullable Long effectiveFrom;
        private final @Nullable String reason;
        private final @Nullable String author;

        Check(RawDecision raw, @Nullable Long receivedTime, boolean typed) {
            this.verdict = verdict(raw.verdict());
            this.one = identifiers.read("one", raw.one(), typed, this::problem);
            this.other = identifiers.read("other", raw.other(), typed, this::problem);
            if (one != null && one.equals(other)) {
                problem(RejectReason.IMPOSSIBLE_DECISION, "other", "is the same identifier as one; name two");
            }
            this.effectiveFrom = effectiveFrom(raw.effectiveFrom(), receivedTime);
            this.reason = NamedIdentifiers.reason(raw.reason(), this::problem);
            this.author = NamedIdentifiers.author(raw.author(), this::problem);
        }

        Checked result() {
            if (!problems.isEmpty()
                    || verdict == null
                    || one == null
                    || other == null
                    || effectiveFrom == null
                    || reason == null) {
                return new Checked(null, List.copyOf(problems));
            }
            Decision decision = new Decision(verdict, one, other, effectiveFrom, reason, author == null ? "" : author);
            return new Checked(decision, List.of());
        }

        private Decision.@Nullable Verdict verdict(@Nullable String sent) {
            String clean = Cleaning.name(sent);
            if (clean == null) {
                missing("verdict");
                return null;
            }
            for (Decision.Verdict known : Decision.Verdict.values()) {
                if (word(known).equals(clean)) {
                    return known;
                }
            }
            invalid("verdict", Refused.quote(clean) + " is none of " + VERDICTS);
            return null;
        }

        private @Nullable Long effectiveFrom(@Nullable Long millis, @Nullable Long receivedTime) {
            if (millis == null) {
                missing("effective_from");
                return null;
            }
            String implausible = PlausibleTime.problem(millis, ingest.earliestTime());
            if (implausible != null) {
                invalid("effective_from", implausible);
            } else if (receivedTime != null && millis - receivedTime > ingest.allowedSkewMs()) {
                problem(
                        RejectReason.FUTURE_EVENT_TIME,
                        "effective_from",
                        Instant.ofEpochMilli(millis) + " is later than the received time "
                                + Instant.ofEpochMilli(receivedTime) + " by more than " + ingest.allowedSkewMs()
                                + " ms");
            }
            return millis;
        }

        private void missing(String field) {
            problem(RejectReason.MISSING_FIELD, field, "required, but absent or blank");
        }

        private void invalid(String field, String text) {
            problem(RejectReason.INVALID_VALUE, field, text);
        }

        private void problem(RejectReason why, String field, String text) {
            problems.add(new Problem(why, field, text));
        }
    }

    /**
     * The value of a decision's identifier as a person may write it: a pseudonym after the
     * {@value #PSEUDONYM_MARK}.
     */
    public static String typed(Identifier identifier, IngestConfig ingest) {
        boolean personal = ingest.identifiers().stream()
                .filter(rule -> rule.name().equals(identifier.type()))
                .findAny()
                .map(IdentifierRule::personal)
                .orElse(true);
        return personal ? PSEUDONYM_MARK + identifier.value() : identifier.value();
    }

    /** As documents have it. */
    public static String word(Decision.Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
