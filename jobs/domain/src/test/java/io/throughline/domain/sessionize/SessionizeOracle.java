package io.throughline.domain.sessionize;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The specification of sessions, written for the reader and not for speed: everything is known, sorted and split once.
 * Statuses are open or closed, revisions 0.
 */
final class SessionizeOracle {
    private static final List<String> STAGES =
            List.of("awareness", "acquisition", "onboarding", "engagement", "support");

    final Map<String, Session> sessions = new TreeMap<>();
    /** Touchpoint to session, the empty string for none. */
    final Map<String, String> sessionOf = new TreeMap<>();

    final List<Touchpoint> counting;
    private final SessionizeConfig config;
    private final long asOf;

    SessionizeOracle(String customerId, List<Attribution> attributions, SessionizeConfig config, long asOf) {
        this.config = config;
        this.asOf = asOf;
        this.counting = counting(attributions).stream()
                .filter(t -> config.publishAhead() || t.eventTime() <= asOf)
                .sorted(Comparator.comparingLong(Touchpoint::eventTime).thenComparing(Touchpoint::touchpointId))
                .toList();
        List<List<Touchpoint>> found = split();
        for (int i = 0; i < found.size(); i++) {
            describe(customerId, found.get(i), i + 1 < found.size() ? found.get(i + 1) : null);
        }
        counting.forEach(t -> sessionOf.putIfAbsent(t.touchpointId(), ""));
    }

    private static List<Touchpoint> counting(List<Attribution> attributions) {
        Map<String, TreeMap<Long, Integer>> nets = new HashMap<>();
        Map<String, Map<Long, Touchpoint>> contents = new HashMap<>();
        for (Attribution a : attributions) {
            String id = a.touchpoint().touchpointId();
            nets.computeIfAbsent(id, x -> new TreeMap<>()).merge(a.sequence(), a.sign(), Integer::sum);
            contents.computeIfAbsent(id, x -> new HashMap<>()).put(a.sequence(), a.touchpoint());
        }
        List<Touchpoint> result = new ArrayList<>();
        nets.forEach((id, bySequence) -> bySequence.descendingMap().entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .findFirst()
                .ifPresent(e -> result.add(contents.get(id).get(e.getKey()))));
        return result;
    }

    /** Inbound touchpoints first: gaps, then the other cuts within; outbound ones are laid over the result. */
    private List<List<Touchpoint>> split() {
        List<List<Touchpoint>> found = new ArrayList<>();
        for (Touchpoint t : counting) {
            List<Touchpoint> last = found.isEmpty() ? List.of() : found.get(found.size() - 1);
            if (!last.isEmpty() && refusal(last, t) == null) {
                last.add(t);
            } else if (!t.outbound()) {
                found.add(new ArrayList<>(List.of(t)));
            }
        }
        return found;
    }

    private CutCause refusal(List<Touchpoint> session, Touchpoint t) {
        Touchpoint first = session.get(0);
        if (config.cutAtLogout()
                && session.stream().anyMatch(s -> !s.outbound() && s.kind().equals("logout"))) {
            return CutCause.LOGOUT;
        }
        if (t.eventTime() > cover(session)) {
            return CutCause.INACTIVITY;
        }
        if (t.eventTime() > first.eventTime() + config.maxLengthMs()) {
            return CutCause.MAX_LENGTH;
        }
        if (session.size() == config.maxSize()) {
            return CutCause.MAX_SIZE;
        }
        if (config.dayZone() != null && !day(first).equals(day(t))) {
            return CutCause.DAY;
        }
        if (config.campaignProperty() != null && !t.outbound() && campaign(t) != null) {
            String earlier = session.stream()
                    .filter(s -> !s.outbound())
                    .map(this::campaign)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(campaign(t));
            if (!earlier.equals(campaign(t))) {
                return CutCause.CAMPAIGN;
            }
        }
        return null;
    }

    private long cover(List<Touchpoint> session) {
        return session.stream()
                .filter(s -> !s.outbound())
                .mapToLong(s -> s.eventTime() + config.gap(s.channel()))
                .max()
                .orElseThrow();
    }

