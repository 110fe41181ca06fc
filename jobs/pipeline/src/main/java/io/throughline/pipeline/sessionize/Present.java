package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Consent;
import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.TimeByPlace;
import io.throughline.domain.touchpoint.Money;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shapes of this stage's documents: what may be absent after one byte saying whether it is there, lists after their size. */
final class Present {
    /** A size that damaged bytes say is not believed before so many were read. */
    private static final int MOST_EXPECTED = 1 << 10;

    static void writeText(@Nullable String text, DataOutput out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            Packed.writeText(text, out);
        }
    }

    static @Nullable String readText(DataInput in) throws IOException {
        return in.readBoolean() ? Packed.readText(in) : null;
    }

    static void writeNumber(@Nullable Long number, DataOutput out) throws IOException {
        out.writeBoolean(number != null);
        if (number != null) {
            Packed.writeNumber(number, out);
        }
    }

    static @Nullable Long readNumber(DataInput in) throws IOException {
        return in.readBoolean() ? Packed.readNumber(in) : null;
    }

    static void writeList(List<String> texts, DataOutput out) throws IOException {
        int size = texts.size();
        Packed.writeSize(size, out);
        for (int i = 0; i < size; i++) {
            Packed.writeText(texts.get(i), out);
        }
    }

    static List<String> readList(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        return switch (size) {
            case 0 -> List.of();
            case 1 -> List.of(Packed.readText(in));
            case 2 -> List.of(Packed.readText(in), Packed.readText(in));
            default -> {
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    texts.add(Packed.readText(in));
                }
                yield List.copyOf(texts);
            }
        };
    }

    static void writeMoney(List<Money> sums, DataOutput out) throws IOException {
        Packed.writeSize(sums.size(), out);
        for (Money sum : sums) {
            Packed.writeNumber(sum.micros(), out);
            Packed.writeText(sum.currency(), out);
        }
    }

    static List<Money> readMoney(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size == 0) {
            return List.of();
        }
        List<Money> sums = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            sums.add(new Money(Packed.readNumber(in), Packed.readText(in)));
        }
        return List.copyOf(sums);
    }

    static void writeConsents(List<Consent> consents, DataOutput out) throws IOException {
        Packed.writeSize(consents.size(), out);
        for (Consent consent : consents) {
            Packed.writeText(consent.purpose(), out);
            out.writeBoolean(consent.given());
            out.writeLong(consent.eventTime());
            Packed.writeText(consent.touchpointId(), out);
            Packed.writeText(consent.channel(), out);
        }
    }

    static List<Consent> readConsents(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size == 0) {
            return List.of();
        }
        List<Consent> consents = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            consents.add(new Consent(
                    Packed.readText(in), in.readBoolean(), in.readLong(), Packed.readText(in), Packed.readText(in)));
        }
        return List.copyOf(consents);
    }

    static void writeTimes(Map<String, Long> times, DataOutput out) throws IOException {
        Packed.writeSize(times.size(), out);
        for (String place : Packed.keysInOrder(times)) {
            Packed.writeText(place, out);
            Packed.writeNumber(Objects.requireNonNull(times.get(place)), out);
        }
    }

    static TimeByPlace readTimes(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        String[] places = new String[Math.max(0, Math.min(size, MOST_EXPECTED))];
        long[] ms = new long[places.length];
        for (int i = 0; i < size; i++) {
            if (i == places.length) {
                int room = (int) Math.min(size, 2L * i);
                places = Arrays.copyOf(places, room);
                ms = Arrays.copyOf(ms, room);
            }
            places[i] = Packed.readText(in);
            ms[i] = Packed.readNumber(in);
        }
        return TimeByPlace.of(places, ms);
    }

    static void writeHandoffs(HandoffKinds kinds, DataOutput out) throws IOException {
        Packed.writeSize(kinds.botToHuman(), out);
        Packed.writeSize(kinds.agentToAgent(), out);
        Packed.writeSize(kinds.department(), out);
    }

    static HandoffKinds readHandoffs(DataInput in) throws IOException {
        HandoffKinds kinds = new HandoffKinds(Packed.readSize(in), Packed.readSize(in), Packed.readSize(in));
        return kinds.equals(HandoffKinds.NONE) ? HandoffKinds.NONE : kinds;
    }

    private Present() {}
}
