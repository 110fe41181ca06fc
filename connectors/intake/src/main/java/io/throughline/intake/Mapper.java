package io.throughline.intake;

import io.throughline.intake.Mapping.EventRule;
import io.throughline.intake.Mapping.Fields;
import io.throughline.intake.Mapping.From;
import io.throughline.intake.Mapping.Unlisted;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Money;
import io.throughline.schemas.Survey;
import io.throughline.schemas.SurveyAbout;
import io.throughline.schemas.Touchpoint;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes touchpoints of events by two mappings, one over the other. */
final class Mapper {

    /** Beyond it no length of time is one, and not every whole number is a double. */
    private static final double LONGEST_MS = 9e15;

    private final Mapping upper;
    private final Mapping lower;
    private final ValueFormat format;
    private final TimeFormat times;
    private final Map<String, List<String>> identifiers = new TreeMap<>(IdentifierTypes.BY_STRENGTH);
    private final Map<String, String> experiments = new TreeMap<>();
    private final List<String> properties;
    private final Set<String> omitted = new HashSet<>();
    private final boolean keepsUnlisted;

    /** @param lower holds where the upper one says nothing */
    Mapper(Mapping upper, Mapping lower, ValueFormat format) {
        this.upper = upper;
        this.lower = lower;
        this.format = format;
        this.times = format.time();
        identifiers.putAll(lower.identifiers());
        identifiers.putAll(upper.identifiers());
        experiments.putAll(lower.experiments());
        experiments.putAll(upper.experiments());
        List<String> kept = upper.properties() == null ? lower.properties() : upper.properties();
        properties = kept == null ? List.of() : kept;
        omitted.addAll(lower.omit());
        omitted.addAll(upper.omit());
        // Properties are not replaced by pseudonyms.
        identifiers.values().forEach(omitted::addAll);
        lower.identifiers().values().forEach(omitted::addAll);
        Unlisted unlisted = upper.unlisted() == null ? lower.unlisted() : upper.unlisted();
        keepsUnlisted = unlisted != Unlisted.IGNORE;
    }

    Outcome map(Event event) {
        try {
            return mapped(event);
        } catch (Misfit misfit) {
            return misfit.rejected();
        }
    }

    private Outcome mapped(Event event) {
        List<String> names = names(event);
        Named above = named(upper, names);
        Named below = named(lower, names);
        Named named = above == null ? below : above;
        if (named != null && named.rule.ignored()) {
            return new Outcome.Ignored(named.name);
        }
        List<Fields> layers = new ArrayList<>();
        if (above != null) {
            layers.add(above.rule.fields());
        }
        layers.add(upper.fields());
        if (below != null) {
            layers.add(below.rule.fields());
        }
        layers.add(lower.fields());
        Values values = new Values(event, layers);
        String kind = values.set(TouchpointField.KIND);
        if (kind == null && !keepsUnlisted && named == null) {
            return new Outcome.Ignored("unlisted");
        }
        if (kind == null) {
            kind = names.isEmpty() ? null : names.get(names.size() - 1);
        }
        return new Outcome.Mapped(touchpoint(event, values, kind));
    }

    private List<String> names(Event event) {
        Set<String> names = new LinkedHashSet<>();
        for (String path : upper.event().isEmpty() ? lower.event() : upper.event()) {
            String name = event.facts().text(path);
            if (name != null) {
                names.add(Mapping.spelled(name));
                break;
            }
        }
        event.names().forEach(name -> names.add(Mapping.spelled(name)));
        return List.copyOf(names);
    }

    private record Named(String name, EventRule rule) {}

    private static @Nullable Named named(Mapping mapping, List<String> names) {
        for (String name : names) {
            EventRule rule = mapping.events().get(name);
            if (rule != null) {
                return new Named(name, rule);
            }
        }
        return null;
    }

