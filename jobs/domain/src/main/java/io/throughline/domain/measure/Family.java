package io.throughline.domain.measure;

import java.util.Arrays;
import java.util.List;

/** Metrics computed from the same facts, hence held in one series. */
public enum Family {
    NPS(1),
    CSAT(2),
    CES(3),
    WAIT(4),
    HANDLE(5),
    QUEUE(6),
    TOUCHPOINTS(7),
    SESSIONS(8),
    CONTACTS(9),
    ISSUES(10);

    private static final Family[] BY_ID = byId();

    private final byte id;

    Family(int id) {
        this.id = (byte) id;
    }

    private static Family[] byId() {
        Family[] families = new Family[values().length + 1];
        for (Family family : values()) {
            families[family.id] = family;
        }
        return families;
    }

    /** The number written into state and between operators; never reused. */
    public byte id() {
        return id;
    }

    /** @throws IllegalArgumentException where no family has the number */
    public static Family ofId(byte id) {
        if (id < 1 || id >= BY_ID.length) {
            throw new IllegalArgumentException("no metric family has the id " + id);
        }
        return BY_ID[id];
    }

    /** In the order they are published. */
    public List<Metric> metrics() {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.family() == this)
                .toList();
    }
}
