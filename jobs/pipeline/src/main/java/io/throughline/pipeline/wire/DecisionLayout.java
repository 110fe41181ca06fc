package io.throughline.pipeline.wire;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A person's decision: the verdict's byte, the two identifiers, effective from, reason, author. */
public final class DecisionLayout implements Layout<Decision> {
    private static final long serialVersionUID = 1;

    public static final DecisionLayout INSTANCE = new DecisionLayout();
    public static final LayoutType<Decision> TYPE = LayoutType.of(Decision.class, INSTANCE);

    private static final int WITHDRAWN = 0;
    private static final int ALWAYS = 1;
    private static final int NEVER = 2;

    @Override
    public void write(Decision decision, DataOutput out) throws IOException {
        out.writeByte(
                switch (decision.verdict()) {
                    case WITHDRAWN -> WITHDRAWN;
                    case ALWAYS -> ALWAYS;
                    case NEVER -> NEVER;
                });
        write(decision.one(), out);
        write(decision.other(), out);
        Packed.writeNumber(decision.effectiveFrom(), out);
        Packed.writeText(decision.reason(), out);
        Packed.writeText(decision.author(), out);
    }

    @Override
    public Decision read(DataInput in, int version) throws IOException {
        return new Decision(
                verdict(in.readByte()),
                readIdentifier(in),
                readIdentifier(in),
                Packed.readNumber(in),
                Packed.readText(in),
                Packed.readText(in));
    }

    private static Decision.Verdict verdict(int code) throws IOException {
        return switch (code) {
            case WITHDRAWN -> Decision.Verdict.WITHDRAWN;
            case ALWAYS -> Decision.Verdict.ALWAYS;
            case NEVER -> Decision.Verdict.NEVER;
            default -> throw new IOException("no decision has verdict " + code);
        };
    }

    private static void write(Identifier identifier, DataOutput out) throws IOException {
        Packed.writeText(identifier.type(), out);
        Packed.writeText(identifier.value(), out);
    }

    private static Identifier readIdentifier(DataInput in) throws IOException {
        return new Identifier(Packed.readText(in), Packed.readText(in));
    }
}