    private LocalDate day(Touchpoint t) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(t.eventTime()), ZoneId.of(config.dayZone()));
    }

    private String campaign(Touchpoint t) {
        return t.properties().get(config.campaignProperty());
    }

    private void describe(String customerId, List<Touchpoint> session, List<Touchpoint> next) {
        CutCause cause = next == null ? CutCause.INACTIVITY : refusal(session, next.get(0));
        long closes = cover(session);
        Touchpoint last = session.get(session.size() - 1);
        if (config.cutAtLogout() && !last.outbound() && last.kind().equals("logout")) {
            cause = CutCause.LOGOUT;
            closes = last.eventTime();
        } else if (cause != CutCause.INACTIVITY) {
            closes = next.get(0).eventTime();
        }
        boolean open = asOf < closes;
        String id = "s-" + customerId + "-"
                + session.stream()
                        .map(t -> Hash128.of(t.touchpointId()))
                        .min(Comparator.naturalOrder())
                        .orElseThrow()
                        .hex(16);
        session.forEach(t -> sessionOf.put(t.touchpointId(), id));
        sessions.put(
                id,
                new Session(
                        id,
                        customerId,
                        open ? Status.OPEN : Status.CLOSED,
                        session.get(0).eventTime(),
                        last.eventTime(),
                        sorted(session, Touchpoint::channel),
                        session.size(),
                        session.stream()
                                .limit(config.pathLimit())
                                .map(t -> new Session.Step(
                                        t.touchpointId(),
                                        t.eventTime(),
                                        t.channel(),
                                        t.kind(),
                                        t.touchpoint(),
                                        t.stage()))
                                .toList(),
                        switches(session),
                        handoffs(session).total(),
                        activeMs(session),
                        open ? CutCause.OPEN : cause,
                        lastOf(session, Touchpoint::outcome),
                        sorted(session, Touchpoint::topic),
                        stages(session),
                        scores(session),
                        earned(session),
                        (int) session.stream()
                                .filter(t -> t.kind().equals("error"))
                                .count(),
                        (int) session.stream()
                                .filter(t -> t.kind().equals("complaint"))
                                .count(),
                        session.stream()
                                .mapToLong(t -> t.waitMs() == null ? 0 : Math.max(0, t.waitMs()))
                                .sum(),
                        handoffs(session),
                        reAsks(session),
                        flags(session, last.eventTime() - session.get(0).eventTime()),
                        lastOf(session, Touchpoint::segment),
                        0));
    }

    static List<String> sorted(List<Touchpoint> session, Function<Touchpoint, String> of) {
        return List.copyOf(session.stream().map(of).filter(Objects::nonNull).collect(toCollection(TreeSet::new)));
    }

    private static List<String> stages(List<Touchpoint> session) {
        return inOrder(sorted(session, Touchpoint::stage));
    }

    static List<String> inOrder(List<String> named) {
        List<String> result = new ArrayList<>(STAGES);
        result.retainAll(named);
        named.stream().filter(s -> !STAGES.contains(s)).forEach(result::add);
        return result;
    }

    private static int switches(List<Touchpoint> session) {
        int switches = 0;
        for (int i = 1; i < session.size(); i++) {
            if (!session.get(i).channel().equals(session.get(i - 1).channel())) {
                switches++;
            }
        }
        return switches;
    }

    /** Transfers, and agents whose nearest earlier bot, agent or transfer is a bot. */
    HandoffKinds handoffs(List<Touchpoint> touchpoints) {
        int botToHuman = 0;
        int agentToAgent = 0;
        int department = 0;
        for (int i = 0; i < touchpoints.size(); i++) {
            Touchpoint t = touchpoints.get(i);
            boolean afterBot = false;
            for (int j = i - 1; j >= 0; j--) {
                if (!who(touchpoints.get(j)).isEmpty()) {
                    afterBot = who(touchpoints.get(j)).equals("bot");
                    break;
                }
            }
            Map<String, String> said = t.properties();
            if (who(t).equals("agent") && afterBot) {
                botToHuman++;
            } else if (who(t).equals("transfer")) {
                if (afterBot
                        || t.channel().equals("bot")
                        || "bot".equals(t.actor())
                        || "bot".equals(said.get("from"))) {
                    botToHuman++;
                } else if (said.containsKey("from")
                        && said.containsKey("to")
                        && !said.get("from").equals(said.get("to"))) {
                    department++;
                } else {
                    agentToAgent++;
                }
            }
        }
        return new HandoffKinds(botToHuman, agentToAgent, department);
    }

    int reAsks(List<Touchpoint> touchpoints) {
        List<Touchpoint> asking = touchpoints.stream()
                .filter(t -> config.reAskKinds().contains(t.kind()))
                .toList();
        return (int) touchpoints.stream()
                .filter(t -> "true".equals(t.properties().get("asked_again")) || asking.indexOf(t) > 0)
                .count();
    }

    List<String> flags(List<Touchpoint> touchpoints, long durationMs) {
        TreeSet<String> flags = new TreeSet<>();
        for (int i = 0; i < touchpoints.size(); i++) {
            Touchpoint t = touchpoints.get(i);
            for (String queue : List.of("call", "chat", "video")) {
                if (t.kind().equals(queue + "_ended")
                        && !"abandoned".equals(t.outcome())
                        && touchpoints.subList(0, i).stream()
                                .noneMatch(b -> b.kind().equals(queue + "_answered"))) {
                    flags.add("ended_without_answer");
                }
            }
            if (reverses(t)) {
                flags.add("purchase_reversed");
            }
            if ((t.waitMs() != null && t.waitMs() < 0)
                    || (t.handleMs() != null && t.handleMs() < 0)
                    || t.properties().containsKey("dropped_wait_ms")
                    || t.properties().containsKey("dropped_handle_ms")) {
                flags.add("negative_duration");
            }
            if (t.handleMs() != null && t.handleMs() > durationMs) {
                flags.add("handle_exceeds_session");
            }
        }
        return List.copyOf(flags);
    }

    boolean reverses(Touchpoint t) {
        return config.reversalKinds().contains(t.kind())
                || (t.kind().equals("purchase")
                        && t.value() != null
                        && t.value().micros() < 0);
    }

    boolean converts(Touchpoint t) {
        return !reverses(t)
                && (config.journey().conversionKinds().contains(t.kind())
                        || (t.outcome() != null
                                && config.journey().conversionOutcomes().contains(t.outcome())));
    }

    private String who(Touchpoint t) {
        if (t.kind().equals("transfer")) {
            return "transfer";
        }
        if (!config.handoffChannels().contains(t.channel())) {
            return "";
        }
        if ("agent".equals(t.actor())) {
            return "agent";
        }
        return "bot".equals(t.actor()) || t.channel().equals("bot") ? "bot" : "";
    }

    private static Map<String, Long> activeMs(List<Touchpoint> session) {
        Map<String, Long> active = new HashMap<>();
        for (int i = 0; i < session.size(); i++) {
            long until = session.get(Math.min(i + 1, session.size() - 1)).eventTime();
            active.merge(session.get(i).channel(), until - session.get(i).eventTime(), Long::sum);
        }
        return active;
    }

    private static String lastOf(List<Touchpoint> session, Function<Touchpoint, String> of) {
        return session.stream().map(of).filter(Objects::nonNull).reduce(null, (a, b) -> b);
    }

    private static Map<String, Double> scores(List<Touchpoint> session) {
        return session.stream()
                .filter(t -> t.survey() != null
                        && t.survey().score() >= t.survey().scaleMin()
                        && t.survey().score() <= t.survey().scaleMax())
                .collect(toMap(t -> t.survey().metric(), t -> t.survey().score(), (a, b) -> b));
    }

    /** By purpose, the last word on each; by (event time, id) as the touchpoints are sorted. */
    static List<Consent> consents(List<Touchpoint> touchpoints) {
        Map<String, Consent> last = new TreeMap<>();
        for (Touchpoint t : touchpoints) {
            if (t.kind().startsWith("consent_")) {
                String about = t.topic() == null ? "general" : t.topic();
                String purpose = t.properties().getOrDefault("purpose", about);
                boolean given = t.kind().equals("consent_given");
                last.put(purpose, new Consent(purpose, given, t.eventTime(), t.touchpointId(), t.channel()));
            }
        }
        return List.copyOf(last.values());
    }

    /** What conversions and stays brought and reversals took, which are written with a minus or without. */
    List<Money> earned(List<Touchpoint> touchpoints) {
        Map<String, Long> sums = new TreeMap<>();
        touchpoints.stream()
                .filter(t -> converts(t) || reverses(t) || config.valueKinds().contains(t.kind()))
                .filter(t -> t.value() != null)
                .forEach(t -> sums.merge(
                        t.value().currency(),
                        reverses(t) ? -Math.abs(t.value().micros()) : t.value().micros(),
                        Long::sum));
        return sums.entrySet().stream()
                .map(e -> new Money(e.getValue(), e.getKey()))
                .toList();
    }
}
