package io.throughline.scenarios.simulator;

/** What can weigh on a person during an episode, or lift them; how much differs from person to person. */
enum Experience {
    WAITED(0.55),
    ERRORED(0.45),
    TRANSFERRED(0.55),
    REPEATED_ONESELF(0.70),
    MET_SILENCE(0.80),
    PROMISE_BROKEN(1.50),
    PROMISE_KEPT(-0.60),
    DELIVERED_LATE(0.90),
    UNRESOLVED(1.10),
    RESOLVED(-0.55),
    GAVE_UP(0.90),
    BOT_FAILED(0.50),
    OUT_OF_STOCK(0.60),
    OUTAGE(0.70),
    PLEASANT(-0.35);

    final double weight;

    Experience(double weight) {
        this.weight = weight;
    }
}
