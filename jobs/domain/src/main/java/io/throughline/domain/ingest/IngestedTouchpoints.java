package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What ingest comes to over a set of records of which none is late: one touchpoint per touchpoint_id, whatever the order
 * of the records. Of each touchpoint only what stitching looks at is kept - id, times, channel, kind, identifiers - so
 * that a million of them fit into memory.
 */
public final class IngestedTouchpoints {

    private final Validation validation;
    private final Map<String, Standing> standing = new HashMap<>();
    private final Map<Identifier, Identifier> identifiers = new HashMap<>();
    private final Map<String, String> words = new HashMap<>();
    private final Map<Remark, Long> remarks = new EnumMap<>(Remark.class);
    private long records;
    private long rejected;

    private record Standing(Touchpoint touchpoint, Precedence precedence) {}

    public IngestedTouchpoints(IngestConfig config, PhoneNumbers phoneNumbers) {
        this.validation = new Validation(config, phoneNumbers);
    }

    /** @param kafkaTime as {@link Validation#check} takes it */
    public void add(Decoded decoded, @Nullable Long kafkaTime) {
        records++;
        Verdict verdict = decoded instanceof RawTouchpoint raw ? validation.check(raw, kafkaTime) : (Refused) decoded;
        if (!(verdict instanceof Accepted accepted)) {
            rejected++;
            return;
        }
        accepted.remarks().forEach(remark -> remarks.merge(remark, 1L, Long::sum));
        Touchpoint touchpoint = accepted.touchpoint();
        Precedence precedence = Precedence.of(touchpoint);
        Standing before = standing.get(touchpoint.touchpointId());
        if (before == null || precedence.compareTo(before.precedence()) < 0) {
            standing.put(touchpoint.touchpointId(), new Standing(lean(touchpoint), precedence));
        }
    }

    private Touchpoint lean(Touchpoint touchpoint) {
        List<Identifier> shared = new ArrayList<>(touchpoint.identifiers().size());
        for (Identifier identifier : touchpoint.identifiers()) {
            shared.add(identifiers.computeIfAbsent(identifier, i -> i));
        }
        return Touchpoint.of(
                        touchpoint.touchpointId(),
                        touchpoint.eventTime(),
                        words.computeIfAbsent(touchpoint.channel(), w -> w),
                        words.computeIfAbsent(touchpoint.kind(), w -> w))
                .receivedTime(touchpoint.receivedTime())
                .identifiers(shared)
                .build();
    }

    /** Those that count, in no particular order. */
    public List<Touchpoint> touchpoints() {
        List<Touchpoint> result = new ArrayList<>(standing.size());
        standing.values().forEach(s -> result.add(s.touchpoint()));
        return result;
    }

    /** Records added. */
    public long records() {
        return records;
    }

    /** Records that cannot count. */
    public long rejected() {
        return rejected;
    }

    /** Records for whose touchpoint_id another one stands. */
    public long duplicates() {
        return records - rejected - standing.size();
    }

    /** How often something was changed or left out, duplicates included. */
    public Map<Remark, Long> remarks() {
        return remarks;
    }
}
