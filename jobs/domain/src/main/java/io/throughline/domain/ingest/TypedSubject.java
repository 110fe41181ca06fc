package io.throughline.domain.ingest;

import io.throughline.domain.stitch.Subject;
import io.throughline.domain.touchpoint.Identifier;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads what a person types to name something: {@code type:value} for an identifier, normalised and pseudonymised as
 * ingest does; {@code type:#HEX} for one that is a pseudonym already; anything else, and {@code touchpoint:ID}, for a
 * touchpoint. May be shared by threads.
 */
public final class TypedSubject {

    private static final Pattern PSEUDONYM = Pattern.compile("#[0-9a-f]{32}");
    private static final String TOUCHPOINT = "touchpoint";

    private final IdentifierNormaliser normaliser;
    private final Set<String> personal = new HashSet<>();

    public TypedSubject(IngestConfig config, PhoneNumbers phoneNumbers) {
        this.normaliser = new IdentifierNormaliser(config, phoneNumbers);
        for (IdentifierRule rule : config.identifiers()) {
            if (rule.personal()) {
                personal.add(rule.name());
            }
        }
    }

    public Subject read(String text) {
        int colon = text.indexOf(':');
        String type = colon < 1 ? null : Cleaning.name(text.substring(0, colon));
        String value = text.substring(colon + 1);
        if (type == null || !(normaliser.knows(type) || type.equals(TOUCHPOINT))) {
            return new Subject.TouchpointId(text);
        }
        if (!normaliser.knows(type)) {
            return new Subject.TouchpointId(value);
        }
        if (isPersonal(type) && PSEUDONYM.matcher(value).matches()) {
            return new Subject.Known(new Identifier(type, value.substring(1)));
        }
        Identifier identifier = normaliser.normalise(type, value);
        return identifier == null ? new Subject.Nobody(type) : new Subject.Known(identifier);
    }

    /** The identifier in the form in which it can be typed again. */
    public String write(Identifier identifier) {
        return identifier.type() + (isPersonal(identifier.type()) ? ":#" : ":") + identifier.value();
    }

    /** Types that are not configured, where they are kept, are taken for personal. */
    private boolean isPersonal(String type) {
        return personal.contains(type) || !normaliser.knows(type);
    }
}
