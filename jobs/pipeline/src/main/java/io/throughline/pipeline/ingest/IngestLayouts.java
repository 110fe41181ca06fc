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

    /** Source, fate or -1 for a remark, detail or nothing, count. */
    public static final class FateCountLayout implements Layout<FateCount> {
        private static final long serialVersionUID = 1;

        public static final LayoutType<FateCount> TYPE = LayoutType.of(FateCount.class, new FateCountLayout());

        @Override
        public void write(FateCount counted, DataOutput out) throws IOException {
            Packed.writeText(counted.source(), out);
            Fate fate = counted.fate();
            out.writeByte(fate == null ? -1 : fate.ordinal());
            String detail = counted.detail();
            Packed.writeText(detail == null ? "" : detail, out);
            Packed.writeNumber(counted.count(), out);
        }

        @Override
        public FateCount read(DataInput in, int version) throws IOException {
            String source = Packed.readText(in);
            int fate = in.readByte();
            String detail = Packed.readText(in);
            return new FateCount(
                    source,
                    fate < 0 ? null : Fate.values()[fate],
                    detail.isEmpty() ? null : detail,
                    Packed.readNumber(in));
        }
    }

    /** Source, the six counts, the reasons by name, revision; since version 2 also processed records by channel, and remarks. */
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
            write(total.rejectedByReason(), out);
            Packed.writeNumber(account.revision(), out);
            write(account.processedByChannel(), out);
            write(account.remarks(), out);
        }

        @Override
        public int version() {
            return 2;
        }

        private static void write(Map<String, Long> counts, DataOutput out) throws IOException {
            Packed.writeSize(counts.size(), out);
            for (Map.Entry<String, Long> entry : new TreeMap<>(counts).entrySet()) {
                Packed.writeText(entry.getKey(), out);
                Packed.writeNumber(entry.getValue(), out);
            }
        }

        private static Map<String, Long> read(DataInput in) throws IOException {
            Map<String, Long> counts = new TreeMap<>();
            for (int left = Packed.readSize(in); left > 0; left--) {
                counts.put(Packed.readText(in), Packed.readNumber(in));
            }
            return counts;
        }

        @Override
        public Account read(DataInput in, int version) throws IOException {
            String source = Packed.readText(in);
            long[] counts = new long[6];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = Packed.readNumber(in);
            }
            Map<String, Long> reasons = read(in);
            Accounting total =
                    new Accounting(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], reasons);
            long revision = Packed.readNumber(in);
            return version < 2
                    ? new Account(source, total, Map.of(), Map.of(), revision)
                    : new Account(source, total, read(in), read(in), revision);
        }
    }

    private IngestLayouts() {}
}
