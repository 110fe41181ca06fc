package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the node of a weaker identifier announces of a touchpoint that a quarantined one hands over. */
class HandOversTest {

    private static final Identifier NUMBER = new Identifier("customer_number", "0");
    private static final Identifier EMAIL = new Identifier("email", "ada");
    private static final Identifier COOKIE = new Identifier("cookie", "k-1");
    private static final Touchpoint TOUCHPOINT = Touchpoint.of("t1", 1_768_305_600_000L, "web", "login")
            .identifiers(List.of(NUMBER, EMAIL, COOKIE))
            .build();
    private static final long FIRST = Attribution.firstSequence(1);

    private final NodeRule rule = new NodeRule(StitchConfig.DEFAULTS);
    private @Nullable NodeState state;

    @Test
    void isTakenBackWhenItIsHandedBackAndAnnouncedAnewWhenItIsHandedOverAgain() {
        StitchMessage.Announce announced = handedOver(true, 7, 1);
        assertThat(announced.facts()).hasSize(1);

        StitchMessage.Announce takenBack = handedOver(false, 9, 2);
        assertThat(takenBack.withdrawn())
                .extracting(Fact.Withdrawn::support)
                .containsExactly(announced.facts().get(0).support());
        assertThat(takenBack.facts()).isEmpty();

        StitchMessage.Announce again = handedOver(true, 11, 3);
        assertThat(again.facts()).hasSize(1);
        assertThat(again.facts().get(0).support())
                .as("not what was taken back for good")
                .isNotEqualTo(announced.facts().get(0).support());
        assertThat(seenWithTheCookie()).hasSize(1);
    }

    /** As after a failure: what was said before it arrives, and then what is said again, with a later sequence. */
    @Test
    void staysWhenTheSameHandOverIsSaidAgain() {
        assertThat(handedOver(true, 7, 1).facts()).hasSize(1);

        assertThat(announcedBy(host(true, 7, 2))).isEmpty();
        assertThat(seenWithTheCookie()).hasSize(1);
    }

    private List<Fact.Support> seenWithTheCookie() {
        assertThat(state).isNotNull();
        return state.near.supports(new Fact.Key(EMAIL, COOKIE, EMAIL));
    }

    private StitchMessage.Announce handedOver(boolean present, long version, int time) {
        List<StitchMessage.Announce> announced = announcedBy(host(present, version, time));
        assertThat(announced).hasSize(1);
        return announced.get(0);
    }

    private static StitchMessage.Host host(boolean present, long version, int time) {
        return new StitchMessage.Host(
                EMAIL, NUMBER.hash(), TOUCHPOINT, present, false, version, false, FIRST + time * (1L << 16));
    }

    private List<StitchMessage.Announce> announcedBy(StitchMessage.Host host) {
        var step = rule.on(EMAIL.hash(), state, new StitchInput.Received(host));
        state = step.state();
        return step.out().stream()
                .filter(StitchOutput.Sent.class::isInstance)
                .map(sent -> ((StitchOutput.Sent) sent).message())
                .filter(StitchMessage.Announce.class::isInstance)
                .map(StitchMessage.Announce.class::cast)
                .toList();
    }
}
