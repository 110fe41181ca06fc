package io.throughline.bench;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A seeded population as identity stitching meets it: two to six identifiers per customer, each combination seen once
 * and then again and again by Zipf's law, a few wrong bridges between strangers, devices that households share, kiosks.
 * Every touchpoint is made anew from its number, so that a million customers take no memory here and nothing computed
 * for one touchpoint is there for the next.
 */
final class People {

    /**
     * @param customers how many people
     * @param repeats how often a combination of identifiers is seen, on average
     * @param bridges of 1000 first sightings, how many bear somebody else's personal identifier
     * @param households of 1000 customers, how many share a tablet with two neighbours
     * @param kiosk how many customers use one kiosk; 0: there is none
     * @param onKiosk of 1000 customers, how many are seen on their kiosk
     * @param seed everything follows from it
     */
    record Mix(int customers, int repeats, int bridges, int households, int kiosk, int onKiosk, long seed) {

        /** Rates as they are in a company that has nothing special. */
        static Mix realistic(int customers, long seed) {
            return new Mix(customers, 4, 3, 200, 2_000, 20, seed);
        }

        Mix seenOnce() {
            return new Mix(customers, 1, bridges, households, kiosk, onKiosk, seed);
        }
    }

    private static final long START = 1_767_225_600_000L;
    private static final String[] PERSON = {"customer_number", "email", "phone", "loyalty_id"};

    private final Mix mix;
    /** Customer in the upper bits, which of its sightings in the lower four. */
    private final long[] sightings;

    People(Mix mix) {
        this.mix = mix;
        this.sightings = sightings();
    }

    int size() {
        return sightings.length;
    }

    Touchpoint touchpoint(int number) {
        int customer = (int) (sightings[number] >>> 4);
        int sighting = (int) (sightings[number] & 15);
        return Touchpoint.of(
                        "tp-" + Long.toString(mix.seed & 0xffff, 36) + "-" + number,
                        START + number * 10L,
                        "web",
                        "page_view")
                .identifiers(borne(customer, sighting))
                .touchpoint("product_page")
                .stage("consider")
                .build();
    }

    private long[] sightings() {
        SplittableRandom random = new SplittableRandom(mix.seed);
        int first = 0;
        for (int customer = 0; customer < mix.customers; customer++) {
            first += sightingsOf(customer);
        }
        long[] result = new long[first * mix.repeats];
        int at = 0;
        for (int customer = 0; customer < mix.customers; customer++) {
            for (int sighting = 0; sighting < sightingsOf(customer); sighting++) {
                result[at++] = (long) customer << 4 | sighting;
            }
        }
        for (int i = first - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            long swapped = result[i];
            result[i] = result[other];
            result[other] = swapped;
        }
        double customers = Math.log(mix.customers);
        while (at < result.length) {
            // A density of 1/rank: the logarithm of the rank is uniform.
            int customer = Math.min(mix.customers - 1, (int) Math.exp(random.nextDouble() * customers));
            result[at++] = (long) customer << 4 | random.nextInt(sightingsOf(customer));
        }
        return result;
    }

    private long trait(int customer, int which) {
        return mixed(mix.seed + 31L * customer + which * 0x9E3779B97F4A7C15L);
    }

    private static long mixed(long seed) {
        long z = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private static int within(long trait, int bound) {
        return (int) Long.remainderUnsigned(trait, bound);
    }

    /** Two to six. */
    private int identifiersOf(int customer) {
        return 2 + within(trait(customer, 1), 5);
    }

    private boolean inHousehold(int customer) {
        return within(trait(customer / 3, 2), 1000) < mix.households;
    }

    private boolean onKiosk(int customer) {
        return mix.kiosk > 0 && within(trait(customer, 3), 1000) < mix.onKiosk;
    }

    private int sightingsOf(int customer) {
        return identifiersOf(customer) - 1 + (inHousehold(customer) ? 1 : 0) + (onKiosk(customer) ? 1 : 0);
    }

    /** Each sighting but the first brings one more identifier, together with one seen before. */
    private List<Identifier> borne(int customer, int sighting) {
        int own = identifiersOf(customer);
        List<Identifier> result = new ArrayList<>(3);
        if (sighting >= own - 1) {
            boolean household = inHousehold(customer) && sighting == own - 1;
            result.add(identifier(customer, 0));
            result.add(
                    household
                            ? new Identifier("device_id", device("tablet", customer / 3))
                            : new Identifier("device_id", device("kiosk", customer / mix.kiosk)));
            return result;
        }
        int newest = sighting + 1;
        int known = within(trait(customer, 16 + sighting), newest);
        result.add(identifier(customer, known));
        if (within(trait(customer, 32 + sighting), 1000) < mix.bridges) {
            int stranger = within(trait(customer, 48 + sighting), mix.customers);
            result.add(identifier(stranger, 1));
        }
        result.add(identifier(customer, newest));
        if (newest > 1 && within(trait(customer, 64 + sighting), 100) < 30) {
            result.add(identifier(customer, (known + 1) % newest));
        }
        return result;
    }

    /** The first two are a person's; of the others about half are devices. */
    private Identifier identifier(int customer, int which) {
        long trait = trait(customer, 80 + which);
        boolean device = which > 1 && (trait & 1) == 0;
        if (device) {
            return (trait & 2) == 0
                    ? new Identifier("device_id", device("phone" + which, customer))
                    : new Identifier(
                            "cookie",
                            Hash128.of("cookie" + which, "" + customer).hex(22));
        }
        String type = which == 0 && (trait & 6) == 0 ? "messaging_id" : PERSON[which % PERSON.length];
        return new Identifier(
                type,
                type.equals("customer_number")
                        ? "K" + (10_000_000 + customer)
                        : Hash128.of(type + which, "" + customer).hex());
    }

    private static String device(String kind, int number) {
        String hex = Hash128.of(kind, "" + number).hex();
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }
}
