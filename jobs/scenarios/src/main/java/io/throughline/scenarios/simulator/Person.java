package io.throughline.scenarios.simulator;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One human being: what the company can see of them, and what it cannot. */
final class Person {
    private static final int SENSITIVITY = 11;
    private static final int MOOD = 12;

    final String id;
    final int index;
    final Household household;
    final String email;
    final String mobile;
    final String handle;
    final String card;
    final Device phone;
    final Device laptop;
    final Company.Brand homeBrand;
    final Company.Product product;
    final String segment;
    final int habit;

    @Nullable
    String customerNumber;

    @Nullable
    String accountId;

    @Nullable
    String loyaltyId;

    /** No second thing at the same time: until then this person is occupied, epoch milliseconds. */
    long busyUntil;

    long surveyedAt = Long.MIN_VALUE / 2;
    int sittings;

    private final long seed;
    private final double tolerance;
    private final double style;
    private final double openness;
    private final Map<Experience, Double> sensitivity = new EnumMap<>(Experience.class);
    /** What earlier episodes left behind; fades with every new one. */
    private double resentment;

    Person(long seed, int index, Household household, Dice dice) {
        this.seed = seed;
        this.index = index;
        this.id = "P" + (100_000 + index);
        this.household = household;
        String first = dice.pick(Names.FIRST);
        String last = dice.pick(Names.LAST);
        this.email = first.toLowerCase(Locale.ROOT) + "." + last.toLowerCase(Locale.ROOT) + index + "@example."
                + dice.pick(List.of("com", "org", "net"));
        this.mobile = Names.phone(index, 0);
        this.handle = "@" + first.toLowerCase(Locale.ROOT) + "_" + Integer.toString(index + 7_919, 36);
        this.card = "tok_" + Device.hex(dice.next());
        this.phone = Device.drawn(dice, "ios");
        this.laptop = Device.drawn(dice, "pc");
        this.homeBrand = dice.pick(Company.BRANDS);
        this.product = dice.pick(homeBrand.products());
        this.segment = List.of("mass", "student", "affluent", "business", "loyal")
                .get(dice.weighted(0.52, 0.14, 0.14, 0.10, 0.10));
        this.habit = dice.between(0, 99);
        if (dice.chance(0.88)) {
            becomeCustomer();
        }
        if (customerNumber != null && dice.chance(0.45)) {
            loyaltyId = loyaltyNumber();
        }
        this.tolerance = 1.75 + 0.70 * dice.normal();
        this.style = 0.10 * dice.normal();
        this.openness = dice.around(1, 0.5);
    }

    void becomeCustomer() {
        customerNumber = "C" + (7_000_000 + index * 7);
        boolean joint = household.jointAccount() != null && index < household.first() + 2;
        accountId = joint ? household.jointAccount() : "A" + (400_000_000L + index * 13L);
    }

    String loyaltyNumber() {
        return "L" + (90_000_000L + index * 3L);
    }

    String mobileAsTyped(Dice dice) {
        return Names.typed(mobile, dice);
    }

    /** People type their own address in more than one way. */
    String emailAsTyped(Dice dice) {
        return switch (dice.weighted(0.86, 0.06, 0.06, 0.02)) {
            case 1 -> email.toUpperCase(Locale.ROOT);
            case 2 -> Character.toUpperCase(email.charAt(0)) + email.substring(1);
            case 3 -> " " + email + " ";
            default -> email;
        };
    }

    String variantOf(String experiment) {
        return (Dice.mix(seed + index * 31L + experiment.hashCode()) & 1) == 0 ? "A" : "B";
    }

    /** How much this weighs on this person: the typical weight times a private sensitivity. */
    double weigh(Experience experience) {
        return experience.weight
                * sensitivity.computeIfAbsent(experience, e -> Dice.of(seed, SENSITIVITY, index * 64L + e.ordinal())
                        .around(1, 0.8));
    }

    /** The day's private mood, the same for all episodes of the day; nothing published depends on it directly. */
    double mood(long time) {
        long day = Math.floorDiv(time, Rhythm.DAY);
        return 0.5 * Dice.of(seed, MOOD, index * 100_003L + day).normal();
    }

    /** Latent dissatisfaction from 0 (delighted) to 1 (gone), given what weighs on the person now. */
    double dissatisfaction(double load) {
        return 1 / (1 + StrictMath.exp(-(load + resentment - tolerance) / 0.6));
    }

    void remember(double dissatisfaction) {
        resentment = 0.6 * resentment + 0.5 * Math.max(0, dissatisfaction - 0.3);
    }

    /** How the feeling comes out when asked: another day, another scale reading, another wish to please. */
    double expressed(double dissatisfaction, Dice dice) {
        double misread = dice.chance(0.02) ? 1 - dissatisfaction : dissatisfaction;
        return Math.max(0, Math.min(1, misread + style + 0.16 * dice.normal()));
    }

    /** Likelihood to speak up, around 1. */
    double openness() {
        return openness;
    }
}
