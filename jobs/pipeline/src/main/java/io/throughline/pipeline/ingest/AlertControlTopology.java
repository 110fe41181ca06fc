package io.throughline.pipeline.ingest;

import io.throughline.domain.alert.Action;
import io.throughline.domain.ingest.Rejected;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.PublishedRule;
import io.throughline.schemas.AlertAction;
import io.throughline.schemas.AlertRuleVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/** Records of the topics alert-rules and alert-actions in; versions of rules and actions out, and what is neither. */
public final class AlertControlTopology {

    public static final String RULES_TOPIC = "alert-rules";
    public static final String ACTIONS_TOPIC = "alert-actions";

    /** @param rejected null where everything was checked before */
    public record Controlled(
            DataStream<PublishedRule> rules, DataStream<Action> actions, @Nullable DataStream<Rejected> rejected) {}

    public static Controlled control(
            DataStream<KafkaRecord> rules, DataStream<KafkaRecord> actions, String registryUrl, int maxRecordBytes) {
        SingleOutputStreamOperator<PublishedRule> published = rules.process(
                        new ControlFunction<>(
                                AlertRuleVersion.class,
                                registryUrl,
                                maxRecordBytes,
                                AlertControlTopology::rule,
                                AlertControlTopology::takenBack),
                        PublishedRule.RuleLayout.TYPE)
                .name("ingest-rules")
                .uid("ingest-rules")
                // One order for all tasks that judge by them.
                .setParallelism(1);
        SingleOutputStreamOperator<Action> acted = actions.process(
                        new ControlFunction<>(
                                AlertAction.class, registryUrl, maxRecordBytes, AvroActions::action, key -> null),
                        ActionLayout.TYPE)
                .name("ingest-actions")
                .uid("ingest-actions");
        return new Controlled(
                published,
                acted,
                published.getSideOutput(DecodeFunction.REJECTED).union(acted.getSideOutput(DecodeFunction.REJECTED)));
    }

    /** The version a record holds or takes back; null where it is neither. */
    public static @Nullable PublishedRule read(KafkaRecord record, AvroDecoder<AlertRuleVersion> decoder) {
        String key = AvroRecords.key(record);
        if (record.value() == null) {
            return key == null ? null : takenBack(key);
        }
        try {
            return decoder.decode(record) instanceof Decoded.Record<AlertRuleVersion> version
                    ? rule(version.value())
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        } catch (RegistryUnavailableException e) {
            throw new UncheckedIOException(new IOException("the rules published so far cannot be read", e));
        }
    }

    /** @throws IllegalArgumentException where it holds no definition */
    private static PublishedRule rule(AlertRuleVersion sent) {
        if (sent.getDefinition().isBlank()) {
            throw new IllegalArgumentException("definition must hold the rule");
        }
        return new PublishedRule(
                sent.getRuleId(), sent.getVersion(), sent.getEffectiveFrom().toEpochMilli(), sent.getDefinition());
    }

    /** What the deletion of a key means: the version is taken back. */
    static @Nullable PublishedRule takenBack(String key) {
        int at = key.lastIndexOf('@');
        boolean names = at > 0 && at + 1 < key.length() && key.substring(at + 1).matches("[0-9]{1,9}");
        return names ? new PublishedRule(key.substring(0, at), Integer.parseInt(key.substring(at + 1)), 0, "") : null;
    }

    private AlertControlTopology() {}
}
