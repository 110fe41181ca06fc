package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkTest {

    @Test
    void ofEachPairTheEarliestCountsWhicheverWasTheStrongerThen() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Link> links = links(random, 1 + random.nextInt(40));
            Map<Set<Identifier>, Link> earliest = new HashMap<>();
            for (Link link : links) {
                earliest.merge(Set.of(link.left(), link.right()), link, (a, b) -> b.before(a) ? b : a);
            }

            assertThat(Link.earliestOfPairs(links))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(earliest.values());
            assertThat(Stitching.decideUsable(Link.earliestOfPairs(links), List.of(), StitchConfig.DEFAULTS))
                    .as("seed %d: what nodes decide by comes to what all links come to", seed)
                    .isEqualTo(Stitching.decide(links, List.of(), StitchConfig.DEFAULTS));
        }
    }

    private static List<Link> links(Random random, int count) {
        List<Identifier> identifiers = new ArrayList<>();
        for (String type : List.of("customer_number", "customer_number", "email", "email", "device_id", "cookie")) {
            identifiers.add(new Identifier(type, "v" + identifiers.size()));
        }
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int one = random.nextInt(identifiers.size());
            int other = (one + 1 + random.nextInt(identifiers.size() - 1)) % identifiers.size();
            links.add(new Link(identifiers.get(one), identifiers.get(other), random.nextInt(9), "t" + i));
        }
        return links;
    }
}
