package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A device on which one person after the other logs in. */
class SharedDeviceTest {
    private static final Identifier DEVICE = new Identifier("device_id", "d-1");
    private static final long NOON = 1_768_305_600_000L;
    private static final int PERSONS = 8;

    private final NodeRule rule = new NodeRule(StitchConfig.DEFAULTS);
    private final Map<Hash128, NodeState> nodes = new HashMap<>();
    private final Queue<StitchMessage> underWay = new ArrayDeque<>();
    /** Whom the device told what it has become. */
    private final List<Hash128> told = new ArrayList<>();

    @Test
    void tellsEachPersonOnceWhatItHasBecome() {
        for (int person = 0; person < PERSONS; person++) {
            Touchpoint login = Touchpoint.of("t-" + person, NOON + person, "web", "login")
                    .identifiers(List.of(number(person), DEVICE))
                    .build();
            take(
                    NodeRule.homeOf(login, StitchConfig.DEFAULTS),
                    new StitchInput.Touched(new TouchpointChange(login, +1, 1, "")));
            while (!underWay.isEmpty()) {
                StitchMessage next = underWay.remove();
                take(next.to(), new StitchInput.Received(next));
            }
        }

        List<Hash128> persons = IntStream.range(0, PERSONS)
                .mapToObj(person -> number(person).hash())
                .toList();
        assertThat(told).containsExactlyInAnyOrderElementsOf(persons);
    }

    private static Identifier number(int person) {
        return new Identifier("customer_number", "" + person);
    }

    private void take(Hash128 self, StitchInput input) {
        var step = rule.on(self, nodes.get(self), input);
        nodes.put(self, step.state());
        for (StitchOutput output : step.out()) {
            if (output instanceof StitchOutput.Sent sent) {
                underWay.add(sent.message());
                List<StitchMessage> words = sent.message() instanceof StitchMessage.Several several
                        ? several.all()
                        : List.of(sent.message());
                for (StitchMessage word : words) {
                    if (word instanceof StitchMessage.Became became && self.equals(DEVICE.hash())) {
                        told.add(became.to());
                    }
                }
            }
        }
    }
}
