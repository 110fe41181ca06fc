package io.throughline.domain.measure;

import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.Promise;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every metric the slow and obvious way, as {@code docs/metrics.md} tells it, from the touchpoints, sessions and issues
 * that count in the end: for each window and each dimension value, filter, list, compute. Shares no code with what it
 * judges.
 */
final class NaiveMeasures {
    private static final long DAY = 86_400_000L;
    private static final Set<String> SELF_SERVICE = Set.of("web", "app", "bot", "ivr", "kiosk");
    private static final Set<String> ASSISTED = Set.of("call", "video", "store", "meeting");
    private static final List<String> STAGES =
            List.of("awareness", "acquisition", "onboarding", "engagement", "support");

    record Owned(String customer, Touchpoint touchpoint) {}

    record Row(double value, long n) {}

    private final List<Owned> touchpoints;
    private final List<Session> sessions;
    private final List<Issue> issues;
    private final List<Journey> journeys;
    private final Map<String, Row> rows = new TreeMap<>();
    private String window = "";
    private Map<String, String> where = Map.of();

    NaiveMeasures(List<Owned> touchpoints, List<Session> sessions, List<Issue> issues, List<Journey> journeys) {
        this.touchpoints = touchpoints;
        this.sessions = sessions;
        this.issues = issues;
        this.journeys = journeys;
    }

    /** Series id to value over (asOf - length, asOf]; rows with n = 0 are left out. Waits are exact, not binned. */
    Map<String, Row> rows(long asOf, Map<String, Long> windows) {
        windows.forEach((name, length) -> {
            window = name;
            Predicate<Long> in = time -> time > asOf - length && time <= asOf;
            for (String dimension : List.of("", "channel", "topic")) {
                for (String value : values(dimension)) {
                    where = dimension.isEmpty() ? Map.of() : Map.of(dimension, value);
                    series(dimension, value, in, asOf - length / 2);
                }
            }
            where = Map.of();
            visits(in);
        });
        expectations();
        return rows;
    }

    private Set<String> values(String dimension) {
        Set<String> values = new TreeSet<>();
        touchpoints.forEach(
                o -> values.addAll(List.of(of(o.touchpoint, dimension, false), of(o.touchpoint, dimension, true))));
        sessions.forEach(s -> values.add(of(s, dimension)));
        issues.forEach(i -> i.contacts().forEach(c -> values.add(of(i, c, dimension))));
        journeys.forEach(j -> values.add(of(j, dimension)));
        if (!dimension.isEmpty()) {
            values.remove("");
        }
        return values;
    }

    private void series(String dimension, String value, Predicate<Long> in, long half) {
        List<Owned> owned = touchpoints.stream()
                .filter(o -> in.test(o.touchpoint.eventTime()))
                .filter(o -> of(o.touchpoint, dimension, false).equals(value))
                .toList();
        List<Touchpoint> own = owned.stream().map(Owned::touchpoint).toList();
        List<Touchpoint> asked = touchpoints.stream()
                .map(Owned::touchpoint)
                .filter(t -> in.test(t.eventTime()) && t.survey() != null)
                .filter(t -> of(t, dimension, true).equals(value))
                .toList();
        row("touchpoints", own.size(), own.size());
        row("customers", customers(owned.stream()), own.size());
        surveys(asked);
        waits(own);
        outreach(owned);
        purchases(own);
        if (dimension.isEmpty()) {
            customers(owned, half);
        }
        sessions(sessions.stream()
                .filter(s -> in.test(s.start()) && of(s, dimension).equals(value))
                .toList());
        journeys(journeys.stream()
                .filter(j -> in.test(j.start()) && of(j, dimension).equals(value))
                .toList());
        percentiles("stage_dwell", dwells(dimension, value, in));
        List<Boolean> contacts = new ArrayList<>();
        issues.forEach(i -> i.contacts().stream()
                .filter(c -> in.test(c.start()) && of(i, c, dimension).equals(value))
                .forEach(c -> contacts.add(c.repeat())));
        share("repeat_contact_rate", contacts, repeat -> repeat);
        issues(issues.stream()
                .filter(i -> in.test(i.contacts().get(0).start()))
                .filter(i -> of(i, i.contacts().get(0), dimension).equals(value))
                .toList());
    }

