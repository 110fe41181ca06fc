package io.throughline.intake;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What became of events: read = written + rejected + ignored. */
public final class Counts {

    private long written;
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> ignored = new TreeMap<>();

    public void add(Outcome outcome) {
        if (outcome instanceof Outcome.Rejected no) {
            rejected.merge(no.reason().word(), 1L, Long::sum);
        } else if (outcome instanceof Outcome.Ignored no) {
            ignored.merge(no.why(), 1L, Long::sum);
        } else {
            written++;
        }
    }

    public long read() {
        return written + sum(rejected) + sum(ignored);
    }

    public long written() {
        return written;
    }

    public long allRejected() {
        return sum(rejected);
    }

    /** By reason. */
    public Map<String, Long> rejected() {
        return Map.copyOf(rejected);
    }

    /** By what they are called. */
    public Map<String, Long> ignored() {
        return Map.copyOf(ignored);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** As people read it: 5 read = 3 written + 1 rejected (malformed 1) + 1 ignored (group 1). */
    @Override
    public String toString() {
        return read() + " read = " + written + " written + " + said("rejected", rejected) + " + "
                + said("ignored", ignored);
    }

    private static String said(String word, Map<String, Long> counts) {
        return sum(counts) + " " + word
                + (counts.isEmpty()
                        ? ""
                        : counts.entrySet().stream()
                                .map(each -> each.getKey() + " " + each.getValue())
                                .collect(Collectors.joining(", ", " (", ")")));
    }
}
