package io.throughline.scenarios.simulator;

import io.throughline.schemas.Touchpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: people begin episodes as a Poisson process that follows the day, episodes schedule touchpoints and
 * their own continuation. One thread, no wall clock; pulled by {@link #next()}.
 */
public final class Simulation {
    private static final int ARRIVALS = 3;
    private static final int EPISODE = 4;
    private static final int COPIES = 5;

    private final Scale scale;
    private final Population population;
    private final Consumer<Verdict> verdicts;
    private final Outages outages;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>();
    private final Map<String, Episode> running = new LinkedHashMap<>();
    private final Dice arrivals;
    private final Dice copies;
    private long now;
    private long dues;
    private long episodes;
    private long started;
    private long drafted;
    private long lastWritten;

    /** Something due at a moment of virtual time: a touchpoint reaching the topic, or a step of an episode. */
    private record Due(long at, long order, @Nullable Emission emission, @Nullable Runnable step, @Nullable Episode of)
            implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** @param verdicts told the truth about each episode when its last touchpoint has been emitted */
    public Simulation(Scale scale, Consumer<Verdict> verdicts) {
        this.scale = scale;
        this.verdicts = verdicts;
        this.population = new Population(scale.seed(), scale.customers());
        this.outages = new Outages(scale.seed());
        this.arrivals = Dice.of(scale.seed(), ARRIVALS, 0);
        this.copies = Dice.of(scale.seed(), COPIES, 0);
        this.now = scale.from();
        if (scale.customers() > 0 && (scale.perSecond() > 0 || scale.steadyPerSecond() > 0)) {
            awaitArrival();
        }
    }

    /** The next emission, in the order they reach the topic; null when virtual time is over. */
    public @Nullable Emission next() {
        while (true) {
            Due due = agenda.peek();
            if (due == null || due.at > scale.until()) {
                return null;
            }
            agenda.remove();
            now = due.at;
            if (due.step != null) {
                due.step.run();
            }
            if (due.of != null) {
                settle(due.of, due.emission != null);
            }
            if (due.emission != null) {
                lastWritten = now;
                return due.emission;
            }
        }
    }

    /** Tells the verdicts on episodes still running; to be called once, at the end. */
    public void end() {
        for (Episode episode : running.values()) {
            if (episode.written > 0) {
                verdicts.accept(episode.verdict(false));
            }
        }
        running.clear();
    }

    /** Virtual time of the last emission, epoch milliseconds. */
    public long virtualTime() {
        return lastWritten == 0 ? scale.from() : lastWritten;
    }

    /** Adds touchpoints that were written by hand; they keep their times and reach the topic when received. */
    public void add(List<Emission> story) {
        for (Emission emission : story) {
            agenda.add(new Due(emission.written(), dues++, emission, null, null));
        }
    }

    long now() {
        return now;
    }

    long seed() {
        return scale.seed();
    }

    Outages outages() {
        return outages;
    }

    void schedule(Episode episode, long at, Runnable step) {
        episode.open++;
        agenda.add(new Due(Math.max(at, now), dues++, null, step, episode));
    }

    void publish(Episode episode, Draft draft, long happened, @Nullable String sitting, String touchpointId) {
        drafted++;
        Delivery delivery = Delivery.of(draft, happened, episode.dice);
        Touchpoint touchpoint =
                draft.build(touchpointId, delivery.eventTime(), delivery.sentTime(), delivery.receivedTime());
        Emission emission = new Emission(
                touchpoint, episode.person.id, sitting, episode.id, happened, delivery.writtenTime(), false);
        episode.open++;
        agenda.add(new Due(delivery.writtenTime(), dues++, emission, null, episode));
        if (copies.chance(scale.duplicates())) {
            agenda.add(copyOf(emission));
        }
    }

    String touchpointId(Dice dice) {
        return new UUID(dice.next(), dice.next()).toString();
    }

    /** Sent again by a nervous client: seconds to hours later, sometimes received under a new time. */
    private Due copyOf(Emission original) {
        long delay = 1_000 + Math.min(2 * Rhythm.HOUR, (long) copies.around(20_000, 2));
        Touchpoint copy = original.touchpoint();
        if (copies.chance(0.5)) {
            copy = Touchpoint.newBuilder(copy)
                    .setReceivedTime(copy.getReceivedTime().plusMillis(delay))
                    .build();
        }
        long written = original.written() + delay;
        Emission again = new Emission(
                copy, original.person(), original.sitting(), original.episode(), original.happened(), written, true);
        return new Due(written, dues++, again, null, null);
    }

    private void settle(Episode episode, boolean wasWritten) {
        if (wasWritten) {
            episode.written++;
        }
        if (--episode.open == 0) {
            running.remove(episode.id);
            verdicts.accept(episode.verdict(true));
        }
    }

    private void awaitArrival() {
        double peak = Math.max(scale.perSecond() * Rhythm.peak(), scale.steadyPerSecond()) * Outages.SURGE;
        double perEpisode = (drafted + 800.0) / (started + 100.0);
        long gap = 1 + (long) arrivals.exponential(1000 * perEpisode / peak);
        agenda.add(new Due(
                now + gap,
                dues++,
                null,
                () -> {
                    if (arrivals.chance(scale.intensity(now) * outages.surge(now) / peak)) {
                        begin();
                    }
                    awaitArrival();
                },
                null));
    }

    private void begin() {
        Dice dice = Dice.of(scale.seed(), EPISODE, episodes);
        Person person = population.anyone(dice);
        // More contacts than free people: then somebody does two things at once.
        for (int attempt = 0; attempt < 7 && person.busyUntil > now; attempt++) {
            person = population.anyone(dice);
        }
        started++;
        Episode episode = new Episode(this, person, "E" + (1_000_000 + episodes++), dice);
        running.put(episode.id, episode);
        episode.open++;
        Plots.begin(episode);
        agenda.add(new Due(now, dues++, null, () -> {}, episode));
    }
}
