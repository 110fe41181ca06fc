package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.CompactInput;
import io.throughline.pipeline.kit.CompactOutput;

/**
 * Identifiers that were unpacked lately, as one object each: who asked for one's hash has asked for all. Pseudonyms and
 * UUIDs, which most are, are found by their bytes. Threads may overwrite each other's, since none ever changes.
 */
final class RecentIdentifiers {
    private static final int SLOTS = 1 << 15;
    private static final Recent[] RECENT = new Recent[SLOTS];
    private static final Identifier[] RECENT_TEXTS = new Identifier[SLOTS];

    private record Recent(int form, String type, long high, long low, Identifier identifier) {}

    static Identifier read(CompactInput in) {
        String type = in.text();
        int form = in.peek();
        if (form != CompactOutput.PSEUDONYM && form != CompactOutput.UUID) {
            return recent(type, in.text());
        }
        int at = in.position();
        in.skip(1);
        long high = in.fixed();
        long low = in.fixed();
        int slot = (int) ((low ^ (low >>> 32)) & (SLOTS - 1));
        Recent recent = RECENT[slot];
        if (recent != null
                && recent.low == low
                && recent.high == high
                && recent.form == form
                && recent.type.equals(type)) {
            return recent.identifier;
        }
        in.skip(at - in.position());
        Identifier read = new Identifier(type, in.text());
        RECENT[slot] = new Recent(form, type, high, low, read);
        return read;
    }

    private static Identifier recent(String type, String value) {
        int hash = value.hashCode();
        int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
        Identifier recent = RECENT_TEXTS[slot];
        if (recent != null && recent.value().equals(value) && recent.type().equals(type)) {
            return recent;
        }
        Identifier read = new Identifier(type, value);
        RECENT_TEXTS[slot] = read;
        return read;
    }

    private RecentIdentifiers() {}
}
