package io.throughline.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.dashboard.read.Answer;
import io.throughline.dashboard.read.Outage;
import io.throughline.dashboard.read.Section;
import io.throughline.dashboard.read.View;
import io.throughline.dashboard.read.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BoardTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final View CHAT = new View(Window.HOUR, "chat");
    private static final Section PIPELINE = new Section(Section.Name.PIPELINE, null);
    private static final Section ALERTS = new Section(Section.Name.ALERTS, View.DEFAULT);
    private static final Section CHAT_ALERTS = new Section(Section.Name.ALERTS, CHAT);

    private final Board board = new Board();

    @Test
    void whatDidNotChangeIsNotSentAgain() {
        read(Map.of(PIPELINE, data("a"), ALERTS, data("b")));
        long seen = newestVersion(View.DEFAULT);

        read(Map.of(PIPELINE, data("a"), ALERTS, data("c")));

        assertThat(board.changedSince(seen, View.DEFAULT))
                .singleElement()
                .satisfies(section -> assertThat(section.json()).isEqualTo("{\"data\":\"c\"}"));
        assertThat(board.changedSince(newestVersion(View.DEFAULT), View.DEFAULT))
                .isEmpty();
    }

    @Test
    void changesComeInTheOrderTheyHappened() {
        read(Map.of(PIPELINE, data("a")));
        read(Map.of(ALERTS, data("b")));
        read(Map.of(PIPELINE, data("c")));

        assertThat(board.changedSince(0, View.DEFAULT))
                .extracting(Board.Published::name)
                .containsExactly(Section.Name.ALERTS, Section.Name.PIPELINE);
        assertThat(board.changedSince(0, View.DEFAULT))
                .extracting(Board.Published::version)
                .isSorted();
    }

    @Test
    void everybodySeesTheirOwnViewAndWhatAllShare() {
        read(Map.of(PIPELINE, data("all"), ALERTS, data("mine"), CHAT_ALERTS, data("theirs")));

        assertThat(board.changedSince(0, CHAT))
                .extracting(Board.Published::json)
                .containsExactlyInAnyOrder("{\"data\":\"all\"}", "{\"data\":\"theirs\"}");
    }

    @Test
    void aSectionThatFailedKeepsItsLastDataAndSaysSo() {
        read(Map.of(ALERTS, data("good")));
        read(Map.of(ALERTS, new Answer(null, "took too long")));

        assertThat(board.changedSince(0, View.DEFAULT)).singleElement().satisfies(section -> assertThat(section.json())
                .isEqualTo("{\"data\":\"good\",\"error\":\"took too long\"}"));
    }

    @Test
    void anOutageKeepsEverythingAndRemembersWhenItBegan() {
        read(Map.of(ALERTS, data("good")));
        board.outage(NOON.plusSeconds(5), new Outage("refused", false));
        board.outage(NOON.plusSeconds(6), new Outage("refused", false));

        assertThat(board.changedSince(0, View.DEFAULT)).hasSize(1);
        assertThat(board.pulse().asOf()).isEqualTo(NOON);
        assertThat(board.pulse().outageSince()).isEqualTo(NOON.plusSeconds(5));

        read(Map.of());
        assertThat(board.pulse().outage()).isNull();
        assertThat(board.pulse().outageSince()).isNull();
    }

    @Test
    void viewsNobodyLooksAtAreForgotten() {
        read(Map.of(PIPELINE, data("all"), CHAT_ALERTS, data("theirs")));

        board.update(NOON, Duration.ZERO, Map.of(), Set.of(View.DEFAULT));

        assertThat(board.changedSince(0, CHAT))
                .extracting(Board.Published::name)
                .containsExactly(Section.Name.PIPELINE);
    }

    @Test
    void jsonIsPlainAsciiInOneLine() {
        read(Map.of(ALERTS, data("„böse“ \u2028\n<script>")));

        assertThat(board.changedSince(0, View.DEFAULT).get(0).json())
                .isEqualTo("{\"data\":\"\\u201Eb\\u00F6se\\u201C \\u2028\\n<script>\"}");
    }

    private void read(Map<Section, Answer> answers) {
        board.update(NOON, Duration.ofMillis(3), answers, List.of(View.DEFAULT, CHAT));
    }

    private long newestVersion(View view) {
        return board.changedSince(0, view).stream()
                .mapToLong(Board.Published::version)
                .max()
                .orElse(0);
    }

    private static Answer data(String data) {
        return new Answer(data, null);
    }
}
