package io.throughline.scenarios.simulator;

import io.throughline.schemas.Survey;
import io.throughline.schemas.SurveyAbout;
import org.jspecify.annotations.Nullable;

/**
 * One person after one thing, over minutes or weeks: what they do, when, and how it feels. Plots move {@link #at the
 * episode's clock} forward and tell touchpoints.
 */
final class Episode {
    private static final long EMAIL_PATIENCE = 20 * Rhythm.DAY;
    private static final long BETWEEN_SURVEYS = 10 * Rhythm.DAY;

    final Simulation world;
    final Person person;
    final String id;
    final Dice dice;
    Company.Brand brand;
    String plot = "";
    String topic;

    @Nullable
    String caseId;

    @Nullable
    String product;

    /** Where the episode is in virtual time, epoch milliseconds. */
    long at;

    @Nullable
    String sitting;

    /** The device in the person's hands, and whether it knows them. */
    Device device;

    String cookie;
    boolean app;
    boolean loggedIn;

    /** Touchpoints and steps still to come. */
    int open;

    int written;
    private double load;
    private long start = Long.MAX_VALUE;
    private long end = Long.MIN_VALUE;

    Episode(Simulation world, Person person, String id, Dice dice) {
        this.world = world;
        this.person = person;
        this.id = id;
        this.dice = dice;
        this.at = world.now();
        this.brand = dice.chance(0.7) ? person.homeBrand : dice.pick(Company.BRANDS);
        this.topic = dice.pick(brand.topics());
        this.product = brand == person.homeBrand
                ? person.product.name()
                : dice.pick(brand.products()).name();
        this.device = person.phone;
        this.cookie = person.phone.cookieAt(at);
        // What no touchpoint shows: the day's mood, and now and then a reason that has nothing to do with us.
        this.load = person.mood(at) + 0.7 * dice.normal() + (dice.chance(0.04) ? 2.2 : 0);
    }

    // --- time ---

    void pass(double medianSeconds) {
        at += 1_000 + (long) (1000 * dice.around(medianSeconds, 0.7));
    }

    void passMillis(long millis) {
        at += Math.max(1, millis);
    }

    /** The person takes this up again after a while, as soon as nothing else occupies them. */
    void later(long delay, Runnable step) {
        world.schedule(this, at + delay, () -> {
            long free = person.busyUntil;
            if (free > world.now()) {
                at = free;
                later(dice.between(Rhythm.MINUTE, Rhythm.HOUR), step);
                return;
            }
            at = world.now();
            sitDown();
            step.run();
            leave();
        });
    }

    /** Something the company does after a while, whatever the person is doing. */
    void meanwhile(long delay, Runnable step) {
        world.schedule(this, at + delay, () -> {
            String before = sitting;
            at = world.now();
            sitting = null;
            step.run();
            sitting = before;
        });
    }

    void sitDown() {
        sitting = person.id + "-" + ++person.sittings;
        person.busyUntil = Long.MAX_VALUE;
        loggedIn = false;
    }

    /** Mostly nothing else for a while; sometimes the next thing begins at once. */
    void leave() {
        person.busyUntil = at + (dice.chance(0.85) ? dice.between(40 * Rhythm.MINUTE, 3 * Rhythm.HOUR) : 0);
    }

    // --- feeling ---

    void felt(Experience experience) {
        felt(experience, 1);
    }

    /** A good part of what happens is simply not noticed. */
    void felt(Experience experience, double amount) {
        if (dice.chance(0.85)) {
            load += person.weigh(experience) * amount;
        }
    }

    double dissatisfaction() {
        return person.dissatisfaction(load);
    }

    /** An agent's way of talking, known to nobody but the customer. */
    void meets(int agent) {
        load += 0.5 * Dice.of(world.seed(), 9, agent).normal();
    }

    double mood() {
        return 0.75 - 1.5 * dissatisfaction() + 0.38 * dice.normal();
    }

    Verdict verdict(boolean over) {
        double dissatisfaction = dissatisfaction();
        person.remember(dissatisfaction);
        return new Verdict(id, person.id, person.household.id(), plot, start, end, dissatisfaction, written, over);
    }

    // --- telling ---

    Draft draft(String channel, String kind) {
        return new Draft(channel, kind)
                .of(brand, product, person.segment)
                .about(topic)
                .inCase(caseId);
    }

    /** Tells a touchpoint that happens now; returns its id. */
    String tell(Draft draft) {
        if (dice.chance(0.003)) {
            junk(draft);
        }
        String touchpointId = world.touchpointId(dice);
        start = Math.min(start, at);
        end = Math.max(end, at);
        world.publish(this, draft, at, sitting, touchpointId);
        return touchpointId;
    }

    /** A form default or a test value that slipped through beside the real identifiers. */
    private void junk(Draft draft) {
        switch (dice.between(0, 4)) {
            case 0 -> draft.by("email", "test@test.com");
            case 1 -> draft.by("customer_number", "0000");
            case 2 -> draft.by("account_id", "undefined");
            case 3 -> draft.by("loyalty_id", "null");
            default -> draft.by("social_id", "anonymous");
        }
    }

