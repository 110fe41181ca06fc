package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.ingest.Accounting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** in = processed + rejected + late + duplicate + erased, over all sources. */
final class AccountingPanel implements Panel<Optional<Pipeline.Account>> {

    /** Source partitions; one document each. */
    private static final int SOURCES = 10_000;

    private static final int NAMED = 5;

    @Override
    public RequestItem search() {
        return Searches.search(Alias.ACCOUNTING, body -> body.size(SOURCES));
    }

    @Override
    public Optional<Pipeline.Account> read(ResponseBody<ObjectNode> answer) {
        List<ObjectNode> sources = Searches.documents(answer);
        Accounting sum = Accounting.NONE;
        List<String> unbalanced = new ArrayList<>();
        for (ObjectNode document : sources) {
            Accounting source = accounting(document);
            if (!source.balances() && unbalanced.size() < NAMED) {
                unbalanced.add(Searches.text(document, "source"));
            }
            sum = sum.plus(source);
        }
        if (sources.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> reasons = new LinkedHashMap<>();
        sum.rejectedByReason().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(reason -> reasons.put(reason.getKey(), reason.getValue()));
        return Optional.of(new Pipeline.Account(
                sources.size(),
                sum.in(),
                sum.processed(),
                sum.rejected(),
                sum.late(),
                sum.duplicate(),
                sum.erased(),
                unbalanced.isEmpty(),
                unbalanced,
                reasons));
    }

    private static Accounting accounting(ObjectNode document) {
        Map<String, Long> reasons = new HashMap<>();
        document.path("rejected_by_reason")
                .properties()
                .forEach(
                        reason -> reasons.put(reason.getKey(), reason.getValue().asLong()));
        return new Accounting(
                Searches.number(document, "in"),
                Searches.number(document, "processed"),
                Searches.number(document, "rejected"),
                Searches.number(document, "late"),
                Searches.number(document, "duplicate"),
                Searches.number(document, "erased"),
                reasons);
    }
}
