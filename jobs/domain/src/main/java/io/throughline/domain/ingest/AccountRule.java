package io.throughline.domain.ingest;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up the fates of the records of one source. Keyed by source. */
public final class AccountRule implements KeyedRule<Account, FateCount, Account>, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Step<Account, Account> on(@Nullable Account before, FateCount counted, long now) {
        Account so = before == null ? new Account(counted.source(), Accounting.NONE, Map.of(), Map.of(), 0) : before;
        Fate fate = counted.fate();
        Account after = new Account(
                so.source(),
                fate == null ? so.total() : so.total().plus(delta(fate, counted)),
                fate == Fate.PROCESSED ? plus(so.processedByChannel(), counted) : so.processedByChannel(),
                fate == null ? plus(so.remarks(), counted) : so.remarks(),
                so.revision() + 1);
        return Step.of(after, List.of(after), Step.NEVER);
    }

    /** Without what has come to nothing. */
    private static Map<String, Long> plus(Map<String, Long> counts, FateCount counted) {
        String detail = counted.detail();
        if (detail == null) {
            return counts;
        }
        Map<String, Long> sum = new TreeMap<>(counts);
        sum.merge(detail, counted.count(), Long::sum);
        sum.values().removeIf(count -> count == 0);
        return sum;
    }

    @Override
    public Step<Account, Account> wake(@Nullable Account state, long now) {
        return Step.of(state, List.of(), Step.NEVER);
    }

    private static Accounting delta(Fate fate, FateCount counted) {
        long n = counted.count();
        return switch (fate) {
            case PROCESSED -> new Accounting(n, n, 0, 0, 0, 0, Map.of());
            case REJECTED ->
                new Accounting(n, 0, n, 0, 0, 0, counted.detail() == null ? Map.of() : Map.of(counted.detail(), n));
            case LATE -> new Accounting(n, 0, 0, n, 0, 0, Map.of());
            case DUPLICATE -> new Accounting(n, 0, 0, 0, n, 0, Map.of());
            case ERASED -> new Accounting(n, 0, 0, 0, 0, n, Map.of());
        };
    }
}
