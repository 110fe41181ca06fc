package io.throughline.pipeline.wire;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One version of a rule as it was published.
 *
 * @param definition as the file of a rule has it; empty: the version is taken back
 */
public record PublishedRule(String ruleId, int version, long effectiveFrom, String definition) {

    /** What distinguishes it from all other versions of all rules. */
    public String key() {
        return key(ruleId, version);
    }

    /** {@link #key()} of a version of a rule, also of one that was not published. */
    public static String key(String ruleId, int version) {
        return ruleId + "@" + version;
    }

    public boolean takenBack() {
        return definition.isEmpty();
    }

    /** The components in their order. */
    public static final class RuleLayout implements Layout<PublishedRule> {
        private static final long serialVersionUID = 1;

        public static final RuleLayout INSTANCE = new RuleLayout();
        public static final LayoutType<PublishedRule> TYPE = LayoutType.of(PublishedRule.class, INSTANCE);

        @Override
        public void write(PublishedRule rule, DataOutput out) throws IOException {
            Packed.writeText(rule.ruleId, out);
            Packed.writeSize(rule.version, out);
            out.writeLong(rule.effectiveFrom);
            Packed.writeText(rule.definition, out);
        }

        @Override
        public PublishedRule read(DataInput in, int version) throws IOException {
            return new PublishedRule(Packed.readText(in), Packed.readSize(in), in.readLong(), Packed.readText(in));
        }
    }
}
