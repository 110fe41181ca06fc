package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.CompactInput;
import io.throughline.pipeline.kit.CompactOutput;

/**
 * Identifiers that were unpacked lately, as one object each: who asked for one's hash has asked for all. Only for
 * pseudonyms, which most are. Threads may overwrite each other's, since none ever changes.
 */
final class RecentIdentifiers {
    private static final int SLOTS = 1 << 15;
    private static final Recent[] RECENT = new Recent[SLOTS];

    private record Recent(String type, long high, long low, Identifier identifier) {}

    static Identifier read(CompactInput in) {
        String type = in.text();
        if (in.peek() != CompactOutput.PSEUDONYM) {
            return new Identifier(type, in.text());
        }
        int at = in.position();
        in.skip(1);
        long high = in.fixed();
        long low = in.fixed();
        int slot = (int) ((low ^ (low >>> 32)) & (SLOTS - 1));
        Recent recent = RECENT[slot];
        if (recent != null && recent.low == low && recent.high == high && recent.type.equals(type)) {
            return recent.identifier;
        }
        in.skip(at - in.position());
        Identifier read = new Identifier(type, in.text());
        RECENT[slot] = new Recent(type, high, low, read);
        return read;
    }

    private RecentIdentifiers() {}
}
