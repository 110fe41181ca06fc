package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountRuleTest {

    private final AccountRule rule = new AccountRule();

    @Test
    void recordsThatCountAreAddedUpByChannelToo() {
        Account account = account(
                new FateCount("p0", Fate.PROCESSED, "web", 5),
                new FateCount("p0", Fate.PROCESSED, "call", 2),
                new FateCount("p0", Fate.REJECTED, "malformed", 3),
                new FateCount("p0", Fate.LATE, null, 1));

        assertThat(account.total()).isEqualTo(new Accounting(11, 7, 3, 1, 0, 0, Map.of("malformed", 3L)));
        assertThat(account.processedByChannel()).isEqualTo(Map.of("web", 5L, "call", 2L));
    }

    @Test
    void aRecordThatEndsAnotherWayAfterAllLeavesItsChannel() {
        Account account = account(
                new FateCount("p0", Fate.PROCESSED, "web", 1),
                new FateCount("p0", Fate.PROCESSED, "call", 1),
                new FateCount("p0", Fate.PROCESSED, "web", -1),
                new FateCount("p0", Fate.ERASED, null, 1));

        assertThat(account.processedByChannel()).isEqualTo(Map.of("call", 1L));
        assertThat(account.total().balances()).isTrue();
    }

    @Test
    void aRemarkIsNoEndOfARecord() {
        Account account = account(
                FateCount.remark("p0", Remark.LOCAL_PHONE, 2),
                new FateCount("p0", Fate.PROCESSED, "web", 1),
                FateCount.remark("p0", Remark.LOCAL_PHONE, 1));

        assertThat(account.remarks()).isEqualTo(Map.of("local_phone", 3L));
        assertThat(account.total().in()).isEqualTo(1);
        assertThat(account.revision()).isEqualTo(3);
    }

    private Account account(FateCount... counts) {
        Account account = null;
        for (FateCount count : counts) {
            account = rule.on(account, count, 0).state();
        }
        return account;
    }
}
