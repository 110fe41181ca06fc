package io.throughline.domain.ingest;

import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.IdentifierType;
import io.throughline.domain.stitch.Scope;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings identifiers that people name outside of touchpoints into the form touchpoints have them in. */
final class NamedIdentifiers {

    /** A node holds what people say of its identifier for ever. */
    private static final int LONGEST_REASON = 1000;

    private static final int LONGEST_NAME = 256;
    private static final Pattern PSEUDONYM = Pattern.compile("[0-9a-f]{32}");

    /** Takes down what is wrong with a field. */
    interface Problems {
        void add(RejectReason reason, String field, String text);
    }

    private final IngestConfig ingest;
    private final StitchConfig stitch;
    private final IdentifierNormaliser normaliser;
    private final Set<Scope> scopes;
    private final RejectReason impossible;
    private final String rule;

    /**
     * @param scopes what identifiers can be named
     * @param impossible the reason of those that cannot
     * @param rule the same in words, after {@code and}
     */
    NamedIdentifiers(
            IngestConfig ingest,
            StitchConfig stitch,
            PhoneNumbers phoneNumbers,
            Set<Scope> scopes,
            RejectReason impossible,
            String rule) {
        this.ingest = ingest;
        this.stitch = stitch;
        this.normaliser = new IdentifierNormaliser(ingest, phoneNumbers);
        this.scopes = scopes;
        this.impossible = impossible;
        this.rule = rule;
    }

    /** @param typed whether values may be raw, and pseudonyms bear a {@value DecisionValidation#PSEUDONYM_MARK} */
    @Nullable
    Identifier read(String field, @Nullable Identity sent, boolean typed, Problems problems) {
        if (sent == null) {
            missing(field, problems);
            return null;
        }
        String type = Cleaning.name(sent.type());
        if (type == null) {
            missing(field + ".type", problems);
            return null;
        }
        if (!canBeNamed(field, type, problems)) {
            return null;
        }
        String value = Cleaning.text(sent.value());
        if (value == null) {
            missing(field + ".value", problems);
            return null;
        }
        boolean marked = typed && value.charAt(0) == DecisionValidation.PSEUDONYM_MARK;
        return normaliser.isPersonal(type) && (marked || !typed)
                ? pseudonym(field, type, marked ? value.substring(1) : value, typed, problems)
                : normal(field, type, value, problems);
    }

    private boolean canBeNamed(String field, String type, Problems problems) {
        boolean kept = ingest.unknownIdentifierType() == IngestConfig.UnknownIdentifierType.KEEP;
        if (!normaliser.knows(type) && !(kept && type.length() <= LONGEST_NAME)) {
            problems.add(
                    impossible, field, Refused.quote(type) + " is not a configured type; " + scopesInWords() + types());
            return false;
        }
        IdentifierType known = stitch.types().get(type);
        if (known != null && !scopes.contains(known.scope())) {
            problems.add(
                    impossible,
                    field,
                    "a " + type + " names a " + known.scope().name().toLowerCase(Locale.ROOT) + ", and " + rule + "; "
                            + scopesInWords() + types());
            return false;
        }
        return true;
    }

    private String scopesInWords() {
        return scopes.stream()
                .map(scope -> scope.name().toLowerCase(Locale.ROOT) + "s")
                .collect(Collectors.joining(" and ", "types of ", " are "));
    }

    private String types() {
        return stitch.types().values().stream()
                .filter(type -> scopes.contains(type.scope()))
                .map(IdentifierType::name)
                .collect(Collectors.joining(", "));
    }

    private static @Nullable Identifier pseudonym(
            String field, String type, String value, boolean typed, Problems problems) {
        String pseudonym = value.toLowerCase(Locale.ROOT);
        if (!PSEUDONYM.matcher(pseudonym).matches()) {
            problems.add(
                    RejectReason.INVALID_VALUE,
                    field,
                    typed
                            ? "what follows " + DecisionValidation.PSEUDONYM_MARK
                                    + " must be a pseudonym, 32 hexadecimal digits"
                            : "values of type " + type + " are personal and must be pseudonyms, 32 hexadecimal digits");
            return null;
        }
        return new Identifier(type, pseudonym);
    }

    private @Nullable Identifier normal(String field, String type, String value, Problems problems) {
        List<Remark> remarks = new ArrayList<>();
        Identifier normal = normaliser.normalise(type, value, remarks);
        if (normal == null) {
            problems.add(
                    RejectReason.INVALID_VALUE,
                    field,
                    remarks.contains(Remark.BLOCKED_IDENTIFIER)
                            ? "the value is a placeholder that names nobody, by ingest.blocked_values or"
                                    + " ingest.blocked_patterns"
                            : "the value cannot be " + normaliser.describe(type));
        }
        return normal;
    }

    /** Why somebody says something, cleaned; null: not said, or not in a form that can be kept. */
    static @Nullable String reason(@Nullable String sent, Problems problems) {
        String reason = Cleaning.text(sent);
        if (reason == null) {
            missing("reason", problems);
        } else if (reason.length() > LONGEST_REASON) {
            tooLong("reason", reason, LONGEST_REASON, problems);
        }
        return reason;
    }

    /** Who says it, cleaned; null: nobody was named. */
    static @Nullable String author(@Nullable String sent, Problems problems) {
        String author = Cleaning.text(sent);
        if (author != null && author.length() > LONGEST_NAME) {
            tooLong("author", author, LONGEST_NAME, problems);
        }
        return author;
    }

    private static void tooLong(String field, String text, int most, Problems problems) {
        problems.add(
                RejectReason.INVALID_VALUE,
                field,
                "has " + text.length() + " characters, at most " + most + " are kept");
    }

    static void missing(String field, Problems problems) {
        problems.add(RejectReason.MISSING_FIELD, field, "required, but absent or blank");
    }
}