    private static long customers(Stream<Owned> owned) {
        return owned.map(Owned::customer).distinct().count();
    }

    private void surveys(List<Touchpoint> asked) {
        List<Double> nps = new ArrayList<>();
        List<Double> csat = new ArrayList<>();
        List<Double> otherCsat = new ArrayList<>();
        Map<String, List<Double>> effort = new TreeMap<>();
        int npsOut = 0;
        int csatOut = 0;
        int cesOut = 0;
        for (Touchpoint t : asked) {
            Survey s = t.survey();
            boolean on = s.score() >= s.scaleMin() && s.score() <= s.scaleMax();
            switch (s.metric()) {
                case "nps" -> {
                    if (on && s.scaleMin() == 0 && s.scaleMax() == 10 && s.score() % 1 == 0) {
                        nps.add(s.score());
                    } else {
                        npsOut++;
                    }
                }
                case "csat" -> {
                    if (on && s.scaleMin() == 1 && s.scaleMax() == 5) {
                        csat.add(s.score());
                    } else {
                        csatOut++;
                        if (on) {
                            otherCsat.add(s.score());
                        }
                    }
                }
                default -> {
                    if (on) {
                        String scale = (int) s.scaleMin() + "-" + (int) s.scaleMax()
                                + (s.higherIsBetter() ? "" : "_lower_is_better");
                        effort.computeIfAbsent(scale, k -> new ArrayList<>()).add(s.score());
                    } else {
                        cesOut++;
                    }
                }
            }
        }
        double promoters = nps.stream().filter(x -> x >= 9).count();
        double detractors = nps.stream().filter(x -> x <= 6).count();
        row("nps", 100 * (promoters - detractors) / nps.size(), nps.size());
        row("nps_excluded", npsOut, npsOut);
        share("csat", csat, x -> x >= 4);
        mean("csat_mean", csat);
        row("csat_excluded", csatOut, csatOut);
        row("ces_excluded", cesOut, cesOut);
        mean("csat_mean", "scale", "1-7", otherCsat);
        effort.forEach((scale, scores) -> {
            mean("ces", "scale", scale, scores);
            if (effort.size() == 1) {
                mean("ces", scores);
            }
        });
    }

    private void waits(List<Touchpoint> own) {
        percentiles("wait", known(own, Touchpoint::waitMs));
        percentiles("handle", known(own, Touchpoint::handleMs));
        count("wait_excluded", own, t -> t.properties().containsKey("dropped_wait_ms"));
        count("handle_excluded", own, t -> t.properties().containsKey("dropped_handle_ms"));
        count("sentiment_excluded", own, t -> t.properties().containsKey("dropped_sentiment"));
        mean("sentiment_mean", known(own, Touchpoint::sentiment));
        List<Touchpoint> answered =
                own.stream().filter(t -> t.kind().equals("call_answered")).toList();
        List<Long> waits = known(answered, Touchpoint::waitMs);
        mean("asa", waits.stream().map(Long::doubleValue).toList());
        long soon = waits.stream().filter(w -> w <= 20_000).count();
        long abandoned = own.stream()
                .filter(t -> t.kind().equals("call_ended") && "abandoned".equals(t.outcome()))
                .count();
        long ended = answered.size() + abandoned;
        row("abandonment_rate", 100.0 * abandoned / ended, ended);
        long n = waits.size() + abandoned;
        row("service_level", 100.0 * soon / n, n);
    }

    private void outreach(List<Owned> owned) {
        List<Owned> social = owned.stream()
                .filter(o -> o.touchpoint.channel().equals("social") && isOfTheCustomer(o.touchpoint))
                .toList();
        row("social_engagement", social.size(), social.size());
        row("social_customers", customers(social.stream()), social.size());
        Set<String> delivered = messages(owned, t -> t.outbound());
        Set<String> opened = messages(owned, t -> !t.outbound() && t.kind().equals("message_opened"));
        Set<String> clicked = messages(owned, t -> !t.outbound() && t.kind().equals("click"));
        row("email_delivered", delivered.size(), delivered.size());
        share("email_open_rate", List.copyOf(delivered), opened::contains);
        share("email_click_rate", List.copyOf(delivered), clicked::contains);
    }

