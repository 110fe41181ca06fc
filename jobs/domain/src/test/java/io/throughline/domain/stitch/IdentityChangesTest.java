package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.IdentityChanges.Cause;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdentityChangesTest {

    @Test
    void whereAllBecomeOneCustomersTheSameIsToldAsInTheGeneralCase() {
        int merges = 0;
        int absorbed = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<Identifier> members = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(9); i++) {
                members.add(new Identifier(random.nextBoolean() ? "email" : "cookie", "v" + i));
            }
            Stitching.Outcome outcome = Stitching.decide(chain(members), List.of(), RandomPeople.CONFIG);
            String customer = CustomerIds.of(members.get(random.nextInt(members.size())));
            Map<Identifier, Assignment> before = new HashMap<>();
            Map<Identifier, Assignment> after = new HashMap<>();
            for (Identifier member : members) {
                after.put(member, Assignment.joined(customer));
                Assignment told = told(member, customer, members, random);
                if (told != null) {
                    before.put(member, told);
                }
            }
            Reasons reasons = new Reasons(before, after, List.of(), List.of(), List.of(), List.of(), Cause.at(seed));

            List<IdentityChange> changes = IdentityChanges.between(outcome, reasons, seed);

            assertThat(changes).as("seed %d", seed).isEqualTo(IdentityChanges.amongSeveral(outcome, reasons, seed));
            merges += changes.size();
            absorbed += changes.stream().mapToInt(c -> c.absorbed().size()).sum();
        }
        assertThat(merges).isGreaterThan(1_200);
        assertThat(absorbed).as("more than one at once").isGreaterThan(merges + 1_000);
    }

    private static List<Link> chain(List<Identifier> members) {
        List<Link> links = new ArrayList<>();
        for (int i = 1; i < members.size(); i++) {
            links.add(Link.of(members.get(i - 1), members.get(i), i, "t" + i, RandomPeople.CONFIG));
        }
        return links;
    }

    /** Nothing yet, that it is whoever's it is now, another member's, one's own, or nobody's. */
    private static @Nullable Assignment told(
            Identifier member, String customer, List<Identifier> members, Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> Assignment.joined(customer);
            case 2 -> Assignment.joined(CustomerIds.of(members.get(random.nextInt(members.size()))));
            case 3 -> Assignment.shared(CustomerIds.of(member), member);
            default -> Assignment.QUARANTINED;
        };
    }
}
