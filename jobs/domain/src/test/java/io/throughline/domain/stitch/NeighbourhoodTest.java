package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {

    private final List<Touchpoint> touchpoints = new ArrayList<>();

    /** An index that answers in pages of ten, and remembers how many it had to give. */
    private final class Pages implements Neighbourhood.Source {
        int given;

        @Override
        public @Nullable Touchpoint touchpoint(String touchpointId) {
            return touchpoints.stream()
                    .filter(t -> t.touchpointId().equals(touchpointId))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public List<Touchpoint> bearing(Collection<Identifier> identifiers, @Nullable String after) {
            List<Touchpoint> page = touchpoints.stream()
                    .filter(t -> t.identifiers().stream().anyMatch(identifiers::contains))
                    .filter(t -> after == null || t.touchpointId().compareTo(after) > 0)
                    .sorted(Comparator.comparing(Touchpoint::touchpointId))
                    .limit(10)
                    .toList();
            given += page.size();
            return page;
        }
    }

    @Test
    void follows_a_chain_to_its_end_and_leaves_strangers_out() throws IOException {
        for (int i = 0; i < 50; i++) {
            touchpoint("t-" + i, id("email", i), id("email", i + 1));
        }
        touchpoint("stranger", id("email", 1000));

        Neighbourhood around = around(new Pages(), new Subject.Known(id("email", 0)), 1_000);

        assertThat(around.complete()).isTrue();
        assertThat(around.touchpoints()).hasSize(50);
    }

    @Test
    void reads_no_more_of_a_super_node_than_it_takes_to_see_that_it_is_one() throws IOException {
        Identifier junk = new Identifier("phone", "junk");
        for (int i = 0; i < 1_000; i++) {
            touchpoint("t-" + i, id("customer_number", i), junk);
        }
        touchpoint("other", id("customer_number", 5), id("email", 5));
        Pages pages = new Pages();

        Neighbourhood around = around(pages, new Subject.Known(id("customer_number", 5)), 500);

        assertThat(around.complete()).isTrue();
        assertThat(pages.given).isLessThan(50);
        assertThat(around.touchpoints()).extracting(Touchpoint::touchpointId).contains("t-5", "other");
    }

    @Test
    void says_where_it_stopped_before_the_end() throws IOException {
        for (int i = 0; i < 50; i++) {
            touchpoint("t-" + i, id("email", i), id("email", i + 1));
        }

        Neighbourhood around = around(new Pages(), new Subject.TouchpointId("t-0"), 20);

        assertThat(around.complete()).isFalse();
        assertThat(around.touchpoints()).hasSize(20);
    }

    private static Neighbourhood around(Neighbourhood.Source source, Subject subject, int most) throws IOException {
        return Neighbourhood.of(source, List.of(subject), List.of(), StitchConfig.DEFAULTS, most);
    }

    private void touchpoint(String id, Identifier... identifiers) {
        touchpoints.add(Touchpoint.of(id, 0, "web", "page_view")
                .identifiers(List.of(identifiers))
                .build());
    }

    private static Identifier id(String type, int number) {
        return new Identifier(type, "v" + number);
    }
}
