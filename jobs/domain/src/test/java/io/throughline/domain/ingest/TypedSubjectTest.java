package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Subject;
import io.throughline.domain.touchpoint.Identifier;
import org.junit.jupiter.api.Test;

class TypedSubjectTest {

    private final TypedSubject subjects = new TypedSubject(IngestConfig.DEFAULTS, PhoneNumbers.NONE);

    @Test
    void a_value_is_written_as_ingest_writes_it() {
        Subject typed = subjects.read("E-Mail:ada@example.com");
        assertThat(typed).as("no such type").isEqualTo(new Subject.TouchpointId("E-Mail:ada@example.com"));

        Identifier ingested = new IdentifierNormaliser(IngestConfig.DEFAULTS, PhoneNumbers.NONE)
                .normalise("email", "ada@example.com");
        assertThat(subjects.read(" Email: Ada@Example.com ")).isEqualTo(new Subject.Known(ingested));
        assertThat(subjects.read(subjects.write(ingested))).isEqualTo(new Subject.Known(ingested));
    }

    @Test
    void what_is_not_personal_has_no_pseudonym() {
        Identifier cookie = new Identifier("cookie", "c-77");
        assertThat(subjects.read("cookie:c-77")).isEqualTo(new Subject.Known(cookie));
        assertThat(subjects.write(cookie)).isEqualTo("cookie:c-77");
    }

    @Test
    void a_touchpoint_may_be_named_as_one() {
        assertThat(subjects.read("t-1")).isEqualTo(new Subject.TouchpointId("t-1"));
        assertThat(subjects.read("touchpoint:email:1")).isEqualTo(new Subject.TouchpointId("email:1"));
        assertThat(subjects.read("urn:crm:7")).isEqualTo(new Subject.TouchpointId("urn:crm:7"));
    }

    @Test
    void a_placeholder_names_nobody() {
        assertThat(subjects.read("email:test@test.com")).isEqualTo(new Subject.Nobody("email"));
        assertThat(subjects.read("phone:12")).isEqualTo(new Subject.Nobody("phone"));
    }
}
