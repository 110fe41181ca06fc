package io.throughline.pipeline.measure;

import io.throughline.domain.measure.VisitInput;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Which of the inputs, the customer; then the session's id and what it is now, or the sign and the answer. */
public final class VisitInputLayout implements Layout<VisitInput> {

    private static final long serialVersionUID = 1;

    public static final VisitInputLayout INSTANCE = new VisitInputLayout();

    private static final int GONE = 0;
    private static final int VISITED = 1;
    private static final int ANSWERED = 2;

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(VisitInput input, DataOutput out) throws IOException {
        if (input instanceof VisitInput.Visited visited) {
            out.writeByte(visited.visit() == null ? GONE : VISITED);
            Packed.writeText(visited.customerId(), out);
            if (visited.visit() == null) {
                Packed.writeText(visited.sessionId(), out);
            } else {
                VisitLayout.write(visited.visit(), out);
            }
        } else if (input instanceof VisitInput.Answered answered) {
            out.writeByte(ANSWERED);
            Packed.writeText(answered.customerId(), out);
            Packed.writeNumber(answered.sign(), out);
            VisitLayout.write(answered.answer(), out);
        }
    }

    @Override
    public VisitInput read(DataInput in, int version) throws IOException {
        int which = in.readByte();
        String customerId = Packed.readText(in);
        switch (which) {
            case GONE -> {
                return new VisitInput.Visited(customerId, Packed.readText(in), null);
            }
            case VISITED -> {
                var visit = VisitLayout.read(in);
                return new VisitInput.Visited(customerId, visit.sessionId(), visit);
            }
            case ANSWERED -> {
                int sign = (int) Packed.readNumber(in);
                return new VisitInput.Answered(customerId, VisitLayout.readAnswer(in, version), sign);
            }
            default -> throw new IOException("no input of a customer's visits is of the kind " + which);
        }
    }
}