    private static Set<String> messages(List<Owned> owned, Predicate<Touchpoint> which) {
        return owned.stream()
                .filter(o -> o.touchpoint.channel().equals("email") && which.test(o.touchpoint))
                .map(o -> o.customer + " " + o.touchpoint.properties().get("campaign"))
                .collect(Collectors.toSet());
    }

    private static boolean isOfTheCustomer(Touchpoint t) {
        return !t.outbound() && (t.actor() == null || t.actor().equals("customer"));
    }

    private void purchases(List<Touchpoint> own) {
        for (String currency : List.of("EUR", "USD")) {
            List<Double> values = own.stream()
                    .filter(t -> t.kind().equals("purchase") && t.value() != null)
                    .filter(t -> t.value().currency().equals(currency))
                    .map(t -> t.value().micros() / 1e6)
                    .toList();
            part(
                    "revenue",
                    "currency",
                    currency,
                    values.stream().mapToDouble(x -> x).sum(),
                    values.size());
            mean("order_value_mean", "currency", currency, values);
        }
    }

    private void customers(List<Owned> owned, long half) {
        Map<String, List<Touchpoint>> active = new TreeMap<>();
        Map<String, Long> bought = new TreeMap<>();
        Set<String> left = new HashSet<>();
        for (Owned o : owned) {
            Touchpoint t = o.touchpoint;
            boolean purchase = t.kind().equals("purchase");
            if (isOfTheCustomer(t) || purchase || t.kind().equals("cancellation")) {
                active.computeIfAbsent(o.customer, c -> new ArrayList<>()).add(t);
            }
            if (purchase) {
                bought.merge(o.customer, 1L, Long::sum);
            }
            if (t.kind().equals("cancellation") && t.eventTime() > half) {
                left.add(o.customer);
            }
        }
        mean("purchase_frequency", purchases(active, bought, used -> true));
        mean("purchase_frequency", "channels_used", "1", purchases(active, bought, used -> used == 1));
        mean("purchase_frequency", "channels_used", "2", purchases(active, bought, used -> used == 2));
        mean("purchase_frequency", "channels_used", "3+", purchases(active, bought, used -> used > 2));
        List<Integer> channelsOfPurchases = new ArrayList<>();
        bought.forEach((c, times) -> {
            for (int i = 0; i < times; i++) {
                channelsOfPurchases.add(channels(active.get(c)));
            }
        });
        share("multichannel_purchase_share", channelsOfPurchases, used -> used > 1);
        share("repeat_purchase_rate", List.copyOf(bought.values()), times -> times > 1);
        for (int i = 0; i + 1 < STAGES.size(); i++) {
            String stage = STAGES.get(i);
            String next = STAGES.get(i + 1);
            List<List<Touchpoint>> reached =
                    active.values().stream().filter(ts -> reaches(ts, stage)).toList();
            long both = reached.stream().filter(ts -> reaches(ts, next)).count();
            part("funnel_conversion", "stages", stage + ">" + next, 100.0 * both / reached.size(), reached.size());
        }
        List<String> before = active.keySet().stream()
                .filter(c -> active.get(c).stream().anyMatch(t -> t.eventTime() <= half))
                .toList();
        Predicate<String> stayed =
                c -> !left.contains(c) && active.get(c).stream().anyMatch(t -> t.eventTime() > half);
        share("retention_rate", before, stayed);
        share("churn_rate", before, stayed.negate());
    }

    private static List<Double> purchases(
            Map<String, List<Touchpoint>> active, Map<String, Long> bought, Predicate<Integer> used) {
        return active.keySet().stream()
                .filter(c -> used.test(channels(active.get(c))))
                .map(c -> (double) bought.getOrDefault(c, 0L))
                .toList();
    }

    private static int channels(List<Touchpoint> touchpoints) {
        return (int) touchpoints.stream().map(Touchpoint::channel).distinct().count();
    }

    private static boolean reaches(List<Touchpoint> touchpoints, String stage) {
        return touchpoints.stream().anyMatch(t -> stage.equals(t.stage()));
    }

