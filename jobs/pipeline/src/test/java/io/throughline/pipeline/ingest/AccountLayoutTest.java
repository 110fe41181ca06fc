package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Account;
import io.throughline.domain.ingest.Accounting;
import io.throughline.domain.ingest.FateCount;
import io.throughline.domain.ingest.Remark;
import io.throughline.pipeline.ingest.IngestLayouts.AccountLayout;
import io.throughline.pipeline.ingest.IngestLayouts.FateCountLayout;
import io.throughline.pipeline.measure.StateBytes;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountLayoutTest {

    private static final Accounting TOTAL =
            new Accounting(300, 270, 20, 4, 5, 1, Map.of("malformed", 12L, "missing_field", 8L));

    @Test
    void itsBytesAreThoseOfRunningJobs() throws IOException {
        StateBytes.areGolden(
                "account.v2.hex",
                new AccountLayout(),
                new Account("touchpoints-0", TOTAL, Map.of("web", 200L, "call", 70L), Map.of("local_phone", 3L), 44));
        StateBytes.areStillRead(
                "account.v1.hex", 1, new AccountLayout(), new Account("touchpoints-0", TOTAL, Map.of(), Map.of(), 44));
    }

    @Test
    void aRemarkComesThroughAsOne() throws IOException {
        FateCount remark = FateCount.remark("touchpoints-0", Remark.LOCAL_PHONE, 2);

        assertThat(StateBytes.roundTrip(new FateCountLayout(), remark)).isEqualTo(remark);
    }
}
