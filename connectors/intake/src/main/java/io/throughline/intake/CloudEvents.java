package io.throughline.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.jackson.JsonCloudEventData;
import io.throughline.intake.Mapping.Unlisted;
import io.throughline.schemas.Identifier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 as JSON, one event or a batch of them. What their data says under the names of a touchpoint's fields is
 * taken as such, so that touchpoints in envelopes need no mapping.
 */
public final class CloudEvents implements Vocabulary {

    private static final Mapping MAPPING = new Mapping(
            List.of(),
            Map.of(),
            Unlisted.KEEP,
            Rules.fields(Stream.of(TouchpointField.values())
                    .map(field -> field.fieldName() + "<data." + field.fieldName())
                    .toArray(String[]::new)),
            IdentifierTypes.STRONGEST_FIRST.stream()
                    .collect(Collectors.toMap(type -> type, type -> List.of("data." + type))),
            Map.of(),
            List.of("data.properties", "data"),
            List.of("data.properties", "data.identifiers", "data.experiments"),
            "");

    private final Mapper mapper;

    /** @param mapping what the events' types and data mean */
    public CloudEvents(Mapping mapping) {
        this.mapper = new Mapper(mapping, MAPPING, ValueFormat.PLAIN);
    }

    @Override
    public List<Outcome> read(byte[] record) {
        try {
            JsonNode written = Json.read(record);
            if (!written.isArray()) {
                return List.of(one(written));
            }
            List<Outcome> outcomes = new ArrayList<>();
            written.forEach(event -> outcomes.add(one(event)));
            return outcomes.isEmpty()
                    ? List.of(Misfit.malformed("a batch without an event").rejected())
                    : outcomes;
        } catch (Misfit misfit) {
            return List.of(misfit.rejected());
        }
    }

    private Outcome one(JsonNode written) {
        if (!written.isObject()) {
            return Misfit.malformed("not a JSON object").rejected();
        }
        try {
            return mapper.map(event(decoded(written)));
        } catch (Misfit misfit) {
            return misfit.rejected();
        }
    }

    private static CloudEvent decoded(JsonNode written) {
        for (String required : List.of("specversion", "id", "source", "type")) {
            JsonNode value = written.path(required);
            if (!value.isTextual() || value.asText().isBlank()) {
                throw Misfit.missing(required + ": a CloudEvent needs one, of text");
            }
        }
        try {
            return Json.MAPPER.treeToValue(written, CloudEvent.class);
        } catch (JsonProcessingException e) {
            throw Misfit.malformed("not a CloudEvent: " + Json.said(e));
        } catch (RuntimeException e) {
            // The decoder has exceptions for whatever it does not expect.
            throw Misfit.malformed("not a CloudEvent: " + Misfit.quote(String.valueOf(e.getMessage())));
        }
    }

    private static Event event(CloudEvent event) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        event.getAttributeNames().forEach(name -> put(root, name, event.getAttribute(name)));
        event.getExtensionNames().forEach(name -> put(root, name, event.getExtension(name)));
        JsonNode data = data(event);
        root.set("data", data);
        Map<TouchpointField, String> own = new EnumMap<>(TouchpointField.class);
        // No URI reference has a space in it, so that no two pairs look the same.
        own.put(TouchpointField.TOUCHPOINT_ID, event.getSource() + " " + event.getId());
        if (event.getTime() != null) {
            own.put(TouchpointField.EVENT_TIME, event.getTime().toString());
        }
        return new Event(new JsonFacts(root), List.of(event.getType()), own, identifiers(event, data), variants(data));
    }

    private static void put(ObjectNode root, String name, @Nullable Object value) {
        if (value != null) {
            root.put(name, value.toString());
        }
    }

    private static @Nullable JsonNode data(CloudEvent event) {
        CloudEventData data = event.getData();
        if (data == null) {
            return null;
        }
        if (data instanceof JsonCloudEventData json) {
            return json.getNode();
        }
        String type = event.getDataContentType();
        String name = type == null ? "json" : type.toLowerCase(Locale.ROOT);
        return name.contains("json") ? Json.read(Json.text(data.toBytes(), UTF_8), "data: ") : null;
    }

    /** Those in a list, as a touchpoint has them, and a subject that says of which type it is. */
    private static List<Identifier> identifiers(CloudEvent event, @Nullable JsonNode data) {
        List<Identifier> found = new ArrayList<>();
        if (data != null) {
            for (JsonNode identifier : data.path("identifiers")) {
                String type = Facts.clean(identifier.path("type").asText());
                String value = Facts.clean(identifier.path("value").asText());
                if (type != null && value != null) {
                    found.add(new Identifier(type, value));
                }
            }
        }
        String subject = event.getSubject();
        int colon = subject == null ? -1 : subject.indexOf(':');
        if (subject != null && colon > 0 && IdentifierTypes.STRONGEST_FIRST.contains(subject.substring(0, colon))) {
            String value = Facts.clean(subject.substring(colon + 1));
            if (value != null) {
                found.add(new Identifier(subject.substring(0, colon), value));
            }
        }
        return found;
    }

    private static Map<String, String> variants(@Nullable JsonNode data) {
        Map<String, String> variants = new LinkedHashMap<>();
        if (data != null && data.path("experiments").isObject()) {
            data.path("experiments").properties().forEach(entry -> {
                String name = Facts.clean(entry.getKey());
                String variant =
                        entry.getValue().isValueNode() && !entry.getValue().isNull()
                                ? Facts.clean(entry.getValue().asText())
                                : null;
                if (name != null && variant != null) {
                    variants.put(name, variant);
                }
            });
        }
        return variants;
    }
}
