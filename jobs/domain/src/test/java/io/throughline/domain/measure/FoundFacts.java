package io.throughline.domain.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Facts as a list, in the order they were found, without those that cancel out. */
final class FoundFacts implements FactSink {
    private final Map<Fact, Integer> net = new LinkedHashMap<>();

    static List<Fact> of(Consumer<FactSink> finding) {
        FoundFacts found = new FoundFacts();
        finding.accept(found);
        List<Fact> facts = new ArrayList<>();
        found.net.forEach((fact, times) -> {
            if (times != 0) {
                facts.add(fact.times(times));
            }
        });
        return facts;
    }

    @Override
    public void add(Family family, Breakdown by, long time, int weight, long bin) {
        net.merge(new Fact(family, by.dimensions(), time, 1, bin), weight, Integer::sum);
    }
}
