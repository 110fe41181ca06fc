package io.throughline.scenarios.simulator;

import java.util.HashMap;
import java.util.Map;

/** The customers there could be; each comes to life when first needed, always as the same person. */
final class Population {
    private static final int PERSON = 1;
    private static final int HOUSEHOLD = 2;
    /** Ways to share five neighbours out over homes. */
    private static final int[][] HOMES = {{1, 1, 1, 1, 1}, {2, 1, 2}, {2, 3}, {1, 4}, {2, 1, 1, 1}, {5}};

    private final long seed;
    private final int size;
    private final Map<Integer, Person> people = new HashMap<>();
    private final Map<Integer, Household> households = new HashMap<>();

    Population(long seed, int size) {
        this.seed = seed;
        this.size = size;
    }

    Person person(int index) {
        Person known = people.get(index);
        if (known != null) {
            return known;
        }
        Person person = new Person(seed, index, household(index), Dice.of(seed, PERSON, index));
        people.put(index, person);
        return person;
    }

    /** Somebody; a fifth of the people does half of the contacting. */
    Person anyone(Dice dice) {
        double unit = dice.unit();
        return person((int) (size * (dice.chance(0.4) ? unit * 0.2 : unit)));
    }

    private Household household(int index) {
        int block = index / 5;
        int[] homes = HOMES[(int) Math.floorMod(Dice.mix(seed ^ block * 7L), HOMES.length)];
        int first = block * 5;
        int home = 0;
        while (index >= first + homes[home]) {
            first += homes[home++];
        }
        int key = first;
        int members = Math.min(homes[home], size - first);
        return households.computeIfAbsent(key, k -> {
            Dice dice = Dice.of(seed, HOUSEHOLD, k);
            String landline = dice.chance(0.6) ? Names.phone(k, 1) : null;
            Device tablet = Device.drawn(dice, "tab");
            String account = members > 1 && dice.chance(0.2) ? "A" + (300_000_000L + k * 17L) : null;
            return new Household("H" + (100_000 + k), k, members, landline, tablet, account);
        });
    }
}
