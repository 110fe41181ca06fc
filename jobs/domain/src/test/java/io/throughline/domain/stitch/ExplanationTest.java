package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Decision.Verdict;
import io.throughline.domain.stitch.Explanation.Answer;
import io.throughline.domain.stitch.Explanation.Login;
import io.throughline.domain.stitch.Explanation.Standing;
import io.throughline.domain.stitch.Explanation.Step;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Why two are one customer, and why not, as people ask it. */
class ExplanationTest {

    private static final long MINUTE = 60_000;

    private static final Identifier ANNA = id("customer_number", "anna");
    private static final Identifier BERND = id("customer_number", "bernd");

    private final List<Touchpoint> touchpoints = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private StitchConfig config = StitchConfig.DEFAULTS;

    @Test
    void the_spouses_at_the_bank_share_a_tablet_and_a_household_phone_and_stay_two() {
        Identifier tablet = id("device_id", "tablet");
        Identifier landline = id("phone", "landline");
        at(1, "login-anna", ANNA, tablet);
        at(2, "login-bernd", BERND, tablet);
        at(3, "call-anna", ANNA, landline);
        at(4, "call-bernd", BERND, landline);

        Explanation why = why(touchpoint("login-anna"), touchpoint("login-bernd"));

        assertThat(why.answer()).isEqualTo(Answer.EVIDENCE_REFUSED);
        assertThat(why.a().customerId()).isNotEqualTo(why.b().customerId());
        // The call Anna made came first, so the phone is hers; Bernd's would have made them one.
        assertThat(why.path())
                .containsExactly(
                        new Step(ANNA, landline, "person-link", "call-anna", 3 * MINUTE, null, null),
                        new Step(
                                landline,
                                BERND,
                                "person-link",
                                "call-bernd",
                                4 * MINUTE,
                                null,
                                "two values of customer_number: " + inOrderOfHash(ANNA, BERND)));
    }

    @Test
    void people_who_meet_only_on_a_device_are_told_that_it_is_shared() {
        Identifier tablet = id("device_id", "tablet");
        at(1, "login-anna", ANNA, tablet);
        at(2, "login-bernd", BERND, tablet);

        Explanation why = why(ANNA, BERND);

        assertThat(why.answer()).isEqualTo(Answer.SHARED_DEVICE);
        assertThat(why.path()).hasSize(2).allSatisfy(step -> {
            assertThat(step.rule()).isEqualTo("device-group");
            assertThat(step.refused()).startsWith("two values of customer_number: ");
        });
    }

    @Test
    void on_a_shared_tablet_the_login_says_whose_it_is() {
        Identifier tablet = id("device_id", "tablet");
        at(0, "anna-logs-in", ANNA, tablet);
        at(10, "browsing", tablet);
        at(20, "bernd-logs-in", BERND, tablet);
        at(30, "more-browsing", tablet);
        logout(40, "bernd-logs-out", tablet);
        at(45, "after-logout", tablet);

        Explanation anna = why(touchpoint("browsing"), ANNA);
        assertThat(anna.oneCustomer()).isTrue();
        assertThat(anna.a().standing()).isEqualTo(Standing.LOGGED_IN);
        assertThat(anna.a().login())
                .isEqualTo(new Login(
                        tablet, ANNA, "anna-logs-in", 0, Login.Ending.NEXT_PERSON, 20 * MINUTE, "bernd-logs-in"));
        assertThat(anna.meeting()).isEqualTo(ANNA);

        Explanation bernd = why(touchpoint("more-browsing"), touchpoint("browsing"));
        assertThat(bernd.answer()).isEqualTo(Answer.SHARED_DEVICE);
        assertThat(bernd.a().login())
                .isEqualTo(new Login(
                        tablet,
                        BERND,
                        "bernd-logs-in",
                        20 * MINUTE,
                        Login.Ending.LOGOUT,
                        40 * MINUTE,
                        "bernd-logs-out"));

        Explanation nobody = why(touchpoint("after-logout"), BERND);
        assertThat(nobody.answer()).isEqualTo(Answer.SHARED_DEVICE);
        assertThat(nobody.a().standing()).isEqualTo(Standing.SHARED_DEVICE);
        assertThat(nobody.a().login()).isEqualTo(bernd.a().login());
    }

    @Test
    void silence_ends_a_login() {
        Identifier tablet = id("device_id", "tablet");
        at(0, "anna-logs-in", ANNA, tablet);
        at(20, "browsing", tablet);
        at(51, "next-morning", tablet);
        at(500, "bernd-logs-in", BERND, tablet);

        Login login = why(touchpoint("next-morning"), ANNA).a().login();

        assertThat(login)
                .isEqualTo(new Login(tablet, ANNA, "anna-logs-in", 0, Login.Ending.SILENCE, 50 * MINUTE, null));
    }