    /** The person picks up a device; nobody is logged in yet. */
    void takes(Device taken, boolean asApp) {
        device = taken;
        app = asApp;
        // Private browsing: a cookie nobody sees again.
        cookie = dice.chance(0.04) ? "ck-" + Device.hex(dice.next()) : taken.cookieAt(at);
        loggedIn = false;
    }

    /** On web or in the app, whichever the person holds. */
    Draft screen(String kind) {
        Draft draft = draft(app ? "app" : "web", kind)
                .about(null)
                .on(device)
                .by(app ? "device_id" : "cookie", app ? device.deviceId() : cookie)
                .captured("online");
        return loggedIn ? draft.by("customer_number", person.customerNumber) : draft;
    }

    /** A conversation that runs in the browser or app. */
    Draft onScreen(String channel, String kind) {
        Draft draft =
                draft(channel, kind).on(device).by(app ? "device_id" : "cookie", app ? device.deviceId() : cookie);
        return loggedIn ? draft.by("customer_number", person.customerNumber) : draft;
    }

    void logIn() {
        if (person.customerNumber == null || loggedIn) {
            return;
        }
        loggedIn = true;
        pass(20);
        tell(screen("login").at("login", "engagement").by("email", dice.chance(0.5) ? person.email : null));
    }

    void logOut() {
        if (loggedIn) {
            pass(15);
            tell(screen("logout").at("logout", "engagement"));
            loggedIn = false;
        }
    }

    // --- surveys ---

    /** Asks csat, ces or nps after a while, unless this person was asked lately; most do not answer. */
    void ask(String metric, long delay, String channel, SurveyAbout about, String touchpoint, String stage) {
        boolean tired = at + delay - person.surveyedAt < BETWEEN_SURVEYS;
        if (tired && !dice.chance(0.15)) {
            return;
        }
        person.surveyedAt = at + delay;
        double strength = Math.abs(dissatisfaction() - 0.4);
        if (!dice.chance(Math.min(0.9, (0.22 + 0.35 * strength) * person.openness()))) {
            return;
        }
        later(Math.min(delay, EMAIL_PATIENCE), () -> answer(metric, channel, about, touchpoint, stage));
    }

    /** The person answers now. */
    String answer(String metric, String channel, SurveyAbout about, String touchpoint, String stage) {
        Draft draft =
                switch (channel) {
                    case "email" -> draft("email", "survey_response").by("email", person.email);
                    case "sms" -> draft("sms", "survey_response").by("phone", person.mobile);
                    case "ivr" -> draft("ivr", "survey_response").by("phone", person.mobile);
                    case "app" -> {
                        takes(person.phone, true);
                        loggedIn = person.customerNumber != null;
                        yield screen("survey_response");
                    }
                    case "qr" ->
                        draft("qr", "survey_response")
                                .on(person.phone)
                                .by("cookie", person.phone.cookieAt(at))
                                .captured("qr");
                    case "paper" ->
                        draft("paper", "survey_response")
                                .by("email", dice.chance(0.5) ? person.emailAsTyped(dice) : "anonymous")
                                .by("loyalty_id", person.loyaltyId)
                                .captured("manual_entry");
                    default -> onScreen(channel, "survey_response").captured("online");
                };
        return tell(draft.at(touchpoint, stage).answering(response(metric, about)));
    }

    Survey response(String metric, @Nullable SurveyAbout about) {
        double expressed = person.expressed(dissatisfaction(), dice);
        String words = dice.chance(0.35) ? words(expressed) : null;
        return switch (metric) {
            case "nps" -> survey("nps", 0, 10, true, 10.4 - 10.5 * expressed, words, about);
            case "ces" ->
                brand.easeScaleMax() == 7
                        ? survey("ces", 1, 7, true, 7.2 - 6.2 * expressed, words, about)
                        : survey("ces", 1, 5, false, 0.8 + 4.2 * expressed, words, about);
            default -> survey("csat", 1, 5, true, 5.1 - 4.1 * expressed, words, about);
        };
    }

    private Survey survey(
            String metric,
            int min,
            int max,
            boolean higherIsBetter,
            double score,
            @Nullable String words,
            @Nullable SurveyAbout about) {
        return new Survey(
                metric,
                (double) min,
                (double) max,
                higherIsBetter ? "higher_is_better" : "lower_is_better",
                (double) Math.max(min, Math.min(max, Math.round(score))),
                words,
                about);
    }

    private String words(double expressed) {
        double heard = expressed + 0.15 * dice.normal();
        return dice.pick(heard < 0.3 ? Company.GOOD_WORDS : heard < 0.55 ? Company.FAIR_WORDS : Company.BAD_WORDS);
    }

    SurveyAbout about(@Nullable String touchpointId, String channel, String touchpoint) {
        return new SurveyAbout(touchpointId, channel, touchpoint, caseId);
    }
}
