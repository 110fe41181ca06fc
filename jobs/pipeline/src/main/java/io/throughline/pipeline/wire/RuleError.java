package io.throughline.pipeline.wire;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * That conditions of a rule could not be evaluated in one task. Times by the machine's clock, epoch milliseconds.
 *
 * @param failures since the task began or rules were changed; 0: what failed before was changed
 * @param since the first of them
 * @param lastAt when the last of them was noticed
 * @param lastError the kind of error then, never a value of a touchpoint
 */
public record RuleError(String ruleId, int task, long failures, long since, long lastAt, String lastError) {

    /** Tasks count apart, so each has a document of its own. */
    public String id() {
        return ruleId + "/" + task;
    }

    /** The components in their order. */
    public static final class ErrorLayout implements Layout<RuleError> {
        private static final long serialVersionUID = 1;

        public static final ErrorLayout INSTANCE = new ErrorLayout();
        public static final LayoutType<RuleError> TYPE = LayoutType.of(RuleError.class, INSTANCE);

        @Override
        public void write(RuleError error, DataOutput out) throws IOException {
            Packed.writeText(error.ruleId(), out);
            Packed.writeSize(error.task(), out);
            Packed.writeNumber(error.failures(), out);
            out.writeLong(error.since());
            out.writeLong(error.lastAt());
            Packed.writeText(error.lastError(), out);
        }

        @Override
        public RuleError read(DataInput in, int version) throws IOException {
            return new RuleError(
                    Packed.readText(in),
                    Packed.readSize(in),
                    Packed.readNumber(in),
                    in.readLong(),
                    in.readLong(),
                    Packed.readText(in));
        }
    }
}
