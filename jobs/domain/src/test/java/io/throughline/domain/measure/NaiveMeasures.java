package io.throughline.domain.measure;

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

/**
 * Every metric the slow and obvious way, from the touchpoints and sessions that count in the end: for each window and
 * each dimension value, filter, list, compute. Shares no code with what it judges.
 */
final class NaiveMeasures {
    record Owned(String customer, Touchpoint touchpoint) {}

    record Row(double value, long n) {}

    private final List<Owned> touchpoints;
    private final List<Session> sessions;
    private final Map<String, Row> rows = new TreeMap<>();

    NaiveMeasures(List<Owned> touchpoints, List<Session> sessions) {
        this.touchpoints = touchpoints;
        this.sessions = sessions;
    }

    /** Series id to value over (asOf - length, asOf]; rows with n = 0 are left out. Waits are exact, not binned. */
    Map<String, Row> rows(long asOf, Map<String, Long> windows) {
        windows.forEach((window, length) -> {
            List<Owned> in = touchpoints.stream()
                    .filter(o -> o.touchpoint.eventTime() > asOf - length)
                    .filter(o -> o.touchpoint.eventTime() <= asOf)
                    .toList();
            for (String dimension : List.of("", "channel", "topic")) {
                Set<String> values = new TreeSet<>();
                in.forEach(o -> values.addAll(
                        List.of(of(o.touchpoint, dimension, false, ""), of(o.touchpoint, dimension, true, ""))));
                sessions.forEach(s -> values.add(of(s, dimension)));
                values.remove(dimension.isEmpty() ? "?" : "");
                for (String value : values) {
                    String suffix = dimension.isEmpty() ? "|" + window : "|" + dimension + "=" + value + "|" + window;
                    List<Touchpoint> own = new ArrayList<>();
                    List<Touchpoint> asked = new ArrayList<>();
                    Set<String> customers = new HashSet<>();
                    for (Owned o : in) {
                        if (of(o.touchpoint, dimension, false, "").equals(value)) {
                            own.add(o.touchpoint);
                            customers.add(o.customer);
                        }
                        if (o.touchpoint.survey() != null
                                && of(o.touchpoint, dimension, true, "").equals(value)) {
                            asked.add(o.touchpoint);
                        }
                    }
                    row("touchpoints" + suffix, own.size(), own.size());
                    row("customers" + suffix, customers.size(), own.size());
                    surveys(suffix, asked);
                    waits(suffix, own);
                    List<Session> begun = sessions.stream()
                            .filter(s -> s.start() > asOf - length && s.start() <= asOf)
                            .filter(s -> of(s, dimension).equals(value))
                            .toList();
                    row("sessions" + suffix, begun.size(), begun.size());
                    row(
                            "channel_switches_mean" + suffix,
                            begun.stream()
                                    .mapToInt(Session::channelSwitches)
                                    .average()
                                    .orElse(0),
                            begun.size());
                }
            }
        });
        return rows;
    }

    private void surveys(String suffix, List<Touchpoint> asked) {
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
        row("nps" + suffix, 100 * (promoters - detractors) / nps.size(), nps.size());
        row("nps_excluded" + suffix, npsOut, npsOut);
        row("csat" + suffix, 100.0 * csat.stream().filter(x -> x >= 4).count() / csat.size(), csat.size());
        row("csat_mean" + suffix, mean(csat), csat.size());
        row("csat_excluded" + suffix, csatOut, csatOut);
        row("ces_excluded" + suffix, cesOut, cesOut);
        row("csat_mean" + onScale("1-7", suffix), mean(otherCsat), otherCsat.size());
        effort.forEach((scale, scores) -> {
            row("ces" + onScale(scale, suffix), mean(scores), scores.size());
            if (effort.size() == 1) {
                row("ces" + suffix, mean(scores), scores.size());
            }
        });
    }

    private void waits(String suffix, List<Touchpoint> own) {
        List<Long> waits = own.stream()
                .map(Touchpoint::waitMs)
                .filter(w -> w != null)
                .sorted()
                .toList();
        List<Long> handles = own.stream()
                .map(Touchpoint::handleMs)
                .filter(w -> w != null)
                .sorted()
                .toList();
        for (int p : new int[] {50, 90, 95}) {
            if (!waits.isEmpty()) {
                row("wait_p" + p + suffix, waits.get((waits.size() * p + 99) / 100 - 1), waits.size());
            }
            if (!handles.isEmpty() && p != 95) {
                row("handle_p" + p + suffix, handles.get((handles.size() * p + 99) / 100 - 1), handles.size());
            }
        }
        long answered =
                own.stream().filter(t -> t.kind().equals("call_answered")).count();
        long soon = own.stream()
                .filter(t -> t.kind().equals("call_answered") && t.waitMs() != null && t.waitMs() <= 20_000)
                .count();
        long unknown = own.stream()
                .filter(t -> t.kind().equals("call_answered") && t.waitMs() == null)
                .count();
        long abandoned = own.stream()
                .filter(t -> t.kind().equals("call_ended") && "abandoned".equals(t.outcome()))
                .count();
        row("abandonment_rate" + suffix, 100.0 * abandoned / (answered + abandoned), answered + abandoned);
        long n = answered - unknown + abandoned;
        row("service_level" + suffix, 100.0 * soon / n, n);
    }

    private void row(String id, double value, long n) {
        if (n > 0) {
            rows.put(id, new Row(value, n));
        }
    }

    /** Dimensions stand in the order of their names: channel, scale, topic. */
    private static String onScale(String scale, String suffix) {
        String named = "|scale=" + scale;
        int at = suffix.startsWith("|channel=") ? suffix.lastIndexOf('|') : 0;
        return suffix.substring(0, at) + named + suffix.substring(at);
    }

    private static double mean(List<Double> scores) {
        return scores.stream().mapToDouble(x -> x).average().orElse(0);
    }

    private static String of(Touchpoint t, String dimension, boolean asked, String none) {
        Survey.About about = asked && t.survey() != null ? t.survey().about() : null;
        String value =
                switch (dimension) {
                    case "channel" -> about != null && about.channel() != null ? about.channel() : t.channel();
                    case "topic" -> t.topic();
                    default -> "";
                };
        return value == null ? none : value;
    }

    private static String of(Session s, String dimension) {
        return switch (dimension) {
            case "channel" -> s.path().get(0).channel();
            case "topic" -> s.topics().size() == 1 ? s.topics().get(0) : "";
            default -> "";
        };
    }
}
