package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Accounting;
import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import io.throughline.domain.ingest.Rejected;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.ArrivalLayout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Layouts of what only ingest passes around. */
public final class IngestLayouts {

    /** A record that cannot count: flags for what is present, then its parts. */
    public static final class RejectedLayout implements Layout<Rejected> {
        private static final long serialVersionUID = 1;

        static final RejectedLayout INSTANCE = new RejectedLayout();
        public static final LayoutType<Rejected> TYPE = LayoutType.of(Rejected.class, INSTANCE);

        @Override
        public void write(Rejected rejected, DataOutput out) throws IOException {
            Integer schemaId = rejected.schemaId();
            String key = rejected.key();
            Long receivedTime = rejected.receivedTime();
            out.writeByte((schemaId == null ? 0 : 1) | (key == null ? 0 : 2) | (receivedTime == null ? 0 : 4));
            Packed.writeText(rejected.origin(), out);
            Packed.writeText(rejected.reason(), out);
            Packed.writeText(rejected.detail(), out);
            Packed.writeSize(rejected.raw().length, out);
            out.write(rejected.raw());
            if (schemaId != null) {
                out.writeInt(schemaId);
            }
            if (key != null) {
                Packed.writeText(key, out);
            }
            if (receivedTime != null) {
                out.writeLong(receivedTime);
            }
        }

        @Override
        public Rejected read(DataInput in, int version) throws IOException {
            int present = in.readByte();
            String origin = Packed.readText(in);
            String reason = Packed.readText(in);
            String detail = Packed.readText(in);
            byte[] raw = new byte[Packed.readSize(in)];
            in.readFully(raw);
            return new Rejected(
                    origin,
                    reason,
                    detail,
                    raw,
                    (present & 1) == 0 ? null : in.readInt(),
                    (present & 2) == 0 ? null : Packed.readText(in),
                    (present & 4) == 0 ? null : in.readLong());
        }
    }

    /** A valid touchpoint and what is published if it is late. */
    public static final class IncomingLayout implements Layout<Incoming> {
        private static final long serialVersionUID = 1;

        public static final LayoutType<Incoming> TYPE = LayoutType.of(Incoming.class, new IncomingLayout());

        /** Version 1 knew of nothing redriven. */
        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(Incoming incoming, DataOutput out) throws IOException {
            ArrivalLayout.INSTANCE.write(incoming.arrival(), out);
            RejectedLayout.INSTANCE.write(incoming.ifLate(), out);
            out.writeBoolean(incoming.redriven());
        }

        @Override
        public Incoming read(DataInput in, int version) throws IOException {
            return new Incoming(
                    ArrivalLayout.INSTANCE.read(in, version),
                    RejectedLayout.INSTANCE.read(in, version),
                    version >= 2 && in.readBoolean());
        }
    }

    /** Source, fate, reason or nothing, count. */
    public static final class FateCountLayout implements Layout<FateCount> {
        private static final long serialVersionUID = 1;

        public static final LayoutType<FateCount> TYPE = LayoutType.of(FateCount.class, new FateCountLayout());

        @Override
        public void write(FateCount counted, DataOutput out) throws IOException {
            Packed.writeText(counted.source(), out);
            out.writeByte(counted.fate().ordinal());
            String reason = counted.reason();
            Packed.writeText(reason == null ? "" : reason, out);
            Packed.writeNumber(counted.count(), out);
        }

        @Override
        public FateCount read(DataInput in, int version) throws IOException {
            String source = Packed.readText(in);
            Fate fate = Fate.values()[in.readByte()];
            String reason = Packed.readText(in);
            return new FateCount(source, fate, reason.isEmpty() ? null : reason, Packed.readNumber(in));
        }
    }

    /** Source, the six counts, the reasons by name, revision. */
    public static final class AccountLayout implements Layout<Account> {
        private static final long serialVersionUID = 1;

        public static final LayoutType<Account> TYPE = LayoutType.of(Account.class, new AccountLayout());

        @Override
        public void write(Account account, DataOutput out) throws IOException {
            Accounting total = account.total();
            Packed.writeText(account.source(), out);
            Packed.writeNumber(total.in(), out);
            Packed.writeNumber(total.processed(), out);
            Packed.writeNumber(total.rejected(), out);
            Packed.writeNumber(total.late(), out);
            Packed.writeNumber(total.duplicate(), out);
            Packed.writeNumber(total.erased(), out);
            Packed.writeSize(total.rejectedByReason().size(), out);
            for (Map.Entry<String, Long> entry : new TreeMap<>(total.rejectedByReason()).entrySet()) {
                Packed.writeText(entry.getKey(), out);
                Packed.writeNumber(entry.getValue(), out);
            }
            Packed.writeNumber(account.revision(), out);
        }

        @Override
        public Account read(DataInput in, int version) throws IOException {
            String source = Packed.readText(in);
            long[] counts = new long[6];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = Packed.readNumber(in);
            }
            Map<String, Long> reasons = new TreeMap<>();
            for (int left = Packed.readSize(in); left > 0; left--) {
                reasons.put(Packed.readText(in), Packed.readNumber(in));
            }
            Accounting total =
                    new Accounting(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], reasons);
            return new Account(source, total, Packed.readNumber(in));
        }
    }

    private IngestLayouts() {}
}