    private Touchpoint touchpoint(Event event, Values values, @Nullable String kind) {
        String id = values.needed(TouchpointField.TOUCHPOINT_ID);
        Instant eventTime = values.time(TouchpointField.EVENT_TIME);
        if (eventTime == null) {
            throw missing(TouchpointField.EVENT_TIME);
        }
        if (kind == null) {
            throw missing(TouchpointField.KIND);
        }
        Survey survey = survey(values);
        Touchpoint.Builder touchpoint = Touchpoint.newBuilder()
                .setTouchpointId(upper.idPrefix() + id)
                .setEventTime(eventTime)
                .setSentTime(values.sentTime())
                .setReceivedTime(values.time(TouchpointField.RECEIVED_TIME))
                .setChannel(values.needed(TouchpointField.CHANNEL))
                .setKind(kind)
                .setDirection(values.text(TouchpointField.DIRECTION))
                .setActor(values.text(TouchpointField.ACTOR))
                .setIdentifiers(identifiers(event))
                .setTouchpoint(values.text(TouchpointField.TOUCHPOINT))
                .setStage(values.text(TouchpointField.STAGE))
                .setTopic(values.text(TouchpointField.TOPIC))
                .setCaseId(values.text(TouchpointField.CASE_ID))
                .setLocation(values.text(TouchpointField.LOCATION))
                .setBrand(values.text(TouchpointField.BRAND))
                .setProduct(values.text(TouchpointField.PRODUCT))
                .setSegment(values.text(TouchpointField.SEGMENT))
                .setOutcome(values.text(TouchpointField.OUTCOME))
                .setWaitMs(values.duration(TouchpointField.WAIT_MS))
                .setHandleMs(values.duration(TouchpointField.HANDLE_MS))
                .setValue(value(values))
                .setSurvey(survey)
                .setSentiment(values.number(TouchpointField.SENTIMENT))
                .setCaptureMethod(values.text(TouchpointField.CAPTURE_METHOD))
                .setExperiments(experiments(event));
        String verbatim = values.text(TouchpointField.SURVEY_VERBATIM);
        // Last, since what became a field is none.
        Map<String, String> kept = properties(event, values.used);
        if (survey == null && verbatim != null) {
            kept.put("verbatim", verbatim);
        }
        return touchpoint.setProperties(kept).build();
    }

    private static Misfit missing(TouchpointField field) {
        return Misfit.missing(field.fieldName() + ": the record has none, and no mapping sets it");
    }

    private List<Identifier> identifiers(Event event) {
        Set<Identifier> found = new LinkedHashSet<>();
        identifiers.forEach((type, paths) -> {
            for (String path : paths) {
                String value = event.facts().text(path);
                if (value != null) {
                    found.add(new Identifier(type, value));
                }
            }
        });
        found.addAll(event.identifiers());
        if (found.isEmpty()) {
            Set<String> places = new TreeSet<>();
            identifiers.values().forEach(places::addAll);
            throw Misfit.missing("identifiers: none of " + String.join(", ", places) + " has a value");
        }
        return found.stream()
                .sorted(Comparator.comparing(Identifier::getType, IdentifierTypes.BY_STRENGTH))
                .toList();
    }

    /** A currency alone, as a constant is, is no value. */
    private static @Nullable Money value(Values values) {
        Double amount = values.number(TouchpointField.VALUE_AMOUNT);
        String currency = values.text(TouchpointField.VALUE_CURRENCY);
        if (amount == null) {
            return null;
        }
        if (currency == null) {
            throw Misfit.missing("value.currency: the record has an amount and no currency, and no mapping sets one");
        }
        return new Money(amount, currency);
    }

    /** A metric and a scale alone, as constants are, are no answer. */
    private static @Nullable Survey survey(Values values) {
        Double score = values.number(TouchpointField.SURVEY_SCORE);
        if (score == null) {
            return null;
        }
        SurveyAbout about = SurveyAbout.newBuilder()
                .setTouchpointId(values.text(TouchpointField.SURVEY_ABOUT_TOUCHPOINT_ID))
                .setChannel(values.text(TouchpointField.SURVEY_ABOUT_CHANNEL))
                .setTouchpoint(values.text(TouchpointField.SURVEY_ABOUT_TOUCHPOINT))
                .setCaseId(values.text(TouchpointField.SURVEY_ABOUT_CASE_ID))
                .build();
        boolean aboutNothing = about.getTouchpointId() == null
                && about.getChannel() == null
                && about.getTouchpoint() == null
                && about.getCaseId() == null;
        return Survey.newBuilder()
                .setMetric(values.needed(TouchpointField.SURVEY_METRIC))
                .setScaleMin(values.neededNumber(TouchpointField.SURVEY_SCALE_MIN))
                .setScaleMax(values.neededNumber(TouchpointField.SURVEY_SCALE_MAX))
                .setDirection(values.text(TouchpointField.SURVEY_DIRECTION))
                .setScore(score)
                .setVerbatim(values.text(TouchpointField.SURVEY_VERBATIM))
                .setAbout(aboutNothing ? null : about)
                .build();
    }

