package io.throughline.domain.ingest;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up the fates of the records of one source. Keyed by source. */
public final class AccountRule implements KeyedRule<Account, FateCount, Account>, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Step<Account, Account> on(@Nullable Account before, FateCount counted, long now) {
        Accounting total = before == null ? Accounting.NONE : before.total();
        Account after =
                new Account(counted.source(), total.plus(delta(counted)), before == null ? 1 : before.revision() + 1);
        return Step.of(after, List.of(after), Step.NEVER);
    }

    @Override
    public Step<Account, Account> wake(@Nullable Account state, long now) {
        return Step.of(state, List.of(), Step.NEVER);
    }

    private static Accounting delta(FateCount counted) {
        long n = counted.count();
        return switch (counted.fate()) {
            case PROCESSED -> new Accounting(n, n, 0, 0, 0, 0, Map.of());
            case REJECTED ->
                new Accounting(n, 0, n, 0, 0, 0, counted.reason() == null ? Map.of() : Map.of(counted.reason(), n));
            case LATE -> new Accounting(n, 0, 0, n, 0, 0, Map.of());
            case DUPLICATE -> new Accounting(n, 0, 0, 0, n, 0, Map.of());
            case ERASED -> new Accounting(n, 0, 0, 0, 0, n, Map.of());
        };
    }
}