    @Test
    void a_shared_device_before_any_login_is_its_own_customer() {
        Identifier tablet = id("device_id", "tablet");
        at(0, "early", tablet);
        at(10, "anna-logs-in", ANNA, tablet);
        at(20, "bernd-logs-in", BERND, tablet);
        at(900, "late", tablet);

        Explanation both = why(touchpoint("early"), touchpoint("late"));

        assertThat(both.oneCustomer()).isTrue();
        assertThat(both.meeting()).isEqualTo(tablet);
        assertThat(both.a().standing()).isEqualTo(Standing.SHARED_DEVICE);
        assertThat(both.a().login()).isNull();
    }

    @Test
    void what_two_were_seen_with_together_is_the_reason_though_they_were_one_customer_already() {
        Identifier email = id("email", "anna");
        Identifier phone = id("phone", "anna");
        at(1, "signs-up", email, ANNA);
        at(2, "calls", ANNA, phone);
        at(3, "asks-to-be-called-back", email, phone);

        Explanation why = why(email, phone);

        assertThat(why.oneCustomer()).isTrue();
        assertThat(why.path())
                .containsExactly(
                        new Step(email, phone, "person-link", "asks-to-be-called-back", 3 * MINUTE, null, null));
    }

    @Test
    void a_junk_phone_links_nobody() {
        Identifier junk = id("phone", "0000001");
        for (int i = 0; i < 11; i++) {
            at(i, "call-" + i, id("customer_number", "k" + i), junk);
        }
        at(20, "bare-call", junk);

        Explanation why = why(touchpoint("call-3"), touchpoint("call-7"));
        assertThat(why.answer()).isEqualTo(Answer.QUARANTINED);
        assertThat(why.a().superNodes()).containsExactly(new SuperNode(junk, 11, 10, 11, 200));
        assertThat(why.path()).hasSize(2).allSatisfy(step -> {
            assertThat(step.rule()).isEqualTo("super-node");
            assertThat(step.refused())
                    .isEqualTo("phone:0000001 is a super-node: seen with 11 values of unique types, more than 10"
                            + " (stitch.identifiers.phone.max_customers)");
        });

        assertThat(why(junk, touchpoint("call-3")).answer()).isEqualTo(Answer.QUARANTINED);
        Explanation bare = why(touchpoint("bare-call"), touchpoint("call-3"));
        assertThat(bare.answer()).isEqualTo(Answer.QUARANTINED);
        assertThat(bare.a().standing()).isEqualTo(Standing.ANONYMOUS);
        assertThat(bare.path()).hasSize(1);
    }

    @Test
    void of_two_customer_numbers_with_one_email_the_earlier_has_it() {
        Identifier email = id("email", "ada@example.com");
        at(5, "second", BERND, email);
        at(1, "first", ANNA, email);

        assertThat(why(ANNA, email).oneCustomer()).isTrue();

        Explanation why = why(BERND, email);
        assertThat(why.answer()).isEqualTo(Answer.EVIDENCE_REFUSED);
        assertThat(why.path())
                .containsExactly(new Step(
                        BERND,
                        email,
                        "person-link",
                        "second",
                        5 * MINUTE,
                        null,
                        "two values of customer_number: " + inOrderOfHash(ANNA, BERND)));
    }

