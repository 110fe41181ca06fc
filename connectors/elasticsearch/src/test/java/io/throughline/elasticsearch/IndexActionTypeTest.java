package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class IndexActionTypeTest {

    private final TypeSerializer<IndexAction> serializer =
            IndexActionType.INSTANCE.createSerializer(new SerializerConfigImpl());

    @Test
    void an_action_survives_the_wire() throws IOException {
        // An id longer than writeUTF's 64 KiB must reach Elasticsearch to be refused, not break the job.
        IndexAction action =
                new IndexAction("throughline-sessions-g1", "ü".repeat(40_000), 1L << 48, new byte[] {1, 0, -1});
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(action, out);

        assertThat(serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
                .isEqualTo(action);
    }

    @Test
    void a_negative_version_is_refused() {
        assertThatThrownBy(() -> new IndexAction("i", "a", -1, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("i/a: a document's version must not be negative, but is -1");
    }
}
