package io.throughline.scenarios.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A simulation played to its end, everything remembered. */
record Played(List<Emission> emissions, Map<String, Verdict> verdicts) {
    static final long MONDAY = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

    /** Big enough that every channel, kind and fault of everyday life occurs. */
    static final Played A_WEEK = of(Scale.of(7, 3_000, MONDAY, MONDAY + 7 * Rhythm.DAY));

    static Played of(Scale scale) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        List<Emission> emissions = new ArrayList<>();
        Simulation simulation = new Simulation(scale, verdict -> verdicts.put(verdict.episode(), verdict));
        for (Emission next = simulation.next(); next != null; next = simulation.next()) {
            emissions.add(next);
        }
        simulation.end();
        return new Played(emissions, verdicts);
    }

    /** Without the second sendings. */
    List<Emission> once() {
        return emissions.stream().filter(emission -> !emission.again()).toList();
    }
}
