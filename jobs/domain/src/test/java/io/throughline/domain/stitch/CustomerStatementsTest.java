package io.throughline.domain.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CustomerStatementsTest {

    @Test
    void ofOneCustomerSayWhatTheGeneralCaseSays() {
        int said = 0;
        int absorbed = 0;
        int simple = 0;
        int restated = 0;
        int decided = 0;
        int set = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            Holding holding = component(new Random(seed));
            Holding same = component(new Random(seed));

            boolean isSimple = CustomerStatements.theOnlyCustomer(holding) != null;
            if (isSimple) {
                simple++;
                restated += holding.standings.values().stream().anyMatch(s -> s.version() > 0) ? 1 : 0;
            } else if (!holding.decisions.isEmpty()) {
                decided++;
            } else if (holding.assigned.values().stream().anyMatch(a -> a.kind() != Assignment.Kind.JOINED)) {
                set++;
            }
            List<CustomerIdentity> news = CustomerStatements.news(holding, holding.evidence(), RandomPeople.CONFIG);

            assertThat(news)
                    .as("seed %d", seed)
                    .isEqualTo(new CustomerStatements(same, same.evidence(), RandomPeople.CONFIG).news(same));
            assertThat(holding.stated.byCustomer()).as("seed %d", seed).isEqualTo(same.stated.byCustomer());
            assertThat(holding.statements).as("seed %d", seed).isEqualTo(same.statements);
            said += news.size();
            absorbed +=
                    (int) news.stream().filter(n -> n.absorbedInto() != null).count();
        }
        assertThat(said).isGreaterThan(4_000);
        assertThat(absorbed).isGreaterThan(2_000);
        assertThat(simple).as("without the general case").isGreaterThan(600);
        assertThat(restated)
                .as("of these with an identifier that said something else before")
                .isGreaterThan(150);
        assertThat(decided).as("decided by people").isGreaterThan(200);
        assertThat(set).as("with shared or quarantined members").isGreaterThan(150);
    }

    @Test
    void nothingIsSaidTwice() {
        Holding holding = component(new Random(1));
        assertThat(CustomerStatements.news(holding, holding.evidence(), RandomPeople.CONFIG))
                .isNotEmpty();

        assertThat(CustomerStatements.news(holding, holding.evidence(), RandomPeople.CONFIG))
                .isEmpty();
    }

    /** One, some or all of the members join nobody, of which their standing need not say anything yet. */
    private static void setApart(
            List<Identifier> members, Map<Identifier, Assignment> assigned, Holding holding, Random random) {
        int last = random.nextBoolean() ? members.size() : 1 + random.nextInt(members.size());
        boolean quarantined = random.nextBoolean();
        for (Identifier member : members.subList(0, last)) {
            assigned.put(
                    member,
                    quarantined
                            ? Assignment.QUARANTINED
                            : Assignment.shared(CustomerIds.of(members.get(0)), members.get(0)));
            if (quarantined && random.nextBoolean()) {
                holding.add(member, new Standing(Standing.Kind.QUARANTINED, 2));
            }
        }
    }

    /** Of one customer, some of it said before; now and then something is odd about it. */
    private static Holding component(Random random) {
        List<Identifier> members = new ArrayList<>();
        int size = 1 + random.nextInt(12);
        for (int i = 0; i < size; i++) {
            String[] types = {"account_id", "email", "email", "device_id", "cookie"};
            members.add(new Identifier(types[random.nextInt(types.length)], "v" + i));
        }
        Holding holding = new Holding();
        for (int i = 0; i < random.nextInt(2 * size + 1); i++) {
            Identifier one = members.get(random.nextInt(size));
            Identifier other = members.get(random.nextInt(size));
            if (one.equals(other)) {
                continue;
            }
            Link link = Link.of(one, other, random.nextInt(9), "t" + random.nextInt(4), RandomPeople.CONFIG);
            Identifier home = members.get(random.nextInt(size));
            holding.facts.add(new Fact(
                    new Fact.Key(link.left(), link.right(), home),
                    new Fact.Support(link.eventTime(), link.touchpointId(), Hash128.of("t"))));
        }
        Identifier strongest = members.get(random.nextInt(size));
        Map<Identifier, Assignment> assigned = new HashMap<>();
        for (Identifier member : members) {
            assigned.put(member, Assignment.joined(CustomerIds.of(strongest)));
            if (random.nextInt(12) > 0) {
                holding.add(member, random.nextInt(20) > 0 ? Standing.INITIAL : new Standing(Standing.Kind.USABLE, 3));
            }
        }
        if (random.nextInt(10) == 0) {
            assigned.put(members.get(0), Assignment.alone(members.get(0)));
        }
        if (random.nextInt(6) == 0) {
            setApart(members, assigned, holding, random);
        }
        while (size > 1 && random.nextInt(6) == 0) {
            int one = random.nextInt(size);
            int other = (one + 1 + random.nextInt(size - 1)) % size;
            Decision.Verdict[] verdicts = Decision.Verdict.values();
            holding.add(new Decision(
                    verdicts[random.nextInt(verdicts.length)],
                    members.get(one),
                    members.get(other),
                    random.nextInt(9),
                    "told us",
                    "ada"));
        }
        holding.assigned = assigned;
        while (random.nextInt(3) == 0) {
            Identifier about =
                    random.nextInt(4) == 0 ? members.get(0) : new Identifier("device_id", "s" + random.nextInt(3));
            Identifier holder =
                    random.nextInt(8) == 0 ? new Identifier("email", "elsewhere") : members.get(random.nextInt(size));
            String[] texts = {"shared", "shared", "quarantined", ""};
            holding.add(
                    new Note.Key(holder, about),
                    new Note(
                            texts[random.nextInt(texts.length)],
                            random.nextInt(8) == 0 ? CustomerIds.of(about) : "",
                            random.nextInt(9),
                            9,
                            1));
        }
        if (random.nextInt(4) == 0) {
            new CustomerStatements(holding, holding.evidence(), RandomPeople.CONFIG).news(holding);
            holding.facts.add(new Fact(
                    new Fact.Key(members.get(0), members.get(size - 1), members.get(0)),
                    new Fact.Support(0, "t0", Hash128.of("t"))));
        }
        return holding;
    }
}
