package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Accounting;
import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.ingest.IngestLayouts.FateCountLayout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.Feedback;
import io.throughline.pipeline.stitch.Letter;
import io.throughline.pipeline.stitch.LetterLayout;
import io.throughline.pipeline.stitch.StitchTopology;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stitching says of records that were counted as processed. */
@Timeout(120)
class AccountTest {

    @Test
    void aRecordOfATouchpointThatCountsAlreadyIsADuplicate() throws Exception {
        Touchpoint touchpoint = Touchpoint.of("t-1", 1_768_305_600_000L, "web", "page_view")
                .identifiers(List.of(new Identifier("email", "ada")))
                .build();
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        DataStream<TouchpointChange> touchpoints = env.fromData(
                LayoutType.of(TouchpointChange.class, TouchpointChangeLayout.INSTANCE),
                new TouchpointChange(touchpoint, +1, 1, "p0"),
                new TouchpointChange(touchpoint, +1, 1, "p1"));
        DataStream<FateCount> fates = env.fromData(
                FateCountLayout.TYPE,
                new FateCount("p0", Fate.PROCESSED, null, 1),
                new FateCount("p1", Fate.LATE, null, 1),
                new FateCount("p1", Fate.PROCESSED, null, 1));
        Stitched stitched = StitchTopology.stitch(
                touchpoints,
                nothing(env, DecisionLayout.TYPE),
                nothing(env, ErasureLayout.TYPE),
                StitchConfig.DEFAULTS,
                new Silence());
        Map<String, Accounting> accounts = new HashMap<>();
        try (CloseableIterator<Account> all =
                IngestTopology.account(fates, stitched).executeAndCollect()) {
            all.forEachRemaining(account -> accounts.put(account.source(), account.total()));
        }

        assertThat(accounts.get("p0").processed()).isEqualTo(1);
        assertThat(accounts.get("p1").processed()).isZero();
        assertThat(accounts.get("p1").duplicate()).isEqualTo(1);
        assertThat(accounts.get("p1").late()).isEqualTo(1);
    }

    private static <T> DataStream<T> nothing(StreamExecutionEnvironment env, TypeInformation<T> type) {
        return env.fromSequence(0, 0).flatMap((Long number, Collector<T> out) -> {}, type);
    }

    /** One identifier has nobody to talk to. */
    private static final class Silence implements Feedback {
        @Override
        public DataStream<Letter> receive(StreamExecutionEnvironment env) {
            return nothing(env, LetterLayout.TYPE);
        }

        @Override
        public void send(DataStream<Letter> messages) {
            messages.sinkTo(new DiscardingSink<>());
        }
    }
}
