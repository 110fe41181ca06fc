package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Preview.Regrouped;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a change of rules would do, told before anybody does it. */
class PreviewTest {

    private static final StitchConfig DEFAULTS = StitchConfig.DEFAULTS;

    private final List<Touchpoint> touchpoints = new ArrayList<>();

    @Test
    void the_same_rules_change_nothing() {
        person(1);
        person(2);

        Preview preview = preview(DEFAULTS, DEFAULTS);

        assertThat(preview.changesNothing()).isTrue();
        assertThat(preview.customersBefore()).isEqualTo(2);
        assertThat(preview.customersAfter()).isEqualTo(2);
    }

    @Test
    void believing_fewer_customers_behind_a_phone_splits_who_met_there() {
        Identifier phone = id("phone", "family");
        touchpoint("t-1", id("customer_number", "k1"), phone);
        touchpoint("t-2", id("customer_number", "k2"), phone);
        touchpoint("t-3", phone, id("email", "ada@example.com"));
        touchpoint("t-4", id("email", "ada@example.com"));

        Preview preview = preview(DEFAULTS, with("phone", t -> maxCustomers(t, 1)));

        assertThat(preview.quarantined()).extracting(SuperNode::identifier).containsExactly(phone);
        assertThat(preview.split()).isEqualTo(new Regrouped(1, 2));
        assertThat(preview.merged()).isEqualTo(new Regrouped(0, 0));
        assertThat(preview.customersBefore()).isEqualTo(2);
        assertThat(preview.customersAfter()).isEqualTo(3);
        assertThat(preview.splits()).singleElement().satisfies(example -> {
            assertThat(example.survivor()).isEqualTo(CustomerIds.of(id("customer_number", "k1")));
            assertThat(example.others()).containsExactly(CustomerIds.of(id("email", "ada@example.com")));
            assertThat(example.evidence()).isNotEmpty().allSatisfy(deciding -> assertThat(deciding.refused())
                    .isEqualTo("phone:family is a super-node: seen with 2 values of unique types, more than 1"
                            + " (stitch.identifiers.phone.max_customers)"));
        });

        Preview back = preview(with("phone", t -> maxCustomers(t, 1)), DEFAULTS);
        assertThat(back.released()).extracting(SuperNode::identifier).containsExactly(phone);
        assertThat(back.merged()).isEqualTo(new Regrouped(2, 1));
        assertThat(back.merges()).singleElement().satisfies(example -> {
            assertThat(example.survivor()).isEqualTo(CustomerIds.of(id("customer_number", "k1")));
            assertThat(example.others()).containsExactly(CustomerIds.of(id("email", "ada@example.com")));
        });
    }

    @Test
    void making_email_unique_splits_customers_with_two() {
        Identifier number = id("customer_number", "k1");
        touchpoint("t-1", number, id("email", "ada@example.com"));
        touchpoint("t-2", number, id("email", "ada@work.example"));
        touchpoint("t-3", id("email", "ada@work.example"));
        person(7);

        Preview preview = preview(
                DEFAULTS,
                with(
                        "email",
                        t -> new IdentifierType(t.name(), t.priority(), true, 0, 0, t.scope(), t.maxCustomers())));

        assertThat(preview.split()).isEqualTo(new Regrouped(1, 2));
        assertThat(preview.touchpoints().moved()).isEqualTo(1);
        assertThat(preview.splits()).singleElement().satisfies(example -> {
            assertThat(example.touchpoints()).isEqualTo(3);
            assertThat(example.evidence()).singleElement().satisfies(deciding -> assertThat(deciding.refused())
                    .startsWith("two values of email: "));
        });
    }

    @Test
    void a_limit_says_which_rule_now_refuses() {
        Identifier number = id("customer_number", "k1");
        for (int i = 1; i <= 3; i++) {
            touchpoint("t-" + i, number, id("card_token", "card" + i));
            touchpoint("u-" + i, id("card_token", "card" + i));
        }

        Preview preview = preview(
                DEFAULTS,
                with(
                        "card_token",
                        t -> new IdentifierType(t.name(), t.priority(), false, 2, 0, t.scope(), t.maxCustomers())));

        assertThat(preview.split()).isEqualTo(new Regrouped(1, 2));
        assertThat(preview.splits().get(0).evidence())
                .extracting(Preview.Deciding::refused)
                .containsExactly("more than 2 values of card_token");
    }

