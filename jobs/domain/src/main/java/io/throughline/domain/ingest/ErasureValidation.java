package io.throughline.domain.ingest;

import io.throughline.domain.ingest.DecisionValidation.Problem;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which erasures can be held to, and brings their identifiers into the form touchpoints have them in. A pure
 * function of what was sent and the configuration; may be shared by threads.
 *
 * <p>No problem it reports quotes a value: it may be personal.
 */
public final class ErasureValidation {

    /** The largest {@code erased_until}: whatever is received is erased, for ever. */
    public static final long FOR_GOOD = PlausibleTime.YEAR_2200 - 1;

    private final IngestConfig ingest;
    private final NamedIdentifiers identifiers;

    public ErasureValidation(IngestConfig ingest, StitchConfig stitch, PhoneNumbers phoneNumbers) {
        this.ingest = ingest;
        this.identifiers = new NamedIdentifiers(
                ingest,
                stitch,
                phoneNumbers,
                EnumSet.of(Scope.PERSON, Scope.DEVICE),
                RejectReason.IMPOSSIBLE_ERASURE,
                "only persons and devices can be erased");
    }

    /** The erasure, or everything that is wrong with it. */
    public record Checked(@Nullable Erasure erasure, List<Problem> problems) {

        /**
         * As a record that cannot count: the reason of the first problem, all of them in words.
         *
         * @throws IllegalStateException where there is no problem
         */
        public Refused refused() {
            return Refused.because(problems);
        }
    }

    /** One as people write it: values raw, or pseudonyms after a {@value DecisionValidation#PSEUDONYM_MARK}. */
    public Checked typed(RawErasure raw) {
        return check(raw, true);
    }

    /** One as the control topic holds it: the values of personal types are pseudonyms. */
    public Checked published(RawErasure raw) {
        return check(raw, false);
    }

    private Checked check(RawErasure raw, boolean typed) {
        List<Problem> problems = new ArrayList<>();
        NamedIdentifiers.Problems down = (reason, field, text) -> problems.add(new Problem(reason, field, text));
        Identifier identifier = identifiers.read("identifier", raw.identifier(), typed, down);
        Long until = raw.erasedUntil();
        if (until == null) {
            NamedIdentifiers.missing("erased_until", down);
        } else {
            String implausible = PlausibleTime.problem(until, ingest.earliestTime());
            if (implausible != null) {
                down.add(RejectReason.INVALID_VALUE, "erased_until", implausible);
            }
        }
        String reason = NamedIdentifiers.reason(raw.reason(), down);
        String author = NamedIdentifiers.author(raw.author(), down);
        if (!problems.isEmpty() || identifier == null || until == null || reason == null) {
            return new Checked(null, List.copyOf(problems));
        }
        return new Checked(new Erasure(identifier, until, reason, author == null ? "" : author), List.of());
    }
}