    @Test
    void a_chain_is_told_step_by_step_and_as_short_as_it_goes() {
        Identifier email = id("email", "ada@example.com");
        Identifier phone = id("phone", "+491701");
        Identifier cookie = id("cookie", "c-77");
        at(1, "t-1", ANNA, email);
        at(2, "t-2", email, phone);
        at(3, "t-3", phone, cookie);
        at(4, "t-4", ANNA, phone);

        Explanation why = why(touchpoint("t-1"), cookie);

        assertThat(why.oneCustomer()).isTrue();
        assertThat(why.path().get(0).from()).isIn(ANNA, email);
        assertThat(why.path())
                .extracting(Step::to, Step::rule)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(phone, "person-link"),
                        org.assertj.core.groups.Tuple.tuple(cookie, "device-group"));
        assertThat(why.path()).allSatisfy(step -> assertThat(step.refused()).isNull());
    }

    @Test
    void two_touchpoints_with_one_identifier_need_no_path() {
        Identifier cookie = id("cookie", "c-77");
        at(1, "t-1", cookie);
        at(2, "t-2", cookie);

        Explanation why = why(touchpoint("t-1"), touchpoint("t-2"));

        assertThat(why.oneCustomer()).isTrue();
        assertThat(why.path()).isEmpty();
        assertThat(why.meeting()).isEqualTo(cookie);
    }

    @Test
    void somebody_said_never() {
        Identifier email = id("email", "ada@example.com");
        Identifier phone = id("phone", "+491701");
        at(1, "t-1", email, phone);
        Decision never = new Decision(Verdict.NEVER, email, phone, 0, "mother and daughter", "eva");
        decisions.add(never);

        Explanation why = why(email, phone);

        assertThat(why.answer()).isEqualTo(Answer.EVIDENCE_REFUSED);
        assertThat(why.path()).singleElement().satisfies(step -> assertThat(step.refused())
                .startsWith("somebody decided: never "));
        assertThat(why.never()).containsExactly(never);
    }

    @Test
    void somebody_said_always() {
        Identifier email = id("email", "ada@example.com");
        Identifier phone = id("phone", "+491701");
        at(1, "t-1", email);
        at(2, "t-2", phone);
        Decision always = new Decision(Verdict.ALWAYS, email, phone, 7, "told us so", "eva");
        decisions.add(always);

        Explanation why = why(touchpoint("t-1"), touchpoint("t-2"));

        assertThat(why.oneCustomer()).isTrue();
        assertThat(why.path()).containsExactly(new Step(email, phone, "decision-always", "", 7, always, null));
    }

    @Test
    void strangers_have_nothing_in_common() {
        at(1, "t-1", ANNA);
        at(2, "t-2", BERND);

        Explanation why = why(touchpoint("t-1"), touchpoint("t-2"));

        assertThat(why.answer()).isEqualTo(Answer.NO_EVIDENCE);
        assertThat(why.path()).isEmpty();
    }

    @Test
    void what_nobody_knows_is_said_to_be_unknown() {
        at(1, "t-1", ANNA);

        assertThat(why(touchpoint("t-1"), touchpoint("t-9")).answer()).isEqualTo(Answer.UNKNOWN);
        assertThat(why(id("email", "nobody@example.com"), ANNA).a().standing()).isEqualTo(Standing.UNKNOWN);
    }

    @Test
    void a_placeholder_and_a_visit_never_link() throws IOException {
        config = RandomPeople.CONFIG;
        Identifier visit = id("visit", "v-1");
        at(1, "t-1", ANNA, visit);

        assertThat(why(touchpoint("t-1"), new Subject.Nobody("email")).answer()).isEqualTo(Answer.NEVER_LINKS);
        assertThat(why(ANNA, visit).answer()).isEqualTo(Answer.NEVER_LINKS);
    }

    /** Whatever the world, the answer is what stitching says, its path holds, and the neighbourhood is enough for it. */
    @Test
    void answers_agree_with_stitching_in_random_worlds() throws IOException {
        config = RandomPeople.CONFIG;
        for (int seed = 0; seed < 1_500; seed++) {
            Random random = new Random(seed);
            List<Touchpoint> world = RandomPeople.touchpoints(random, 12, 2 + random.nextInt(5));
            List<Decision> words = RandomPeople.decisions(random, random.nextInt(4));
            Map<String, String> customers = Customers.of(world, words, config);
            Subject a = new Subject.TouchpointId("t" + random.nextInt(12));
            Subject b = new Subject.TouchpointId("t" + random.nextInt(12));

            Explanation why = Explanation.of(world, words, config, a, b);

            String as = "seed " + seed + ": " + world + words + a + b + why;
            String customerA = customers.get(((Subject.TouchpointId) a).id());
            String customerB = customers.get(((Subject.TouchpointId) b).id());
            assertThat(why.a().customerId()).as(as).isEqualTo(customerA);
            assertThat(why.oneCustomer()).as(as).isEqualTo(customerA.equals(customerB));
            if (why.oneCustomer()) {
                assertThat(why.path()).as(as).allSatisfy(step -> assertThat(step.refused())
                        .isNull());
                assertThat(why.path().isEmpty() && why.meeting() == null)
                        .as(as)
                        .isEqualTo(why.path().isEmpty()
                                && why.a().standing() == Standing.ANONYMOUS
                                && why.a().superNodes().isEmpty());
            } else if (!why.path().isEmpty()) {
                assertThat(why.path()).as(as).anySatisfy(step -> assertThat(step.refused())
                        .isNotNull());
            }

            List<Touchpoint> shuffled = new ArrayList<>(world);
            Collections.shuffle(shuffled, random);
            Neighbourhood around = Neighbourhood.of(Neighbourhood.over(shuffled), List.of(a, b), words, config, 1_000);
            assertThat(around.complete()).isTrue();
            assertThat(Explanation.of(around.touchpoints(), words, config, a, b))
                    .as(as)
                    .isEqualTo(why);
        }
    }

    private Explanation why(Object a, Object b) {
        try {
            List<Subject> subjects = Arrays.asList(subject(a), subject(b));
            Neighbourhood around =
                    Neighbourhood.of(Neighbourhood.over(touchpoints), subjects, decisions, config, 1_000);
            return Explanation.of(around.touchpoints(), decisions, config, subjects.get(0), subjects.get(1));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Subject subject(Object what) {
        return what instanceof Identifier identifier ? new Subject.Known(identifier) : (Subject) what;
    }

    private static Subject touchpoint(String id) {
        return new Subject.TouchpointId(id);
    }

    private void at(long minute, String id, Identifier... identifiers) {
        touchpoints.add(Touchpoint.of(id, minute * MINUTE, "web", "page_view")
                .identifiers(List.of(identifiers))
                .build());
    }

    private void logout(long minute, String id, Identifier... identifiers) {
        touchpoints.add(Touchpoint.of(id, minute * MINUTE, "web", "logout")
                .identifiers(List.of(identifiers))
                .build());
    }

    private static Identifier id(String type, String value) {
        return new Identifier(type, value);
    }

    private static String inOrderOfHash(Identifier one, Identifier other) {
        return one.hash().compareTo(other.hash()) < 0
                ? one.value() + ", " + other.value()
                : other.value() + ", " + one.value();
    }
}