    private void sessions(List<Session> begun) {
        row("sessions", begun.size(), begun.size());
        mean(
                "channel_switches_mean",
                begun.stream().map(s -> (double) s.channelSwitches()).toList());
        share("channel_switch_rate", begun, s -> s.channelSwitches() > 0);
        count("traffic", begun, s -> Set.of("web", "app").contains(channel(s, 0)));
        List<Session> selfServed =
                begun.stream().filter(s -> SELF_SERVICE.contains(channel(s, 0))).toList();
        share("containment_rate", selfServed, s -> s.path().stream().noneMatch(NaiveMeasures::isAssisted));
        share("error_rate", begun, s -> s.errors() > 0);
        share("complaint_rate", begun, s -> s.complaints() > 0);
        share("conversion_rate", begun, s -> s.path().stream()
                .anyMatch(step -> step.kind().equals("purchase")));
        if (where.isEmpty()) {
            Map<String, Integer> matrix = new TreeMap<>();
            for (Session s : begun) {
                for (int i = 1; i < s.path().size(); i++) {
                    if (!channel(s, i).equals(channel(s, i - 1))) {
                        matrix.merge(
                                "from_channel=" + channel(s, i - 1) + "|to_channel=" + channel(s, i),
                                1,
                                (a, b) -> a + b);
                    }
                }
            }
            matrix.forEach(
                    (change, times) -> rows.put("channel_transitions|" + change + "|" + window, new Row(times, times)));
        }
    }

    private static String channel(Session s, int step) {
        return s.path().get(step).channel();
    }

    private static boolean isAssisted(Session.Step step) {
        return ASSISTED.contains(step.channel())
                || step.kind().equals("transfer")
                || step.kind().endsWith("_answered");
    }

    private void issues(List<Issue> of) {
        share("fcr_gross", of, i -> i.resolved() && i.contacts().size() == 1);
        share(
                "fcr_net",
                of.stream().filter(Issue::resolvable).toList(),
                i -> i.resolved() && i.contacts().size() == 1);
        share("fcr_behavioural", of, i -> i.contacts().size() == 1);
        percentiles("first_response", known(of, Issue::firstResponseMs));
        percentiles("resolution", known(of, Issue::resolutionMs));
        percentiles("silence_gap", known(of, Issue::longestSilenceMs));
        share("resolution_rate", of, Issue::resolved);
        share("transfer_rate", of, i -> i.handoffs() > 0);
        mean("handoffs_mean", of.stream().map(i -> (double) i.handoffs()).toList());
        mean("contacts_mean", of.stream().map(i -> (double) i.contacts().size()).toList());
        share("re_ask_rate", of, i -> i.reAsks() > 0);
        List<Promise> over = of.stream()
                .flatMap(i -> i.promises().stream())
                .filter(p -> p.status() != Promise.Status.OPEN)
                .toList();
        share("promise_kept_rate", over, p -> p.status() == Promise.Status.KEPT);
    }

    private void journeys(List<Journey> begun) {
        row("journeys", begun.size(), begun.size());
        share("journey_conversion_rate", begun, j -> j.convertedAt() != null);
        share("journey_abandonment_rate", begun, j -> j.ended() && j.convertedAt() == null);
        percentiles(
                "conversion_time",
                begun.stream()
                        .filter(j -> j.convertedAt() != null)
                        .map(j -> j.convertedAt() - j.start())
                        .toList());
    }

    private List<Long> dwells(String dimension, String value, Predicate<Long> in) {
        List<Long> dwells = new ArrayList<>();
        for (Journey j : journeys) {
            for (int i = 0; i < j.stagePath().size(); i++) {
                boolean over = j.ended() || i + 1 < j.stagePath().size();
                if (over
                        && in.test(j.stagePath().get(i).entered())
                        && of(j, dimension).equals(value)) {
                    dwells.add(j.stagePath().get(i).dwellMs());
                }
            }
        }
        return dwells;
    }

    private static String of(Journey j, String dimension) {
        return switch (dimension) {
            case "channel" -> j.firstChannel();
            case "topic" -> j.topic() == null ? "" : j.topic();
            default -> "";
        };
    }

