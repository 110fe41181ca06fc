package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.kafka.Redrive.Request;
import io.throughline.kafka.Redrive.Writing;
import io.throughline.schemas.Rejected;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedriveTest {

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final Writing writing =
            new Writing(new Request("rejected", null, 0, Long.MAX_VALUE, false, false, "ada"), producer);

    @BeforeEach
    void begin() {
        producer.initTransactions();
    }

    /** However long the rest of the topic takes to read. */
    @Test
    void noTransactionIsOpenWhileDeadLettersAreLookedFor() {
        find(0, 3);
        assertThat(producer.transactionInFlight()).isFalse();

        writing.write();

        assertThat(producer.transactionInFlight()).isFalse();
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history()).as("records and their origins").hasSize(6);
        writing.write();
        assertThat(producer.commitCount()).as("nothing is left").isEqualTo(1);
    }

    @Test
    void whatIsFoundIsWrittenFiveHundredAtATime() {
        find(0, 499);
        assertThat(producer.history()).isEmpty();

        find(499, 502);

        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.transactionInFlight()).isFalse();
        assertThat(producer.history()).hasSize(1_000);
        writing.write();
        assertThat(producer.history()).hasSize(1_004);
        assertThat(writing.total()).isEqualTo(502);
    }

    private void find(int from, int to) {
        for (int i = from; i < to; i++) {
            Rejected letter = Rejected.newBuilder()
                    .setOrigin("touchpoints-0-" + i)
                    .setReason("malformed")
                    .setDetail("so it was")
                    .setRaw("{")
                    .build();
            writing.take(letter, "{".getBytes(UTF_8));
        }
    }
}
