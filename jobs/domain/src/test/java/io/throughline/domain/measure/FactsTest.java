package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.domain.sessionize.Promise;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {
    private final Facts facts = new Facts(MeasureConfig.DEFAULTS);

    @Test
    void undoesATouchpointByTheSameFactsWithTheOtherSign() {
        Touchpoint call = Touchpoint.of("t1", 1_000, "call", "call_answered")
                .waitMs(12_000L)
                .handleMs(90_000L)
                .survey(csat(2, null))
                .topic("billing")
                .experiments(Map.of("greeting", "b"))
                .build();
        List<Fact> added = FoundFacts.of(sink -> facts.find(new Attribution("ada", call, 1, 1), sink));
        List<Fact> undone = FoundFacts.of(sink -> facts.find(new Attribution("ada", call, -1, 1), sink));
        assertThat(added).isNotEmpty().allMatch(fact -> fact.weight() == 1 && fact.time() == 1_000);
        assertThat(undone)
                .containsExactlyElementsOf(added.stream()
                        .map(f -> new Fact(f.family(), f.dimensions(), f.time(), -1, f.bin()))
                        .toList());
        assertThat(added)
                .extracting(Fact::family)
                .contains(Family.TOUCHPOINTS, Family.WAIT, Family.HANDLE, Family.QUEUE, Family.CSAT);
        assertThat(added)
                .filteredOn(fact -> fact.family() == Family.WAIT)
                .extracting(Fact::dimensions)
                .containsExactly(
                        Map.of(),
                        Map.of("channel", "call"),
                        Map.of("topic", "billing"),
                        Map.of("experiment", "greeting=b"));
    }

    @Test
    void countsASurveySentByEmailUnderTheCallItAsksAbout() {
        Touchpoint answer = Touchpoint.of("s1", 5_000, "email", "survey_response")
                .touchpoint("csat mail")
                .survey(csat(1, new Survey.About(null, "call", "hotline", null)))
                .build();
        assertThat(of(answer, Family.CSAT))
                .extracting(Fact::dimensions)
                .containsExactly(Map.of(), Map.of("channel", "call"), Map.of("touchpoint", "hotline"));
        assertThat(of(answer, Family.TOUCHPOINTS))
                .extracting(Fact::dimensions)
                .contains(Map.of("channel", "email"), Map.of("touchpoint", "csat mail"));
    }

    @Test
    void doesNotBlameTheMailForACallThatIsNotNamed() {
        Touchpoint answer = Touchpoint.of("s1", 5_000, "email", "survey_response")
                .touchpoint("csat mail")
                .survey(csat(1, new Survey.About(null, "call", null, null)))
                .build();
        assertThat(of(answer, Family.CSAT))
                .extracting(Fact::dimensions)
                .containsExactly(Map.of(), Map.of("channel", "call"));
    }

    @Test
    void leavesAnAnswerThatOnlyNamesATouchpointToWhoeverFindsThat() {
        Touchpoint.Builder answer = Touchpoint.of("s1", 5_000, "email", "survey_response");
        assertThat(of(
                        answer.survey(csat(1, new Survey.About("t-call", null, null, null)))
                                .build(),
                        Family.CSAT))
                .isEmpty();
        Touchpoint placed = answer.survey(csat(1, new Survey.About("t-call", "call", null, null)))
                .build();
        assertThat(FoundFacts.of(
                        sink -> facts.findAnswer(new PlacedAnswer(new Attribution("ada", placed, 1, 1), null), sink)))
                .extracting(Fact::dimensions)
                .containsExactly(Map.of(), Map.of("channel", "call"));
    }

    @Test
    void recognisesHowAQueuedCallEnded() {
        assertThat(queue("call_answered", null, 20_000L)).containsExactly(Facts.ANSWERED_IN_TIME);
        assertThat(queue("call_answered", null, 20_001L)).containsExactly(Facts.ANSWERED_LATE);
        assertThat(queue("call_answered", null, null)).containsExactly(Facts.ANSWERED);
        assertThat(queue("call_ended", "abandoned", 5_000L)).containsExactly(Facts.ABANDONED_IN_TIME);
        assertThat(queue("call_queued", "abandoned", 50_000L)).containsExactly(Facts.ABANDONED_LATE);
        assertThat(queue("chat_abandoned", null, null)).containsExactly(Facts.ABANDONED);
        assertThat(queue("call_ended", "resolved", 5_000L)).isEmpty();
        assertThat(queue("call_queued", null, null)).isEmpty();
        assertThat(queue("cart_abandoned", "abandoned", null)).isEmpty();
        assertThat(queue("search", "abandoned", null)).isEmpty();
    }

    @Test
    void excludesAnswersNoFormulaMayCount() {
        assertThat(nps(0, 10, 9)).isEqualTo(9);
        assertThat(nps(0, 10, 8.5)).isEqualTo(Facts.EXCLUDED);
        assertThat(nps(0, 10, 11)).isEqualTo(Facts.EXCLUDED);
        assertThat(nps(1, 10, 9))
                .as("a scale without 0 is not the scale of NPS")
                .isEqualTo(Facts.EXCLUDED);
        assertThat(nps(0, 10, Double.NaN)).isEqualTo(Facts.EXCLUDED);
    }

    @Test
    void keepsScaleAndDirectionWithEveryAnswer() {
        for (Scale scale : List.of(
                Scale.ONE_TO_FIVE,
                new Scale(1, 7, true),
                new Scale(1, 5, false),
                new Scale(-100, 100, true),
                new Scale(Scale.LOWEST, Scale.HIGHEST, false))) {
            for (double score : new double[] {scale.min(), scale.min() + 1, scale.max() - 0.5, scale.max()}) {
                long bin = scale.bin(score);
                assertThat(Scale.ofBin(bin)).isEqualTo(scale);
                assertThat(Scale.microsOf(bin)).isEqualTo(Math.round(score * 1e6));
            }
        }
    }

    @Test
    void movesASessionOnlyWhereItCountsDifferently() {
        Session open = session(1_000, 0, Session.Status.OPEN);
        Session longer = session(1_000, 0, Session.Status.CLOSED);
        Session switched = session(1_000, 2, Session.Status.CLOSED);
        Session absorbed = session(1_000, 2, Session.Status.ABSORBED);
        assertThat(of(Family.SESSIONS, null, open)).hasSize(3).allMatch(fact -> fact.weight() == 1);
        assertThat(FoundFacts.of(sink -> facts.find(new SessionChange(open, longer), sink)))
                .isEmpty();
        assertThat(of(Family.SESSIONS, longer, switched))
                .extracting(fact -> fact.weight() * (1 + fact.bin()))
                .containsExactlyInAnyOrder(-1L, -1L, -1L, 3L, 3L, 3L);
        assertThat(of(Family.SESSIONS, switched, absorbed))
                .hasSize(3)
                .allMatch(fact -> fact.weight() == -1 && fact.bin() == 2);
    }

    @Test
    void movesASessionWhoseTopicChangesInNoOtherSeries() {
        Session web = path("web");
        Session billing = about(web, List.of("billing"));
        assertThat(of(Family.SESSIONS, web, billing))
                .containsExactly(new Fact(Family.SESSIONS, Map.of("topic", "billing"), 1_000, 1, 0));
        assertThat(of(Family.SESSIONS, billing, about(path("web", "call"), List.of("billing", "delivery"))))
                .containsExactlyInAnyOrder(
                        new Fact(Family.SESSIONS, Map.of("topic", "billing"), 1_000, -1, 0),
                        new Fact(Family.SESSIONS, Map.of(), 1_000, -1, 0),
                        new Fact(Family.SESSIONS, Map.of(), 1_000, 1, 1),
                        new Fact(Family.SESSIONS, Map.of("channel", "web"), 1_000, -1, 0),
                        new Fact(Family.SESSIONS, Map.of("channel", "web"), 1_000, 1, 1));
    }

    @Test
    void movesAnIssueWhoseTopicChangesInNoOtherSeries() {
        Issue billing = issue(true, contact("t1", 1_000, "call", false));
        Issue delivery = issue("delivery", true, contact("t1", 1_000, "call", false));
        assertThat(FoundFacts.of(sink -> facts.find(new IssueChange(billing, delivery), sink)))
                .isNotEmpty()
                .extracting(Fact::dimensions)
                .containsOnly(Map.of("topic", "billing"), Map.of("topic", "delivery"));
        assertThat(FoundFacts.of(sink -> facts.find(new IssueChange(billing, delivery), sink)))
                .extracting(Fact::weight)
                .containsOnly(-1, 1);
    }

    /** Each family alone and all of them, since what is published decides what is passed over. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void movesAnIssueAsTakingItAwayAndAddingItWould(long seed) {
        Random random = new Random(seed);
        List<Facts> published = new ArrayList<>(List.of(facts));
        for (Family family : List.of(
                Family.CONTACTS,
                Family.ISSUES,
                Family.FIRST_RESPONSE,
                Family.RESOLUTION,
                Family.SILENCE,
                Family.HANDLING,
                Family.PROMISES)) {
            published.add(new Facts(MeasureConfig.DEFAULTS.toBuilder()
                    .expectations(List.of())
                    .metrics(family.metrics().stream().map(Metric::id).toList())
                    .build()));
        }
        Issue before = anyIssue(random);
        for (int i = 0; i < 300; i++) {
            Issue after = anyIssue(random);
            Issue known = before;
            for (Facts each : published) {
                assertThat(FoundFacts.of(sink -> each.find(new IssueChange(known, after), sink)))
                        .containsExactlyInAnyOrderElementsOf(FoundFacts.of(sink -> {
                            each.find(new IssueChange(known, null), sink);
                            each.find(new IssueChange(null, after), sink);
                        }));
            }
            before = after;
        }
    }

    /** Few values of everything, so that two in a row often have most in common. */
    private static Issue anyIssue(Random random) {
        List<Issue.Contact> contacts = new ArrayList<>();
        contacts.add(contact("t1", random.nextInt(8) == 0 ? 2_000 : 1_000, "call", false));
        if (random.nextInt(4) == 0) {
            contacts.add(contact("t2", 9_000, "chat", true));
        }
        Promise.Status promise = random.nextInt(4) == 0 ? Promise.Status.BROKEN : Promise.Status.KEPT;
        return new Issue(
                "i-1",
                "ada",
                random.nextInt(8) == 0 ? "delivery" : "billing",
                null,
                random.nextInt(16) == 0,
                false,
                random.nextInt(4) == 0,
                random.nextInt(4) > 0,
                0,
                0,
                List.of(),
                contacts,
                HandoffKinds.NONE,
                0,
                random.nextInt(4) == 0 ? 1 : 0,
                random.nextInt(4) == 0 ? 60_000L : null,
                random.nextInt(4) == 0 ? 3_600_000L : null,
                random.nextInt(4) == 0 ? 120_000 : 0,
                List.of(new Promise("t1", "callback", 1_000, null, null, false, promise)),
                0,
                List.of(),
                0);
    }

    private List<Fact> of(Family family, Session before, Session after) {
        return FoundFacts.of(sink -> facts.find(new SessionChange(before, after), sink)).stream()
                .filter(fact -> fact.family() == family)
                .toList();
    }

    @Test
    void countsEveryContactAtItsStartAndTheIssueAtItsFirst() {
        Issue once = issue(true, contact("t1", 1_000, "call", false));
        Issue again = issue(true, contact("t1", 1_000, "call", false), contact("t2", 9_000, "chat", true));
        assertThat(FoundFacts.of(sink -> facts.find(new IssueChange(null, once), sink)))
                .filteredOn(FactsTest::isOfContactsOrVerdicts)
                .containsExactly(
                        new Fact(Family.CONTACTS, Map.of(), 1_000, 1, Facts.FIRST),
                        new Fact(Family.ISSUES, Map.of(), 1_000, 1, Facts.RESOLVED_AT_FIRST_CONTACT));
        assertThat(FoundFacts.of(sink -> facts.find(new IssueChange(once, again), sink)))
                .filteredOn(FactsTest::isOfContactsOrVerdicts)
                .containsExactlyInAnyOrder(
                        new Fact(Family.ISSUES, Map.of(), 1_000, -1, Facts.RESOLVED_AT_FIRST_CONTACT),
                        new Fact(Family.CONTACTS, Map.of(), 9_000, 1, Facts.REPEAT),
                        new Fact(Family.ISSUES, Map.of(), 1_000, 1, Facts.CONTACTED_AGAIN));
        assertThat(FoundFacts.of(sink -> facts.find(new IssueChange(again, again), sink)))
                .isEmpty();
        assertThat(FoundFacts.of(sink -> facts.find(new IssueChange(again, null), sink)))
                .extracting(Fact::dimensions)
                .contains(Map.of("channel", "chat"), Map.of("topic", "billing"));
    }

    private static boolean isOfContactsOrVerdicts(Fact fact) {
        return fact.dimensions().isEmpty() && (fact.family() == Family.CONTACTS || fact.family() == Family.ISSUES);
    }

    @Test
    void looksAtAllThatChangesHowASessionWent() {
        Session before = path("web", "call", "web");
        assertThat(of(Family.COURSES, before, path("web", "call", "web"))).isEmpty();
        assertThat(of(Family.COURSES, before, path("web", "chat", "web")))
                .as("nobody served any more")
                .isNotEmpty();
        assertThat(of(Family.TRANSITIONS, before, path("web", "chat", "web")))
                .as("as many changes of channel, but others")
                .extracting(fact -> fact.weight() + fact.dimensions().toString())
                .containsExactlyInAnyOrder(
                        "-1{from_channel=web, to_channel=call}",
                        "-1{from_channel=call, to_channel=web}",
                        "1{from_channel=web, to_channel=chat}",
                        "1{from_channel=chat, to_channel=web}");
    }

    @Test
    void leavesOutWhatIngestFoundNegativeAndSaysSo() {
        Touchpoint call = Touchpoint.of("t1", 1_000, "call", "call_answered")
                .properties(Map.of("dropped_wait_ms", "-3", "dropped_handle_ms", "-3", "dropped_sentiment", "NaN"))
                .build();
        assertThat(of(call, Family.WAIT)).extracting(Fact::bin).containsOnly(Facts.EXCLUDED);
        assertThat(of(call, Family.HANDLE)).extracting(Fact::bin).containsOnly(Facts.EXCLUDED);
        assertThat(of(call, Family.SENTIMENT)).extracting(Fact::bin).containsOnly(Facts.EXCLUDED);
        assertThat(of(call, Family.ANSWER)).isEmpty();
    }

    @Test
    void keepsSeriesApartWhateverTheirDimensionsAreCalled() {
        Fact one = new Fact(Family.NPS, Map.of("channel", "a|stage=b"), 0, 1, 1);
        Fact other = new Fact(Family.NPS, Map.of("channel", "a", "stage", "b"), 0, 1, 1);
        assertThat(key(one)).isNotEqualTo(key(other));
        assertThat(key(other)).isEqualTo("NPS|channel=a|stage=b");
    }

    private static String key(Fact fact) {
        return new Subtotal(fact.family(), fact.dimensions(), new TreeMap<>()).seriesKey();
    }

    private long nps(double min, double max, double score) {
        Survey survey = new Survey("nps", min, max, true, score, null, null);
        Touchpoint answer =
                Touchpoint.of("s", 1, "web", "survey_response").survey(survey).build();
        return of(answer, Family.NPS).get(0).bin();
    }

    private List<Long> queue(String kind, String outcome, Long waitMs) {
        Touchpoint touchpoint = Touchpoint.of("t", 1, "call", kind)
                .outcome(outcome)
                .waitMs(waitMs)
                .build();
        return of(touchpoint, Family.QUEUE).stream().map(Fact::bin).distinct().toList();
    }

    private List<Fact> of(Touchpoint touchpoint, Family family) {
        return FoundFacts.of(sink -> facts.find(new Attribution("ada", touchpoint, 1, 1), sink)).stream()
                .filter(fact -> fact.family() == family)
                .toList();
    }

    private static Issue issue(boolean resolved, Issue.Contact... contacts) {
        return issue("billing", resolved, contacts);
    }

    private static Issue issue(String topic, boolean resolved, Issue.Contact... contacts) {
        return new Issue(
                "i-1",
                "ada",
                topic,
                null,
                false,
                false,
                resolved,
                true,
                0,
                0,
                List.of(),
                List.of(contacts),
                HandoffKinds.NONE,
                0,
                0,
                null,
                null,
                0,
                List.of(),
                0,
                List.of(),
                0);
    }

    private static Issue.Contact contact(String id, long start, String channel, boolean repeat) {
        return new Issue.Contact(id, start, start, channel, null, null, null, null, null, Map.of(), repeat);
    }

    private static Survey csat(double score, Survey.About about) {
        return new Survey("csat", 1, 5, true, score, null, about);
    }

    private static Session path(String... channels) {
        List<Session.Step> steps = new ArrayList<>();
        for (String channel : channels) {
            steps.add(new Session.Step("t" + steps.size(), 1_000, channel, "page_view", null, null));
        }
        return session(1_000, channels.length - 1, Session.Status.CLOSED, steps);
    }

    private static Session session(long start, int switches, Session.Status status) {
        return session(
                start,
                switches,
                status,
                List.of(new Session.Step("t1", start, "web", "page_view", null, "engagement")));
    }

    private static Session about(Session session, List<String> topics) {
        return session(session.start(), session.channelSwitches(), session.status(), session.path(), topics);
    }

    private static Session session(long start, int switches, Session.Status status, List<Session.Step> path) {
        return session(start, switches, status, path, List.of("a", "b"));
    }

    private static Session session(
            long start, int switches, Session.Status status, List<Session.Step> path, List<String> topics) {
        return new Session(
                "s-1",
                "ada",
                status,
                start,
                start + 10,
                List.of("web", "chat"),
                2,
                path,
                switches,
                0,
                Map.of(),
                Session.CutCause.OPEN,
                null,
                topics,
                List.of("engagement"),
                Map.of(),
                List.of(),
                0,
                0,
                0,
                HandoffKinds.NONE,
                0,
                List.of(),
                null,
                1);
    }
}
