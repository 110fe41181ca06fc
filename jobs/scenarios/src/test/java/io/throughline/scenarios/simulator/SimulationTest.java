package io.throughline.scenarios.simulator;

import static io.throughline.scenarios.simulator.Played.A_WEEK;
import static io.throughline.scenarios.simulator.Played.MONDAY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.throughline.schemas.Identifier;
import io.throughline.schemas.Touchpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final long SECOND = 1_000;

    @Test
    void theSameSeedGivesTheSameBytes() {
        Scale scale = Scale.of(42, 300, MONDAY, MONDAY + 2 * Rhythm.DAY);

        assertThat(bytes(Played.of(scale))).isEqualTo(bytes(Played.of(scale))).hasSizeGreaterThan(1_000);
    }

    @Test
    void anotherSeedGivesAnotherWorld() {
        List<String> one = bytes(Played.of(Scale.of(1, 300, MONDAY, MONDAY + Rhythm.DAY)));
        List<String> other = bytes(Played.of(Scale.of(2, 300, MONDAY, MONDAY + Rhythm.DAY)));

        assertThat(one).doesNotContainAnyElementsOf(other.subList(0, 50));
    }

    @Test
    void everyTouchpointIsTheEnvelopeAndNothingElse() {
        for (Emission emission : A_WEEK.emissions()) {
            String line = new String(TouchpointJson.write(emission.touchpoint()), UTF_8);

            assertThat(TouchpointReader.read(line)).isEqualTo(emission.touchpoint());
        }
    }

    @Test
    void everyChannelOfTheDesignIsUsed() {
        assertThat(A_WEEK.emissions())
                .extracting(emission -> emission.touchpoint().getChannel())
                .contains(
                        "web",
                        "app",
                        "email",
                        "chat",
                        "bot",
                        "call",
                        "ivr",
                        "sms",
                        "whatsapp",
                        "viber",
                        "push",
                        "social",
                        "store",
                        "kiosk",
                        "qr",
                        "paper",
                        "video",
                        "meeting");
    }

    @Test
    void everyKindOfTheDesignHappens() {
        assertThat(A_WEEK.emissions())
                .extracting(emission -> emission.touchpoint().getKind())
                .contains(
                        "page_view",
                        "search",
                        "message",
                        "call_queued",
                        "call_answered",
                        "call_ended",
                        "transfer",
                        "purchase",
                        "survey_response",
                        "complaint",
                        "error",
                        "rage_click",
                        "login",
                        "logout",
                        "promise_made",
                        "promise_kept",
                        "promise_broken",
                        "case_opened",
                        "case_resolved",
                        "offer",
                        "delivery",
                        "consent_given",
                        "consent_withdrawn");
    }

    @Test
    void everyStageAndIdentifierTypeOccurs() {
        assertThat(A_WEEK.emissions())
                .extracting(emission -> emission.touchpoint().getStage())
                .contains("awareness", "acquisition", "onboarding", "engagement", "support");
        assertThat(A_WEEK.emissions())
                .flatExtracting(emission -> emission.touchpoint().getIdentifiers())
                .extracting(Identifier::getType)
                .contains(
                        "customer_number",
                        "account_id",
                        "loyalty_id",
                        "email",
                        "phone",
                        "social_id",
                        "messaging_id",
                        "card_token",
                        "device_id",
                        "cookie");
    }

    @Test
    void surveysSayWhatTheyAreAboutAndStayOnTheirScale() {
        List<Touchpoint> surveys = A_WEEK.emissions().stream()
                .map(Emission::touchpoint)
                .filter(touchpoint -> touchpoint.getSurvey() != null)
                .toList();

        assertThat(surveys)
                .extracting(touchpoint -> touchpoint.getSurvey().getMetric())
                .containsOnly("nps", "csat", "ces");
        assertThat(surveys)
                .extracting(touchpoint -> touchpoint.getSurvey().getDirection())
                .containsOnly("higher_is_better", "lower_is_better");
        assertThat(surveys)
                .allSatisfy(touchpoint -> assertThat(touchpoint.getSurvey().getScore())
                        .isBetween(
                                touchpoint.getSurvey().getScaleMin(),
                                touchpoint.getSurvey().getScaleMax()));
        assertThat(surveys)
                .filteredOn(touchpoint -> touchpoint.getSurvey().getAbout() != null)
                .hasSizeGreaterThan(surveys.size() * 3 / 4);
    }

    @Test
    void touchpointsReachTheTopicInOrderOfTransitAndWithinTheDeclaredBounds() {
        long before = Long.MIN_VALUE;
        for (Emission emission : A_WEEK.emissions()) {
            assertThat(emission.written()).isGreaterThanOrEqualTo(before);
            before = emission.written();
        }
        for (Emission emission : A_WEEK.once()) {
            long received = emission.touchpoint().getReceivedTime().toEpochMilli();
            assertThat(received - emission.happened()).isBetween(0L, Delivery.SLOWEST);
            assertThat(emission.written() - received).isBetween(0L, Delivery.TRANSIT);
        }
    }

    @Test
    void eventTimesArriveOutOfOrder() {
        long newest = Long.MIN_VALUE;
        int behind = 0;
        for (Emission emission : A_WEEK.once()) {
            behind += emission.happened() < newest ? 1 : 0;
            newest = Math.max(newest, emission.happened());
        }

        assertThat(behind).isGreaterThan(A_WEEK.once().size() / 100);
    }

    @Test
    void aWrongClockCanBeTakenOutByTheTimeOfSending() {
        int wrong = 0;
        for (Emission emission : A_WEEK.once()) {
            Touchpoint touchpoint = emission.touchpoint();
            long claimed = touchpoint.getEventTime().toEpochMilli();
            if (claimed == emission.happened()) {
                continue;
            }
            wrong++;
            long corrected = touchpoint.getReceivedTime().toEpochMilli()
                    - (touchpoint.getSentTime().toEpochMilli() - claimed);
            assertThat(corrected).isCloseTo(emission.happened(), within(SECOND));
        }

        assertThat(wrong).isBetween(A_WEEK.once().size() / 50, A_WEEK.once().size() / 5);
    }

    @Test
    void theAskedShareIsSentTwice() {
        Scale scale = new Scale(5, 2_000, MONDAY, MONDAY + 5 * Rhythm.DAY, 0.1, Long.MAX_VALUE, 0, 0.05);
        Played played = Played.of(scale);

        long again = played.emissions().stream().filter(Emission::again).count();
        assertThat(again / (double) played.once().size()).isCloseTo(0.05, within(0.01));
        assertThat(played.once())
                .extracting(emission -> emission.touchpoint().getTouchpointId())
                .doesNotHaveDuplicates();
        Set<String> known = new HashSet<>();
        for (Emission emission : played.emissions()) {
            assertThat(emission.again())
                    .isEqualTo(!known.add(emission.touchpoint().getTouchpointId()));
        }
    }

    @Test
    void theTruthCoversEveryTouchpoint() {
        Map<String, Long> perEpisode = A_WEEK.once().stream().collect(groupingBy(Emission::episode, counting()));

        assertThat(A_WEEK.verdicts().keySet()).isEqualTo(perEpisode.keySet());
        A_WEEK.verdicts()
                .forEach((episode, verdict) ->
                        assertThat((long) verdict.touchpoints()).as(episode).isEqualTo(perEpisode.get(episode)));
        assertThat(A_WEEK.emissions()).allSatisfy(emission -> {
            assertThat(emission.person())
                    .isEqualTo(A_WEEK.verdicts().get(emission.episode()).person());
            assertThat(emission.sitting() == null || emission.sitting().startsWith(emission.person() + "-"))
                    .isTrue();
        });
    }

    @Test
    void peopleSleepAtNightAndRestOnSunday() {
        Map<Long, Long> byHour = A_WEEK.once().stream()
                .collect(groupingBy(e -> Math.floorMod(e.happened(), Rhythm.DAY) / Rhythm.HOUR, counting()));
        Map<Integer, Long> byDay =
                A_WEEK.once().stream().collect(groupingBy(e -> Rhythm.dayOfWeek(e.happened()), counting()));

        assertThat(byHour.get(3L) * 3).isLessThan(byHour.get(10L));
        assertThat(byDay.get(6)).isLessThan(byDay.get(1));
    }

    @Test
    void volumeIsWhatTheScaleAsksFor() {
        double expected = 3_000 * Scale.PER_CUSTOMER_AND_DAY * 7;

        assertThat((double) A_WEEK.once().size()).isBetween(expected * 0.85, expected * 1.2);
    }

    @Test
    void devicesAreSharedAndCustomersHaveSeveral() {
        Map<String, Set<String>> numbersByDevice = new HashMap<>();
        Map<String, Set<String>> devicesByPerson = new HashMap<>();
        for (Emission emission : A_WEEK.once()) {
            Map<String, Set<String>> byType = emission.touchpoint().getIdentifiers().stream()
                    .collect(groupingBy(Identifier::getType, mapping(Identifier::getValue, toSet())));
            for (String type : List.of("device_id", "cookie")) {
                for (String device : byType.getOrDefault(type, Set.of())) {
                    devicesByPerson
                            .computeIfAbsent(emission.person(), p -> new HashSet<>())
                            .add(device);
                    numbersByDevice
                            .computeIfAbsent(device, d -> new HashSet<>())
                            .addAll(byType.getOrDefault("customer_number", Set.of()));
                }
            }
        }

        assertThat(numbersByDevice.entrySet().stream()
                        .filter(device -> !device.getKey().startsWith("tablet-")
                                && device.getValue().size() > 1))
                .as("family tablets on which two people logged in")
                .hasSizeGreaterThan(10);
        assertThat(numbersByDevice.get("tablet-branch_harbour")).hasSizeGreaterThan(1);
        assertThat(devicesByPerson.values())
                .filteredOn(devices -> devices.size() > 2)
                .hasSizeGreaterThan(300);
    }

    @Test
    void peopleBrowseUnknownBeforeTheyLogIn() {
        Map<String, List<Emission>> bySitting = A_WEEK.once().stream()
                .filter(emission -> emission.sitting() != null)
                .collect(groupingBy(Emission::sitting));

        assertThat(bySitting.values())
                .filteredOn(sitting ->
                        sitting.stream().anyMatch(e -> e.touchpoint().getKind().equals("login"))
                                && sitting.stream().anyMatch(SimulationTest::anonymous))
                .hasSizeGreaterThan(500);
    }

    @Test
    void landlinesBelongToHouseholds() {
        Map<String, Set<String>> personsByPhone = new HashMap<>();
        for (Emission emission : A_WEEK.once()) {
            emission.touchpoint().getIdentifiers().stream()
                    .filter(identifier -> identifier.getType().equals("phone"))
                    .forEach(identifier -> personsByPhone
                            .computeIfAbsent(identifier.getValue(), p -> new HashSet<>())
                            .add(emission.person()));
        }

        assertThat(personsByPhone.values())
                .filteredOn(persons -> persons.size() > 1)
                .hasSizeGreaterThan(5);
    }

    private static boolean anonymous(Emission emission) {
        return emission.touchpoint().getIdentifiers().stream()
                .allMatch(i -> i.getType().equals("cookie") || i.getType().equals("device_id"));
    }

    private static List<String> bytes(Played played) {
        return played.emissions().stream()
                .map(emission -> new String(TouchpointJson.write(emission.touchpoint()), UTF_8))
                .toList();
    }
}
