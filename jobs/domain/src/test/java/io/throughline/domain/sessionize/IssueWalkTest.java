package io.throughline.domain.sessionize;

import static io.throughline.domain.sessionize.Touchpoints.at;
import static io.throughline.domain.sessionize.Touchpoints.touch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IssueWalkTest {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Listening ada = new Listening(SessionizeConfig.DEFAULTS);

    @Test
    void oneAnsweredCallIsOneContactAndResolvesAtFirstContact() {
        ada.hears(
                        about("t1", "10:00", "call", "call_queued").build(),
                        about("t2", "10:04", "call", "call_answered")
                                .actor("agent")
                                .build(),
                        touch("t3", "10:20", "call", "transfer").build(),
                        touch("t4", "10:22", "call", "call_answered")
                                .actor("agent")
                                .build(),
                        about("t5", "10:40", "call", "call_ended")
                                .outcome("resolved")
                                .build())
                .reaches(at("12:00"));

        Issue issue = only();
        assertThat(issue.contacts()).singleElement().satisfies(contact -> {
            assertThat(contact.touchpointId()).isEqualTo("t1");
            assertThat(contact.end()).isEqualTo(at("10:40"));
            assertThat(contact.repeat()).isFalse();
        });
        assertThat(issue.resolvedAtFirstContact()).isTrue();
        assertThat(issue.handoffs()).isEqualTo(1);
        assertThat(issue.firstResponseMs()).isEqualTo(4 * MINUTE);
        assertThat(issue.resolutionMs()).isEqualTo(40 * MINUTE);
        assertThat(issue.settled()).as("another contact may still come").isFalse();

        ada.reaches(at("10:40") + 7 * DAY);
        assertThat(only().settled()).isTrue();
    }

    @Test
    void aComplaintIsTheCustomersWhoeverNotesIt() {
        ada.hears(
                        about("t1", "10:00", "call", "call_queued").build(),
                        about("t2", "10:04", "call", "call_answered")
                                .actor("agent")
                                .build(),
                        about("t3", "10:20", "call", "call_ended").build(),
                        about("t4", "60:00", "store", "complaint")
                                .actor("agent")
                                .build(),
                        about("t5", "70:00", "email", "message").outbound(true).build())
                .reaches(at("71:00"));

        assertThat(only().contacts())
                .extracting(Issue.Contact::touchpointId, Issue.Contact::repeat)
                .containsExactly(tuple("t1", false), tuple("t4", true));
        assertThat(only().longestSilenceMs())
                .as("the complaint is no word of the company: from the answered call to the mail")
                .isEqualTo(60 * 60 * MINUTE - 4 * MINUTE);
    }

    @Test
    void aComplaintThatIsWrittenUpAfterTheCallIsOfThatCall() {
        ada.hears(
                        about("t1", "10:00", "call", "call_queued").build(),
                        about("t2", "10:20", "call", "call_ended").build(),
                        about("t3", "10:23", "call", "complaint").actor("agent").build())
                .reaches(at("11:00"));

        assertThat(only().contacts()).singleElement().satisfies(contact -> {
            assertThat(contact.end()).isEqualTo(at("10:23"));
        });
        assertThat(only().firstResponseMs()).as("nobody has answered").isNull();
    }

    @Test
    void aContactOnAnotherChannelWithinAWeekIsARepeatAndTheFirstOneDidNotResolve() {
        ada.hears(
                        about("t1", "10:00", "chat", "message").build(),
                        about("t2", "10:10", "chat", "message")
                                .actor("agent")
                                .outbound(true)
                                .outcome("resolved")
                                .build())
                .reaches(at("12:00"));
        assertThat(only().resolvedAtFirstContact()).isTrue();
        assertThat(only().notRepeated()).isTrue();

        ada.hears(about("t3", "100:00", "call", "call_queued").build());

        assertThat(only().contacts()).extracting(Issue.Contact::repeat).containsExactly(false, true);
        assertThat(only().resolved()).as("resolved before the last contact").isFalse();
        assertThat(only().notRepeated()).isFalse();
        assertThat(only().channelSwitches()).isEqualTo(1);
        assertThat(only().resolutionMs()).isNull();
    }

    @Test
    void afterAWeekOfQuietTheNextContactIsAnotherIssue() {
        ada.hears(
                        about("t1", "10:00", "chat", "message").build(),
                        touch("t2", "10:00", "chat", "message")
                                .topic("billing")
                                .eventTime(at("10:00") + 7 * DAY + 1)
                                .build())
                .reaches(at("10:00") + 30 * DAY);

        assertThat(ada.issues()).hasSize(2);
        assertThat(ada.issues().values()).allMatch(Issue::notRepeated);
    }

    @Test
    void aBotThatHandsOverGoesOnWithTheSameContact() {
        ada.hears(
                        about("t1", "10:00", "bot", "message").build(),
                        about("t2", "10:05", "chat", "message").build(),
                        about("t3", "10:06", "chat", "message").actor("agent").build())
                .reaches(at("12:00"));

        assertThat(only().contacts()).hasSize(1);
        assertThat(only().handoffs()).isEqualTo(1);
        assertThat(only().firstResponseMs()).isEqualTo(6 * MINUTE);
    }

    @Test
    void hangingUpEndsAContactSoThatCallingAgainIsARepeat() {
        ada.hears(
                        about("t1", "10:00", "call", "call_queued").build(),
                        touch("t2", "10:02", "call", "call_ended")
                                .outcome("abandoned")
                                .build(),
                        about("t3", "10:15", "call", "call_queued").build())
                .reaches(at("12:00"));

        assertThat(only().contacts()).extracting(Issue.Contact::repeat).containsExactly(false, true);
    }

    @Test
    void aChatThatIsQueuedAndAnsweredIsAContactAndItsEndIsTheEndOfIt() {
        ada.hears(
                        about("t1", "10:00", "chat", "chat_queued").build(),
                        touch("t2", "10:03", "chat", "chat_answered")
                                .actor("agent")
                                .build(),
                        touch("t3", "10:09", "chat", "chat_ended").build(),
                        about("t4", "10:12", "chat", "message").build())
                .reaches(at("12:00"));

        assertThat(only().contacts()).extracting(Issue.Contact::start).containsExactly(at("10:00"), at("10:12"));
        assertThat(only().firstResponseMs()).isEqualTo(3 * MINUTE);
    }

    @Test
    void onceAnotherContactHasBegunElsewhereTheSubjectHasToBeNamedAgain() {
        ada.hears(
                        about("t1", "10:00", "chat", "message").build(),
                        about("t2", "20:00", "call", "call_queued").build(),
                        about("t3", "20:05", "call", "transfer").build(),
                        touch("t4", "20:10", "chat", "message").build())
                .reaches(at("23:00"));

        assertThat(only().contacts())
                .extracting(Issue.Contact::touchpointId, Issue.Contact::end)
                .containsExactly(tuple("t1", at("10:00")), tuple("t2", at("20:05")));
    }

    @Test
    void aBotDoesNotHandOverToAnEarlierConversation() {
        ada.hears(
                        about("t1", "10:00", "chat", "message").build(),
                        about("t2", "20:00", "bot", "message").build(),
                        touch("t3", "20:10", "chat", "message").build())
                .reaches(at("23:00"));

        assertThat(only().contacts())
                .extracting(Issue.Contact::touchpointId, Issue.Contact::end)
                .containsExactly(tuple("t1", at("10:00")), tuple("t2", at("20:00")));
    }

    @Test
    void whoGivesUpAfterATransferAndCallsAgainContactsTheCompanyAgain() {
        ada.hears(
                        about("t1", "10:00", "call", "call_queued").build(),
                        touch("t2", "10:05", "call", "transfer").build(),
                        touch("t3", "10:15", "call", "call_abandoned").build(),
                        about("t4", "10:20", "call", "call_queued").build())
                .reaches(at("12:00"));

        assertThat(only().contacts())
                .extracting(Issue.Contact::touchpointId, Issue.Contact::repeat)
                .containsExactly(tuple("t1", false), tuple("t4", true));
    }

    @Test
    void whenALegOfACallEndsBecauseOfATransferTheContactGoesOn() {
        ada.hears(
                        about("t1", "10:00", "call", "call_queued").build(),
                        touch("t2", "10:05", "call", "transfer").build(),
                        touch("t3", "10:05", "call", "call_ended").build(),
                        about("t4", "10:06", "call", "call_queued").build())
                .reaches(at("12:00"));

        assertThat(only().contacts())
                .extracting(Issue.Contact::touchpointId, Issue.Contact::end)
                .containsExactly(tuple("t1", at("10:06")));
    }

    @Test
    void aContactThatGoesOnWhereTheGapIsShorterLastsUntilThen() {
        ada.hears(
                        about("t1", "10:00", "store", "visit").build(),
                        about("t2", "10:05", "store", "transfer").build(),
                        about("t3", "10:50", "chat", "message").build(),
                        about("t4", "10:55", "chat", "message").build())
                .reaches(at("12:00"));

        assertThat(only().contacts())
                .extracting(Issue.Contact::touchpointId, Issue.Contact::end)
                .containsExactly(tuple("t1", at("10:55")));
    }

    @Test
    void topicsAndCasesThatAreNamedTogetherAreOneSubject() {
        ada.hears(
                        about("t1", "10:00", "chat", "message").build(),
                        about("t2", "11:30", "email", "message")
                                .caseId("case-7")
                                .build(),
                        touch("t3", "13:00", "call", "call_queued")
                                .caseId("case-7")
                                .build(),
                        touch("t4", "14:00", "web", "case_resolved")
                                .caseId("case-7")
                                .actor("system")
                                .build(),
                        touch("t5", "14:00", "web", "page_view")
                                .topic("roaming")
                                .build())
                .reaches(at("20:00"));

        assertThat(only().contacts()).hasSize(3);
        assertThat(only().topic()).isEqualTo("billing");
        assertThat(only().caseId()).isEqualTo("case-7");
        assertThat(only().resolved()).isTrue();
        assertThat(only().resolutionMs()).isEqualTo(240 * MINUTE);
    }

    @Test
    void silenceIsTheLongestTimeWithoutAWordFromTheCompany() {
        ada.hears(
                        about("t1", "10:00", "email", "message").build(),
                        about("t2", "13:00", "email", "message").outbound(true).build(),
                        about("t3", "13:30", "email", "promise_made")
                                .outbound(true)
                                .build(),
                        about("t4", "15:00", "email", "promise_kept")
                                .outbound(true)
                                .build(),
                        about("t5", "16:00", "email", "case_resolved")
                                .outbound(true)
                                .build())
                .reaches(at("20:00"));

        assertThat(only().longestSilenceMs()).isEqualTo(180 * MINUTE);
        assertThat(only().promisesMade()).isEqualTo(1);
        assertThat(only().promisesKept()).isEqualTo(1);
        assertThat(only().firstResponseMs())
                .as("nobody is known to have answered in person")
                .isNull();
    }

    @Test
    void aPromiseForATimeNoCalendarHasIsDueAtNoTimeThatCanBeRead() {
        for (String due : List.of(
                String.valueOf(Long.MAX_VALUE),
                "253402300800000",
                "+10000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "-0001-01-01T00:00:00Z")) {
            Listening bob = new Listening(SessionizeConfig.DEFAULTS)
                    .hears(about("t1", "10:00", "chat", "message").build(), promise("t2", "10:01", due))
                    .reaches(at("20:00"));

            assertThat(bob.issues().values()).as(due).singleElement().satisfies(issue -> {
                assertThat(issue.promises()).singleElement().satisfies(promise -> {
                    assertThat(promise.due()).isNull();
                    assertThat(promise.status()).isEqualTo(Promise.Status.OPEN);
                });
                assertThat(issue.flags()).containsExactly("unreadable_due");
            });
        }
    }

    @Test
    void thePromiseOfTheLastMillisecondOfTheCalendarIsStillOpen() {
        ada.hears(about("t1", "10:00", "chat", "message").build(), promise("t2", "10:01", "9999-12-31T23:59:59.999Z"))
                .reaches(at("20:00"));

        assertThat(only().promises())
                .extracting(Promise::due, Promise::status)
                .containsExactly(tuple(253_402_300_799_999L, Promise.Status.OPEN));
    }

    private static Touchpoint promise(String id, String time, String due) {
        return about(id, time, "chat", "promise_made")
                .outbound(true)
                .properties(Map.of("due", due))
                .build();
    }

    @Test
    void theTimeBetweenAResolutionAndItsReopeningIsNoSilence() {
        ada.hears(
                        about("t1", "10:00", "chat", "message").build(),
                        about("t2", "10:02", "chat", "message")
                                .actor("agent")
                                .outbound(true)
                                .outcome("resolved")
                                .build(),
                        about("t3", "58:00", "email", "survey_request")
                                .outbound(true)
                                .build(),
                        about("t4", "82:00", "call", "call_queued").build())
                .reaches(at("82:01"));
        assertThat(only().reopened()).isEqualTo(1);
        assertThat(only().longestSilenceMs()).isEqualTo(2 * MINUTE);

        ada.hears(
                        about("t5", "82:05", "call", "call_answered")
                                .actor("agent")
                                .build(),
                        about("t6", "82:20", "call", "case_resolved")
                                .actor("agent")
                                .build())
                .reaches(at("90:00"));
        assertThat(only().longestSilenceMs()).isEqualTo(15 * MINUTE);
    }

    @Test
    void aMachineThatAnswersIsNotTheFirstResponseOfAPerson() {
        ada.hears(
                        about("t1", "10:00", "chat", "chat_queued").build(),
                        about("t2", "10:01", "chat", "chat_answered")
                                .actor("bot")
                                .build(),
                        about("t3", "10:20", "chat", "chat_answered").build())
                .reaches(at("12:00"));

        assertThat(only().firstResponseMs()).isEqualTo(20 * MINUTE);
    }

    @Test
    void whatOnlyASecondLevelCanResolveIsMarked() {
        ada.hears(about("t1", "10:00", "chat", "message").outcome("escalated").build())
                .reaches(at("20:00"));

        assertThat(only().resolvable()).isFalse();
    }

    @Test
    void anIssueThatLosesItsOnlyContactIsTakenBack() {
        Touchpoint contact = about("t1", "10:00", "chat", "message").build();
        ada.hears(contact).reaches(at("12:00"));
        assertThat(ada.issues()).hasSize(1);

        ada.loses(contact);
        assertThat(ada.issues()).isEmpty();
    }

    @Test
    void anIssueThatCanNoLongerBeCorrectedStaysAsItWasSaid() {
        List<Touchpoint> weekly = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            weekly.add(about("t" + i, "10:00", "chat", "message")
                    .eventTime(at("10:00") + i * 6 * DAY)
                    .build());
        }
        for (Touchpoint contact : weekly) {
            ada.hears(contact).reaches(contact.eventTime());
        }
        ada.reaches(at("10:00") + 400 * DAY);

        assertThat(ada.issues().values().stream()
                        .flatMap(issue -> issue.contacts().stream())
                        .map(Issue.Contact::touchpointId))
                .as("every contact counts once")
                .containsExactlyInAnyOrderElementsOf(
                        weekly.stream().map(Touchpoint::touchpointId).toList());
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<Touchpoint> touchpoints = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                touchpoints.add(SessionizePropertyTest.touchpoint(random, "t" + i, 20_000));
            }
            touchpoints.sort((a, b) -> Long.compare(a.eventTime(), b.eventTime()));
            Listening inOrder = new Listening(SessionizeConfig.DEFAULTS);
            touchpoints.forEach(inOrder::hears);
            Listening shuffled = new Listening(SessionizeConfig.DEFAULTS).restarting();
            Collections.shuffle(touchpoints, random);
            for (Touchpoint touchpoint : touchpoints) {
                shuffled.hears(touchpoint);
                if (random.nextInt(3) == 0) {
                    shuffled.reaches(at("00:00") + random.nextInt(20_000) * MINUTE);
                }
            }
            long asOf = at("00:00") + 20_000 * MINUTE + random.nextInt(10) * DAY;
            inOrder.reaches(asOf);
            shuffled.reaches(asOf);

            assertThat(shuffled.issues()).isEqualTo(inOrder.issues());
        }
    }

    private Issue only() {
        assertThat(ada.issues()).hasSize(1);
        return ada.issues().values().iterator().next();
    }

    private static Touchpoint.Builder about(String id, String time, String channel, String kind) {
        return touch(id, time, channel, kind).topic("billing");
    }
}
