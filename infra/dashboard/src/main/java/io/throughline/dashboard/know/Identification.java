package io.throughline.dashboard.know;

import io.throughline.domain.ingest.IdentifierRule;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.PhoneNumbers;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Subject;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what somebody types what ingest made of it when it arrived: normalised, and a pseudonym where it is personal.
 * Thread-safe.
 */
public final class Identification {

    private final TypedSubject typed;
    private final List<String> types = new ArrayList<>();

    public Identification(IngestConfig config, PhoneNumbers phoneNumbers) {
        this.typed = new TypedSubject(config, phoneNumbers);
        config.identifiers().stream().map(IdentifierRule::name).forEach(types::add);
    }

    /** Types of identifiers, strongest first. */
    public List<String> types() {
        return List.copyOf(types);
    }

    /**
     * What it may be: of the type if one is named, before the value or apart, otherwise of any type that takes it.
     *
     * @param type null: any
     */
    public List<Identifier> of(@Nullable String type, String text) {
        Set<Identifier> found = new LinkedHashSet<>();
        String value = text.strip();
        if (type != null) {
            read(type + ":" + value, found);
        } else {
            read(value, found);
            if (found.isEmpty()) {
                types.forEach(each -> read(each + ":" + value, found));
            }
        }
        return List.copyOf(found);
    }

    private void read(String text, Set<Identifier> found) {
        if (typed.read(text) instanceof Subject.Known known) {
            found.add(known.identifier());
        }
    }

    /** The identifier in the form in which it can be typed again. */
    public String written(Identifier identifier) {
        return typed.write(identifier);
    }
}