    private void visits(Predicate<Long> in) {
        List<Session> selfServed = sessions.stream()
                .filter(s -> in.test(s.start()))
                .filter(s -> s.path().stream().anyMatch(step -> SELF_SERVICE.contains(step.channel())))
                .toList();
        share("failed_self_service_rate", selfServed, this::fails);
        for (String factor : List.of(
                "long_wait",
                "handoff",
                "channel_switch",
                "error",
                "complaint",
                "re_ask",
                "self_service",
                "assisted",
                "purchase")) {
            for (String survey : List.of("csat", "nps")) {
                driver(factor, survey, in);
            }
        }
    }

    private boolean fails(Session s) {
        boolean served = false;
        for (Session.Step step : s.path()) {
            served |= SELF_SERVICE.contains(step.channel());
            if (served && isAssisted(step)) {
                return true;
            }
        }
        return sessions.stream()
                .filter(later -> later.customerId().equals(s.customerId()) && later.start() > s.end())
                .filter(later -> later.topics().stream().anyMatch(s.topics()::contains))
                .anyMatch(later ->
                        later.path().stream().anyMatch(step -> isAssisted(step) && step.eventTime() <= s.end() + DAY));
    }

    private void driver(String factor, String survey, Predicate<Long> in) {
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        for (Owned o : touchpoints) {
            Survey asked = o.touchpoint.survey();
            if (asked == null || !asked.metric().equals(survey) || !in.test(o.touchpoint.eventTime())) {
                continue;
            }
            boolean csat = survey.equals("csat");
            double score = asked.score();
            if (asked.scaleMin() != (csat ? 1 : 0)
                    || asked.scaleMax() != (csat ? 5 : 10)
                    || score < asked.scaleMin()
                    || score > asked.scaleMax()
                    || (!csat && score % 1 != 0)) {
                continue;
            }
            Session about = about(o);
            if (about != null) {
                (has(about, factor) ? with : without).add(csat ? score : score >= 9 ? 100 : score <= 6 ? -100.0 : 0);
            }
        }
        if (with.isEmpty() || without.isEmpty()) {
            return;
        }
        int n = with.size() + without.size();
        double effect = mean(with) - mean(without);
        double share = 100.0 * with.size() / n;
        part("driver_" + survey + "_effect", "factor", factor, effect, n);
        part("driver_" + survey + "_share", "factor", factor, share, n);
        part("driver_" + survey + "_impact", "factor", factor, effect * share / 100, n);
    }

    private Session about(Owned o) {
        Survey.About about = o.touchpoint.survey().about();
        long time = o.touchpoint.eventTime();
        Session found = null;
        for (Session s : sessions) {
            boolean fits = s.customerId().equals(o.customer)
                    && s.start() <= time
                    && (about == null || about.channel() == null
                            ? s.end() >= time
                            : s.start() >= time - 7 * DAY && s.channels().contains(about.channel()));
            // Sessions of one customer never begin together, made up ones may.
            if (fits
                    && (found == null
                            || s.start() > found.start()
                            || (s.start() == found.start() && s.sessionId().compareTo(found.sessionId()) < 0))) {
                found = s;
            }
        }
        return found;
    }

    private static boolean has(Session s, String factor) {
        return switch (factor) {
            case "long_wait" -> s.waitMs() >= 120_000;
            case "handoff" -> s.handoffs() > 0;
            case "channel_switch" -> s.channelSwitches() > 0;
            case "error" -> s.errors() > 0;
            case "complaint" -> s.complaints() > 0;
            case "re_ask" -> s.reAsks() > 0;
            case "self_service" -> s.path().stream().anyMatch(step -> SELF_SERVICE.contains(step.channel()));
            case "assisted" -> s.path().stream().anyMatch(NaiveMeasures::isAssisted);
            default -> s.path().stream().anyMatch(step -> step.kind().equals("purchase"));
        };
    }