    @Test
    void a_blocked_value_no_longer_joins_those_who_gave_it() {
        Identifier junk = id("email", "none@example.com");
        touchpoint("t-1", id("phone", "+491"), junk);
        touchpoint("t-2", id("phone", "+492"), junk);
        List<Touchpoint> withoutIt = touchpoints.stream()
                .map(t -> t.toBuilder()
                        .identifiers(t.identifiers().stream()
                                .filter(i -> !i.equals(junk))
                                .toList())
                        .build())
                .toList();

        Preview preview = Preview.of(
                Stitched.of(touchpoints, List.of(), DEFAULTS), Stitched.of(withoutIt, List.of(), DEFAULTS), 5);

        assertThat(preview.split()).isEqualTo(new Regrouped(1, 2));
        assertThat(preview.splits().get(0).evidence())
                .allSatisfy(deciding -> assertThat(deciding.refused()).contains("ingest leaves one of them out"));
    }

    @Test
    void a_kiosk_that_becomes_a_super_node_leaves_its_touchpoints_to_themselves() {
        Identifier kiosk = id("device_id", "kiosk");
        touchpoint("t-1", id("customer_number", "k1"), kiosk);
        touchpoint("t-2", id("customer_number", "k2"), kiosk);
        StitchConfig strict = with("device_id", t -> maxCustomers(t, 1));
        touchpoints.add(Touchpoint.of("night-1", 90_000_000, "web", "page_view")
                .identifiers(List.of(kiosk))
                .build());
        touchpoints.add(Touchpoint.of("night-2", 99_000_000, "web", "page_view")
                .identifiers(List.of(kiosk))
                .build());

        Preview preview = preview(DEFAULTS, strict);

        assertThat(preview.split()).isEqualTo(new Regrouped(1, 2));
        assertThat(preview.splits()).singleElement().satisfies(example -> {
            assertThat(example.evidence()).isEmpty();
            assertThat(example.superNodes()).extracting(SuperNode::identifier).containsExactly(kiosk);
        });
    }

    @Test
    void another_order_of_types_renames_and_merges_nobody() {
        touchpoint("t-1", id("email", "ada@example.com"), id("phone", "+491"));

        Preview preview = preview(
                DEFAULTS,
                new StitchConfig(
                        DEFAULTS.types().values().stream()
                                .map(t -> t.name().equals("phone")
                                        ? new IdentifierType("phone", 3, false, 0, 0, Scope.PERSON, 10)
                                        : t.name().equals("email")
                                                ? new IdentifierType("email", 4, false, 0, 0, Scope.PERSON, 10)
                                                : t)
                                .toList(),
                        DEFAULTS.maxLinks(),
                        DEFAULTS.maxComponentLinks(),
                        DEFAULTS.reattributionHorizonMs(),
                        DEFAULTS.gapMs(),
                        DEFAULTS.defaultGapMs()));

        assertThat(preview.renamed()).isEqualTo(1);
        assertThat(preview.touchpoints().moved()).isEqualTo(1);
        assertThat(preview.merged()).isEqualTo(new Regrouped(0, 0));
        assertThat(preview.split()).isEqualTo(new Regrouped(0, 0));
    }

    @Test
    void the_order_of_the_touchpoints_is_nowhere_in_the_result() {
        StitchConfig strict = RandomPeople.CONFIG;
        StitchConfig lax = new StitchConfig(
                strict.types().values().stream().map(t -> maxCustomers(t, 6)).toList(),
                20,
                strict.maxComponentLinks(),
                strict.reattributionHorizonMs(),
                strict.gapMs(),
                strict.defaultGapMs());
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            touchpoints.clear();
            touchpoints.addAll(RandomPeople.touchpoints(random, 40, 8));
            Preview preview = preview(strict, lax);
            Collections.shuffle(touchpoints, random);
            assertThat(preview(strict, lax)).as("seed %d", seed).isEqualTo(preview);
        }
    }

    private Preview preview(StitchConfig before, StitchConfig after) {
        return Preview.of(Stitched.of(touchpoints, List.of(), before), Stitched.of(touchpoints, List.of(), after), 5);
    }

    private void person(int number) {
        touchpoint("p-" + number, id("customer_number", "p" + number), id("email", "p" + number + "@example.com"));
    }

    private void touchpoint(String id, Identifier... identifiers) {
        touchpoints.add(Touchpoint.of(id, touchpoints.size(), "web", "page_view")
                .identifiers(List.of(identifiers))
                .build());
    }

    private static Identifier id(String type, String value) {
        return new Identifier(type, value);
    }

    private static IdentifierType maxCustomers(IdentifierType t, int most) {
        return new IdentifierType(
                t.name(), t.priority(), t.unique(), t.maxPerCustomer(), t.windowMs(), t.scope(), most);
    }

    private static StitchConfig with(String type, UnaryOperator<IdentifierType> change) {
        return new StitchConfig(
                DEFAULTS.types().values().stream()
                        .map(t -> t.name().equals(type) ? change.apply(t) : t)
                        .toList(),
                DEFAULTS.maxLinks(),
                DEFAULTS.maxComponentLinks(),
                DEFAULTS.reattributionHorizonMs(),
                DEFAULTS.gapMs(),
                DEFAULTS.defaultGapMs());
    }
}
