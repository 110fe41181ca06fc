package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Visit;
import io.throughline.domain.measure.VisitInput;
import io.throughline.domain.measure.VisitState;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/** The visits, then the answers with how often each was given. */
public final class VisitStateLayout implements Layout<VisitState> {

    private static final long serialVersionUID = 1;

    public static final VisitStateLayout INSTANCE = new VisitStateLayout();

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(VisitState state, DataOutput out) throws IOException {
        Packed.writeSize(state.visits().size(), out);
        for (Visit visit : state.visits().values()) {
            VisitLayout.write(visit, out);
        }
        Packed.writeSize(state.answers().size(), out);
        for (Map.Entry<VisitInput.Answer, Integer> answer : state.answers().entrySet()) {
            VisitLayout.write(answer.getKey(), out);
            Packed.writeNumber(answer.getValue(), out);
        }
    }

    @Override
    public VisitState read(DataInput in, int version) throws IOException {
        VisitState state = new VisitState();
        int visits = Packed.readSize(in);
        for (int i = 0; i < visits; i++) {
            Visit visit = VisitLayout.read(in);
            state.visits().put(visit.sessionId(), visit);
        }
        int answers = Packed.readSize(in);
        for (int i = 0; i < answers; i++) {
            state.answers().put(VisitLayout.readAnswer(in, version), (int) Packed.readNumber(in));
        }
        return state;
    }
}