    private void expectations() {
        Map<String, Map<String, double[]>> made = new TreeMap<>();
        made.put(
                "expectation_speed_flexibility",
                Map.of(
                        "wait_p90", new double[] {0, 300_000, 1},
                        "first_response_p90", new double[] {0, DAY, 1},
                        "resolution_p90", new double[] {0, 7 * DAY, 1},
                        "abandonment_rate", new double[] {0, 30, 1}));
        made.put(
                "expectation_reliability_transparency",
                Map.of(
                        "promise_kept_rate", new double[] {100, 0, 1},
                        "silence_gap_p90", new double[] {0, 3 * DAY, 1},
                        "error_rate", new double[] {0, 20, 1}));
        made.put(
                "expectation_interaction_attention",
                Map.of(
                        "csat", new double[] {100, 0, 2},
                        "sentiment_mean", new double[] {1, -1, 1},
                        "transfer_rate", new double[] {0, 50, 1}));
        made.put(
                "expectation_dissatisfaction_closure",
                Map.of(
                        "fcr_net", new double[] {100, 0, 1},
                        "resolution_rate", new double[] {100, 0, 1},
                        "repeat_contact_rate", new double[] {0, 50, 1},
                        "complaint_rate", new double[] {0, 20, 1}));
        Map<String, Row> scored = new TreeMap<>();
        Set<String> places = rows.keySet().stream()
                .map(id -> id.substring(id.indexOf('|')))
                .collect(Collectors.toCollection(TreeSet::new));
        for (String place : places) {
            made.forEach((expectation, components) -> {
                double sum = 0;
                double weights = 0;
                long n = 0;
                for (Map.Entry<String, double[]> component : components.entrySet()) {
                    Row row = rows.get(component.getKey() + place);
                    if (row != null) {
                        double[] c = component.getValue();
                        double score = 100 * (c[1] - row.value) / (c[1] - c[0]);
                        sum += c[2] * Math.min(100, Math.max(0, score));
                        weights += c[2];
                        n += row.n;
                    }
                }
                if (n > 0) {
                    scored.put(expectation + place, new Row(sum / weights, n));
                }
            });
        }
        rows.putAll(scored);
    }

    private static <T, V> List<V> known(List<T> of, Function<T, V> value) {
        return of.stream().map(value).filter(v -> v != null).toList();
    }

    private void percentiles(String metric, List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        for (int p : new int[] {50, 90, 95}) {
            if (!sorted.isEmpty()) {
                row(metric + "_p" + p, sorted.get((sorted.size() * p + 99) / 100 - 1), sorted.size());
            }
        }
    }

    private <T> void share(String metric, List<T> of, Predicate<T> which) {
        row(metric, 100.0 * of.stream().filter(which).count() / of.size(), of.size());
    }

    private <T> void count(String metric, List<T> of, Predicate<T> which) {
        long found = of.stream().filter(which).count();
        row(metric, found, found);
    }

    private void mean(String metric, List<Double> values) {
        row(metric, mean(values), values.size());
    }

    private void mean(String metric, String part, String value, List<Double> values) {
        part(metric, part, value, mean(values), values.size());
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(x -> x).average().orElse(0);
    }

    private void row(String metric, double value, long n) {
        put(metric, where, value, n);
    }

    private void part(String metric, String part, String of, double value, long n) {
        Map<String, String> finer = new TreeMap<>(where);
        finer.put(part, of);
        put(metric, finer, value, n);
    }

    /** Dimensions stand in the order of their names. */
    private void put(String metric, Map<String, String> dimensions, double value, long n) {
        if (n > 0) {
            StringBuilder id = new StringBuilder(metric);
            dimensions.forEach(
                    (name, of) -> id.append('|').append(name).append('=').append(of));
            rows.put(id.append('|').append(window).toString(), new Row(value, n));
        }
    }

    private static String of(Touchpoint t, String dimension, boolean asked) {
        Survey.About about = asked && t.survey() != null ? t.survey().about() : null;
        String value =
                switch (dimension) {
                    case "channel" -> about != null && about.channel() != null ? about.channel() : t.channel();
                    case "topic" -> t.topic();
                    default -> "";
                };
        return value == null ? "" : value;
    }

    private static String of(Session s, String dimension) {
        return switch (dimension) {
            case "channel" -> s.path().get(0).channel();
            case "topic" -> s.topics().size() == 1 ? s.topics().get(0) : "";
            default -> "";
        };
    }

    private static String of(Issue i, Issue.Contact c, String dimension) {
        return switch (dimension) {
            case "channel" -> c.channel();
            case "topic" -> i.topic() == null ? "" : i.topic();
            default -> "";
        };
    }
}
