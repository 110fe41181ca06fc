package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionMovesTest {

    @Test
    void neighbours_with_one_name_are_one_visit() {
        assertThat(moves(path("web", "web", "bot", "bot", "web")))
                .containsEntry("ways", Map.of("channel", "web\tbot\tweb"));
    }

    @Test
    void each_turn_is_said_once_with_the_times_it_took() {
        List<SessionMoves.Step> path =
                List.of(at(0, "web"), at(10, "web"), at(40, "call"), at(50, "web"), at(85, "call"), at(9_000, "web"));

        assertThat(moves(path))
                .containsEntry("turns", List.of("web\tcall", "call\tweb"))
                // 30 s and 35 s; 10 s, and 8,915 s.
                .containsEntry(
                        "turns_within",
                        List.of("web\tcall\t30000", "call\tweb\t10000", "web\tcall\t45000", "call\tweb\t10800000"));
    }

    @Test
    void steps_say_where_sessions_went_on_and_where_they_ended() {
        assertThat(moves(path("web", "chat")))
                .containsEntry("steps", Map.of("channel", List.of("1\tweb\tchat", "2\tchat\t")));
    }

    @Test
    void what_comes_after_the_sixth_visit_is_said_to_be_there() {
        Map<String, Object> moves = moves(path("a", "b", "a", "b", "a", "b", "a", "b"));

        assertThat(moves)
                .containsEntry("ways", Map.of("channel", "a\tb\ta\tb\ta\tb\t…"))
                .containsEntry(
                        "steps",
                        Map.of("channel", List.of("1\ta\tb", "2\tb\ta", "3\ta\tb", "4\tb\ta", "5\ta\tb", "6\tb\t…")));
        assertThat(moves(path("a", "b", "a", "b", "a", "b")))
                .containsEntry("ways", Map.of("channel", "a\tb\ta\tb\ta\tb"));
    }

    @Test
    void stages_and_touchpoints_are_told_where_they_are_known() {
        assertThat(moves(List.of(
                        new SessionMoves.Step(0, "web", "catalogue", null),
                        new SessionMoves.Step(1, "web", null, "support"),
                        new SessionMoves.Step(2, "web", "help", "support"))))
                .containsEntry("ways", Map.of("channel", "web", "stage", "support", "touchpoint", "catalogue\thelp"));
    }

    @Test
    void a_tab_in_a_name_divides_nothing() {
        assertThat(moves(List.of(new SessionMoves.Step(0, "web", "a\tb", null))))
                .containsEntry("ways", Map.of("channel", "web", "touchpoint", "a b"));
    }

    @Test
    void a_session_longer_than_its_path_ends_nowhere_that_is_known() {
        Map<String, Object> moves = SessionMoves.of(path("web", "chat"), 3);

        assertThat(moves)
                .containsEntry("steps", Map.of("channel", List.of("1\tweb\tchat", "2\tchat\t…")))
                .containsEntry("ways", Map.of("channel", "web\tchat\t…"))
                .containsEntry("turns", List.of("web\tchat"));
        assertThat(SessionMoves.of(path("a", "b", "a", "b", "a", "b"), 7))
                .containsEntry("ways", Map.of("channel", "a\tb\ta\tb\ta\tb\t…"));
    }

    @Test
    void a_path_without_anything_says_nothing() {
        assertThat(moves(List.of())).isEmpty();
    }

    @Test
    void times_are_rounded_up_to_lengths_people_use() {
        assertThat(SessionMoves.within(0)).isEqualTo(1_000);
        assertThat(SessionMoves.within(-5)).isEqualTo(1_000);
        assertThat(SessionMoves.within(60_000)).isEqualTo(60_000);
        assertThat(SessionMoves.within(60_001)).isEqualTo(90_000);
        assertThat(SessionMoves.within(Long.MAX_VALUE)).isEqualTo(30L * 86_400_000);
    }

    private static Map<String, Object> moves(List<SessionMoves.Step> wholePath) {
        return SessionMoves.of(wholePath, wholePath.size());
    }

    private static List<SessionMoves.Step> path(String... channels) {
        List<SessionMoves.Step> path = new ArrayList<>();
        for (String channel : channels) {
            path.add(at(path.size(), channel));
        }
        return path;
    }

    private static SessionMoves.Step at(long second, String channel) {
        return new SessionMoves.Step(second * 1_000, channel, null, null);
    }
}
