package io.throughline.domain.measure;

import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.JourneyChange;
import io.throughline.domain.sessionize.Promise;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the words of the worked numbers on {@code docs/metrics.md} stand for. */
final class WorkedFacts {
    static final long START = 1_795_392_000_000L;

    private final Facts facts;
    private final VisitFacts visitFacts;
    private final MeasureConfig config;
    private final Map<String, VisitState> visits = new HashMap<>();
    private final List<Fact> found = new ArrayList<>();

    WorkedFacts(MeasureConfig config) {
        this.config = config;
        this.facts = new Facts(config);
        this.visitFacts = new VisitFacts(config);
    }

    List<Fact> of(String metric, String variant, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            word(metric, variant, words.get(i), "t" + i);
        }
        return found;
    }

    private void word(String metric, String variant, String word, String id) {
        switch (metric.replaceAll("_(p\\d+|excluded|mean)$", "")) {
            case "nps", "csat", "ces" -> {
                String question = metric.replaceAll("_.*", "");
                touch("ada", web(id).survey(survey(question, variant, Double.parseDouble(word))));
            }
            case "sentiment" -> {
                double sentiment = Double.parseDouble(word);
                boolean dropped = Math.abs(sentiment) > 1;
                touch(
                        "ada",
                        web(id).sentiment(dropped ? null : sentiment)
                                .properties(dropped ? Map.of("dropped_sentiment", word) : Map.of()));
            }
            case "wait" ->
                touch("ada", word.startsWith("-") ? dropped(id, "dropped_wait_ms") : web(id).waitMs(seconds(word)));
            case "handle" ->
                touch("ada", word.startsWith("-") ? dropped(id, "dropped_handle_ms") : web(id).handleMs(seconds(word)));
            case "asa", "abandonment_rate", "service_level" -> {
                String[] outcome = word.split(":");
                touch(
                        "ada",
                        Touchpoint.of(id, START, "call", "call_" + outcome[0])
                                .waitMs(outcome.length == 1 ? null : seconds(outcome[1])));
            }
            case "touchpoints", "customers" -> touch(word, web(id));
            case "social_engagement", "social_customers" -> touch(word, Touchpoint.of(id, START, "social", "message"));
            case "email_delivered", "email_open_rate", "email_click_rate" -> email(word, id);
            case "sessions", "channel_switches" -> session(id, "web", word);
            case "channel_switch_rate",
                    "channel_transitions",
                    "traffic",
                    "containment_rate",
                    "error_rate",
                    "complaint_rate",
                    "conversion_rate" ->
                found.addAll(
                        FoundFacts.of(sink -> facts.find(new SessionChange(null, path(id, "ada", START, word)), sink)));
            case "repeat_contact_rate",
                    "fcr_gross",
                    "fcr_net",
                    "fcr_behavioural",
                    "resolution_rate",
                    "transfer_rate",
                    "re_ask_rate",
                    "handoffs",
                    "contacts" -> issue(id, word);
            case "first_response" -> issue(id, word.equals("-") ? null : seconds(word), null, 0, List.of());
            case "resolution" -> issue(id, null, word.equals("-") ? null : seconds(word), 0, List.of());
            case "silence_gap" -> issue(id, null, null, seconds(word), List.of());
            case "promise_kept_rate" -> {
                Promise.Status status = Promise.Status.valueOf(word.toUpperCase(Locale.ROOT));
                Promise promise = new Promise(id, null, START, null, null, false, status);
                issue(id, null, null, 0, List.of(promise));
            }
            case "journeys", "journey_conversion_rate", "journey_abandonment_rate", "conversion_time", "stage_dwell" ->
                journey(id, word);
            case "revenue", "order_value" -> {
                long micros = Math.round(Double.parseDouble(word.substring(0, word.length() - 3)) * 1e6);
                touch(
                        "ada",
                        Touchpoint.of(id, START, "web", "purchase")
                                .value(new Money(micros, word.substring(word.length() - 3))));
            }
            case "purchase_frequency",
                    "multichannel_purchase_share",
                    "repeat_purchase_rate",
                    "funnel_conversion",
                    "retention_rate",
                    "churn_rate" -> activity(word, id);
            case "failed_self_service_rate" -> {
                String[] visit = word.split(":");
                visited(path(id, visit[0], time(visit[1]), visit[1].replaceAll("@.*", "")));
            }
            case "driver_csat_effect",
                    "driver_csat_share",
                    "driver_csat_impact",
                    "driver_nps_effect",
                    "driver_nps_share",
                    "driver_nps_impact" -> answered(word, id);
            default -> throw new IllegalArgumentException("no way to write down facts for " + metric);
        }
    }

    private void touch(String customer, Touchpoint.Builder touchpoint) {
        found.addAll(FoundFacts.of(sink -> facts.find(new Attribution(customer, touchpoint.build(), 1, 1), sink)));
    }

    private static Touchpoint.Builder web(String id) {
        return Touchpoint.of(id, START, "web", "something");
    }

    private static Touchpoint.Builder dropped(String id, String property) {
        return web(id).properties(Map.of(property, "-1"));
    }

    /** CUSTOMER/CAMPAIGN:WHAT. */
    private void email(String word, String id) {
        String[] words = word.split("[/:]");
        boolean sent = words[2].equals("sent");
        String kind = sent ? "offer" : words[2].equals("opened") ? "message_opened" : "click";
        touch(
                words[0],
                Touchpoint.of(id, START, "email", kind).outbound(sent).properties(Map.of("campaign", words[1])));
    }

    /** CUSTOMER:CHANNEL[:KIND][/STAGE][@TIME]. */
    private void activity(String word, String id) {
        String[] words = word.replaceAll("@.*", "").split("/");
        String[] what = words[0].split(":");
        touch(
                what[0],
                Touchpoint.of(id, time(word), what[1], what.length > 2 ? what[2] : "page_view")
                        .stage(words.length > 1 ? words[1] : null));
    }

    private void visited(Session session) {
        learn(session.customerId(), visitFacts.of(new SessionChange(null, session)));
    }

    /** SCORE[+FACTOR], NPS answers as npsSCORE: a customer with one session that has the factor, and its answer. */
    private void answered(String word, String id) {
        String[] words = word.split("\\+");
        String factor = words.length > 1 ? words[1] : "";
        Session session = path(id, id, START, factor.equals("error") ? "web:error" : "web");
        if (factor.equals("handoff")) {
            session = with(session, session.channelSwitches(), 1);
        }
        visited(session);
        boolean nps = words[0].startsWith("nps");
        Survey survey = survey(nps ? "nps" : "csat", null, Double.parseDouble(words[0].replace("nps", "")));
        learn(
                id,
                visitFacts.of(new Attribution(
                        id,
                        Touchpoint.of("answer-" + id, START, "web", "survey_response")
                                .survey(survey)
                                .build(),
                        1,
                        1)));
    }

    private void learn(String customer, VisitInput input) {
        VisitRule rule = new VisitRule(config, 1_000_000_000);
        var step = rule.on(visits.get(customer), input, START);
        visits.put(customer, step.state());
        found.addAll(step.out());
    }

    /** STEP>STEP/TOPIC, each step CHANNEL[:KIND]. */
    private static Session path(String id, String customer, long start, String word) {
        String[] words = word.split("/");
        List<Session.Step> steps = new ArrayList<>();
        List<String> channels = new ArrayList<>();
        int switches = 0;
        int errors = 0;
        int complaints = 0;
        for (String step : words[0].split(">")) {
            String[] what = step.split(":");
            String kind = what.length > 1 ? what[1] : "page_view";
            switches +=
                    !channels.isEmpty() && !channels.get(channels.size() - 1).equals(what[0]) ? 1 : 0;
            errors += kind.equals("error") ? 1 : 0;
            complaints += kind.equals("complaint") ? 1 : 0;
            channels.add(what[0]);
            steps.add(new Session.Step(id + "-" + steps.size(), start, what[0], kind, null, null));
        }
        return new Session(
                id,
                customer,
                Session.Status.CLOSED,
                start,
                start,
                channels.stream().distinct().sorted().toList(),
                steps.size(),
                steps,
                switches,
                0,
                Map.of(),
                Session.CutCause.INACTIVITY,
                null,
                words.length > 1 ? List.of(words[1]) : List.of(),
                List.of(),
                Map.of(),
                List.of(),
                errors,
                complaints,
                0,
                HandoffKinds.NONE,
                0,
                List.of(),
                null,
                1);
    }

    private void session(String id, String path, String switches) {
        Session session = with(path(id, "ada", START, path), Integer.parseInt(switches), 0);
        found.addAll(FoundFacts.of(sink -> facts.find(new SessionChange(null, session), sink)));
    }

    private static Session with(Session s, int switches, int handoffs) {
        return new Session(
                s.sessionId(),
                s.customerId(),
                s.status(),
                s.start(),
                s.end(),
                s.channels(),
                s.touchpointCount(),
                s.path(),
                switches,
                handoffs,
                s.activeMs(),
                s.cutCause(),
                s.outcome(),
                s.topics(),
                s.stages(),
                s.scores(),
                s.value(),
                s.errors(),
                s.complaints(),
                s.waitMs(),
                s.handoffKinds(),
                s.reAsks(),
                s.flags(),
                s.segment(),
                s.revision());
    }

    /** ENDED/CONTACTS[/HANDOFFS[/RE_ASKS]]. */
    private void issue(String id, String word) {
        String[] words = word.split("/");
        List<Issue.Contact> contacts = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(words[1]); i++) {
            contacts.add(contact(id + i, START + i, i > 0));
        }
        issue(
                id,
                words[0].equals("resolved"),
                !words[0].equals("beyond"),
                contacts,
                words.length > 2 ? Integer.parseInt(words[2]) : 0,
                words.length > 3 ? Integer.parseInt(words[3]) : 0,
                null,
                null,
                0,
                List.of());
    }

    private void issue(String id, Long firstResponse, Long resolution, long silence, List<Promise> promises) {
        List<Issue.Contact> contacts = List.of(contact(id, START, false));
        issue(id, resolution != null, true, contacts, 0, 0, firstResponse, resolution, silence, promises);
    }

    private void issue(
            String id,
            boolean resolved,
            boolean resolvable,
            List<Issue.Contact> contacts,
            int handoffs,
            int reAsks,
            Long firstResponse,
            Long resolution,
            long silence,
            List<Promise> promises) {
        Issue issue = new Issue(
                id,
                "ada",
                null,
                null,
                false,
                false,
                resolved,
                resolvable,
                START,
                START,
                List.of("call"),
                contacts,
                new HandoffKinds(0, handoffs, 0),
                0,
                reAsks,
                firstResponse,
                resolution,
                silence,
                promises,
                0,
                List.of(),
                1);
        found.addAll(FoundFacts.of(sink -> facts.find(new IssueChange(null, issue), sink)));
    }

    /** STAGE:DAYS>STAGE:DAYS, each for so many days; ended, converted after so many days (converted@DAYS) or going on. */
    private void journey(String id, String word) {
        String[] words = word.split("/");
        List<Journey.StageVisit> path = new ArrayList<>();
        long entered = START;
        for (String stretch : words[0].split(">")) {
            String[] stage = stretch.split(":");
            long dwell = stage.length > 1 ? Long.parseLong(stage[1]) * 86_400_000L : 0;
            path.add(new Journey.StageVisit(stage[0], START, dwell, 1));
            entered += dwell;
        }
        boolean converted = words[1].startsWith("converted");
        Journey journey = new Journey(
                id,
                "ada",
                Journey.Status.ACTIVE,
                words[1].equals("ended"),
                Journey.EndCause.OPEN,
                START,
                entered,
                null,
                null,
                null,
                List.of(),
                path,
                Map.of(),
                0,
                converted ? START + Long.parseLong(words[1].split("@")[1]) * 86_400_000L : null,
                null,
                0,
                null,
                List.of("web"),
                "web",
                1,
                1,
                List.of(),
                List.of(),
                1);
        found.addAll(FoundFacts.of(sink -> facts.find(new JourneyChange(null, journey), sink)));
    }

    private static Issue.Contact contact(String id, long start, boolean repeat) {
        return new Issue.Contact(id, start, start, "call", null, null, null, null, null, Map.of(), repeat);
    }

    private static Survey survey(String metric, String variant, double score) {
        String scale = variant != null ? variant : metric.equals("nps") ? "0-10" : "1-5";
        String[] ends = scale.split(",")[0].split("-");
        return new Survey(
                metric,
                Double.parseDouble(ends[0]),
                Double.parseDouble(ends[1]),
                !scale.endsWith("low is good"),
                score,
                null,
                null);
    }

    private static Long seconds(String word) {
        return Long.parseLong(word.replace("s", "")) * 1_000;
    }

    /** What follows an @, minutes from the start; without, the start. */
    private static long time(String word) {
        int at = word.indexOf('@');
        return at < 0 ? START : START + Long.parseLong(word.substring(at + 1).replace("m", "")) * 60_000;
    }
}