    private Map<String, String> experiments(Event event) {
        Map<String, String> found = new LinkedHashMap<>(event.experiments());
        experiments.forEach((name, path) -> {
            String variant = event.facts().text(path);
            if (variant != null) {
                found.put(name, variant);
            }
        });
        return found;
    }

    private Map<String, String> properties(Event event, Set<String> used) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String root : properties) {
            event.facts().below(root).forEach((name, value) -> {
                String path = name.isEmpty() ? root : root + "." + name;
                if (!used.contains(path) && !isOmitted(path, root) && !(value.isList() && holdsOmitted(path))) {
                    kept.putIfAbsent(name.isEmpty() ? root : name, value.text());
                }
            });
        }
        return kept;
    }

    /** Also what lies within something omitted, unless the root itself does: it was asked for. */
    private boolean isOmitted(String path, String root) {
        // By what is omitted: names come from the record, and may have any number of points.
        return omitted.stream()
                .anyMatch(each -> path.equals(each) || (each.length() > root.length() && path.startsWith(each + ".")));
    }

    /** A list is one text, out of which nothing can be left. */
    private boolean holdsOmitted(String list) {
        return omitted.stream().anyMatch(each -> each.startsWith(list + "."));
    }

    /** The fields of one event. */
    private final class Values {
        private final Event event;
        private final List<Fields> layers;
        private final Set<String> used = new HashSet<>();

        Values(Event event, List<Fields> layers) {
            this.event = event;
            this.layers = layers;
        }

        private record Found(String text, @Nullable From from) {}

        /** What the mappings say, the vocabulary's own reading aside. */
        @Nullable
        String set(TouchpointField field) {
            Found found = mapped(field);
            return found == null ? null : found.text;
        }

        @Nullable
        String text(TouchpointField field) {
            Found found = found(field);
            return found == null ? null : found.text;
        }

        String needed(TouchpointField field) {
            String text = text(field);
            if (text == null) {
                throw missing(field);
            }
            return text;
        }

        private @Nullable Found found(TouchpointField field) {
            Found found = mapped(field);
            if (found == null) {
                String own = event.own().get(field);
                return own == null ? null : new Found(own, null);
            }
            return found;
        }

        private @Nullable Found mapped(TouchpointField field) {
            for (Fields layer : layers) {
                for (From from : layer.from().getOrDefault(field, List.of())) {
                    String text = event.facts().text(from.path());
                    if (text != null) {
                        used.add(from.path());
                        return new Found(text, from);
                    }
                }
                String constant = layer.constants().get(field);
                if (constant != null) {
                    return new Found(constant, null);
                }
            }
            return null;
        }

        @Nullable
        Instant time(TouchpointField field) {
            Found found = found(field);
            if (found == null) {
                return null;
            }
            try {
                return times.parse(found.text);
            } catch (DateTimeException e) {
                throw invalid(field, found, "a time (" + times + ")");
            }
        }

        /**
         * The vocabulary's own tells by which clock its own event time is, and ingest would correct by it. An event time
         * from elsewhere is by another clock, or corrected.
         */
        @Nullable
        Instant sentTime() {
            boolean isOfAnotherClock =
                    mapped(TouchpointField.EVENT_TIME) != null && mapped(TouchpointField.SENT_TIME) == null;
            return isOfAnotherClock ? null : time(TouchpointField.SENT_TIME);
        }

        @Nullable
        Double number(TouchpointField field) {
            Found found = found(field);
            return found == null ? null : number(field, found);
        }

        double neededNumber(TouchpointField field) {
            Double number = number(field);
            if (number == null) {
                throw missing(field);
            }
            return number;
        }

        /** Constants are written plainly, whatever the records are like. */
        private double number(TouchpointField field, Found found) {
            try {
                return found.from == null
                        ? ValueFormat.PLAIN.number(found.text)
                        : format.number(found.text) * found.from.factor();
            } catch (NumberFormatException e) {
                throw invalid(field, found, format.decimalComma() ? "a number with a decimal comma" : "a number");
            }
        }

        @Nullable
        Long duration(TouchpointField field) {
            Found found = found(field);
            if (found == null) {
                return null;
            }
            double ms = number(field, found) * (found.from == null ? 1 : format.durationMs());
            if (Math.abs(ms) > LONGEST_MS) {
                throw invalid(field, found, "a length of time");
            }
            return Math.round(ms);
        }

        private Misfit invalid(TouchpointField field, Found found, String expected) {
            return Misfit.invalid(field.fieldName()
                    + (found.from == null ? "" : " (" + found.from.path() + ")")
                    + ": must be " + expected + ", was " + Misfit.quote(found.text));
        }
    }
}
