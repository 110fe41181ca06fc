package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The newest value of every driver as it stood at the end of a period. */
final class DriversPanel implements Panel<Drivers> {

    private static final String FACTOR = "factor";
    private static final Pattern DRIVER = Pattern.compile("driver_([a-z]+)_(effect|share|impact)");

    /** Three figures of two surveys for each factor: far more than there are. */
    private static final int FIGURES = 200;

    private final Period period;

    DriversPanel(Period period) {
        this.period = period;
    }

    @Override
    public RequestItem search() {
        BoolQuery.Builder drivers = new BoolQuery.Builder()
                .filter(Searches.term("window", period.window().code()))
                .filter(Searches.beginning("metric_id", "driver_"))
                .filter(Searches.exists("dimensions." + FACTOR))
                .filter(period.over("as_of"));
        return Searches.search(Alias.METRICS, body -> body.size(FIGURES)
                .query(query -> query.bool(drivers.build()))
                .collapse(collapse -> collapse.field("series_id"))
                .sort(Searches.newestFirst("as_of")));
    }

    @Override
    public Drivers read(ResponseBody<ObjectNode> answer) {
        Map<Of, Map<String, Drivers.Figure>> found = new TreeMap<>();
        for (ObjectNode document : Searches.documents(answer)) {
            Matcher driver = DRIVER.matcher(Searches.text(document, "metric_id"));
            Double value = Searches.optionalNumber(document, "value");
            Instant asOf = Searches.instant(document, "as_of");
            boolean ofFactorAlone = document.path("dimensions").size() == 1;
            if (driver.matches()
                    && ofFactorAlone
                    && value != null
                    && asOf != null
                    && Searches.number(document, "n") > 0) {
                Of of = new Of(driver.group(1), Searches.text(document.path("dimensions"), FACTOR));
                found.computeIfAbsent(of, key -> new HashMap<>()).put(driver.group(2), figure(document, value, asOf));
            }
        }
        List<Drivers.Driver> drivers = new ArrayList<>();
        found.forEach((of, figures) -> drivers.add(new Drivers.Driver(
                of.survey(), of.factor(), figures.get("effect"), figures.get("share"), figures.get("impact"))));
        drivers.sort(Comparator.comparingDouble(Drivers.Driver::size).reversed());
        return new Drivers(drivers);
    }

    private static Drivers.Figure figure(ObjectNode document, double value, Instant asOf) {
        return new Drivers.Figure(
                Searches.text(document, "metric_id"),
                value,
                Searches.text(document, "unit"),
                Searches.number(document, "n"),
                Searches.optionalNumber(document, "ci_low"),
                Searches.optionalNumber(document, "ci_high"),
                document.path("complete").asBoolean(false),
                asOf);
    }

    /** Whose figures; equal impacts stay in this order. */
    private record Of(String survey, String factor) implements Comparable<Of> {
        @Override
        public int compareTo(Of other) {
            return Comparator.comparing(Of::survey).thenComparing(Of::factor).compare(this, other);
        }
    }
}
