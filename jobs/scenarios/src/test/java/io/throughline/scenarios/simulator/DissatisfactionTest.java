package io.throughline.scenarios.simulator;

import static io.throughline.scenarios.simulator.Played.A_WEEK;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.schemas.Survey;
import io.throughline.schemas.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What people feel shows in what can be seen, but cannot be read off it: else measuring rules against it proves nothing. */
class DissatisfactionTest {
    private static final Map<String, List<Touchpoint>> SEEN = A_WEEK.once().stream()
            .collect(groupingBy(
                    Emission::episode, TreeMap::new, Collectors.mapping(Emission::touchpoint, Collectors.toList())));

    @Test
    void someAreDissatisfiedAndMostAreNot() {
        assertThat(shareOf(A_WEEK.verdicts().values().stream().toList())).isBetween(0.08, 0.25);
    }

    @Test
    void noScoreSaysForSure() {
        Map<String, List<Verdict>> byScore = new TreeMap<>();
        SEEN.forEach((episode, touchpoints) -> touchpoints.stream()
                .map(Touchpoint::getSurvey)
                .filter(survey -> survey != null)
                .forEach(survey -> byScore.computeIfAbsent(level(survey), s -> new ArrayList<>())
                        .add(A_WEEK.verdicts().get(episode))));

        assertThat(byScore).hasSizeGreaterThan(3).allSatisfy((score, verdicts) -> {
            assertThat(verdicts).as("answers " + score).hasSizeGreaterThan(20);
            assertThat(shareOf(verdicts))
                    .as("dissatisfied among " + score)
                    .isGreaterThan(0)
                    .isLessThan(1);
        });
    }

    @Test
    void noCombinationOfWhatRulesReadSaysForSure() {
        Map<String, List<Verdict>> bySignature = new TreeMap<>();
        SEEN.forEach((episode, touchpoints) -> bySignature
                .computeIfAbsent(signature(touchpoints), s -> new ArrayList<>())
                .add(A_WEEK.verdicts().get(episode)));
        List<List<Verdict>> common = bySignature.values().stream()
                .filter(verdicts -> verdicts.size() >= 40)
                .toList();

        // A rule that knew the best answer for every combination would still often be wrong.
        long cases = 0;
        long wrong = 0;
        for (List<Verdict> verdicts : common) {
            long dissatisfied = verdicts.stream().filter(Verdict::dissatisfied).count();
            cases += verdicts.size();
            wrong += Math.min(dissatisfied, verdicts.size() - dissatisfied);
            assertThat(dissatisfied).isBetween(0L, (long) verdicts.size() - 1);
        }
        assertThat(common).hasSizeGreaterThan(10);
        assertThat(wrong / (double) cases).isGreaterThan(0.05);
    }

    @Test
    void badExperiencesStillWeigh() {
        assertThat(correlation(SEEN, touchpoints -> outcomes(touchpoints, "unresolved")))
                .isBetween(0.1, 0.8);
        assertThat(correlation(SEEN, touchpoints -> kinds(touchpoints, "promise_broken")))
                .isBetween(0.03, 0.8);
        assertThat(correlation(SEEN, touchpoints -> kinds(touchpoints, "complaint")))
                .isBetween(0.05, 0.8);
    }

    @Test
    void someSufferWithoutATrace() {
        assertThat(SEEN.entrySet())
                .filteredOn(entry -> A_WEEK.verdicts().get(entry.getKey()).dissatisfied())
                .filteredOn(entry -> signature(entry.getValue()).equals("u0 c0 e0 p0 a0 w0 t0 s-"))
                .hasSizeGreaterThan(30);
    }

    private static String level(Survey survey) {
        double share = (survey.getScore() - survey.getScaleMin()) / (survey.getScaleMax() - survey.getScaleMin());
        double good = "lower_is_better".equals(survey.getDirection()) ? 1 - share : share;
        return survey.getMetric() + (good < 0.3 ? " low" : good > 0.75 ? " high" : " middle");
    }

    private static String signature(List<Touchpoint> touchpoints) {
        String score = touchpoints.stream()
                .filter(touchpoint -> touchpoint.getSurvey() != null)
                .findFirst()
                .map(touchpoint -> level(touchpoint.getSurvey()))
                .orElse("-");
        long waited = touchpoints.stream()
                .filter(t -> t.getWaitMs() != null && t.getChannel().equals("call"))
                .mapToLong(Touchpoint::getWaitMs)
                .sum();
        return "u" + outcomes(touchpoints, "unresolved") + " c" + kinds(touchpoints, "complaint") + " e"
                + kinds(touchpoints, "error") + " p" + kinds(touchpoints, "promise_broken") + " a"
                + outcomes(touchpoints, "abandoned") + " w" + Math.min(3, waited / 180_000) + " t"
                + kinds(touchpoints, "transfer") + " s" + score;
    }

    private static int kinds(List<Touchpoint> touchpoints, String kind) {
        return (int) touchpoints.stream().filter(t -> t.getKind().equals(kind)).count();
    }

    private static int outcomes(List<Touchpoint> touchpoints, String outcome) {
        return (int)
                touchpoints.stream().filter(t -> outcome.equals(t.getOutcome())).count();
    }

    private static double shareOf(List<Verdict> verdicts) {
        return verdicts.stream().filter(Verdict::dissatisfied).count() / (double) verdicts.size();
    }

    private static double correlation(
            Map<String, List<Touchpoint>> episodes, ToDoubleFunction<List<Touchpoint>> visible) {
        double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
        for (Map.Entry<String, List<Touchpoint>> episode : episodes.entrySet()) {
            double seen = visible.applyAsDouble(episode.getValue());
            double felt = A_WEEK.verdicts().get(episode.getKey()).dissatisfaction();
            n++;
            x += seen;
            y += felt;
            xx += seen * seen;
            yy += felt * felt;
            xy += seen * felt;
        }
        return (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
    }
}
