package io.throughline.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.intake.Mapping.Unlisted;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Enriched Snowplow events: tab-separated as the pipeline writes them, or JSON as the analytics SDKs make of it. Both have
 * the same paths; {@code unstruct} stands for the data of whatever self-describing event it is.
 */
public final class Snowplow implements Vocabulary {

    private static final List<String> COLUMNS =
            List.of(("app_id platform etl_tstamp collector_tstamp dvce_created_tstamp"
                            + " event event_id txn_id name_tracker v_tracker v_collector v_etl user_id user_ipaddress"
                            + " user_fingerprint domain_userid domain_sessionidx network_userid geo_country geo_region geo_city"
                            + " geo_zipcode geo_latitude geo_longitude geo_region_name ip_isp ip_organization ip_domain ip_netspeed"
                            + " page_url page_title page_referrer page_urlscheme page_urlhost page_urlport page_urlpath page_urlquery"
                            + " page_urlfragment refr_urlscheme refr_urlhost refr_urlport refr_urlpath refr_urlquery refr_urlfragment"
                            + " refr_medium refr_source refr_term mkt_medium mkt_source mkt_term mkt_content mkt_campaign contexts"
                            + " se_category se_action se_label se_property se_value unstruct_event tr_orderid tr_affiliation tr_total"
                            + " tr_tax tr_shipping tr_city tr_state tr_country ti_orderid ti_sku ti_name ti_category ti_price"
                            + " ti_quantity pp_xoffset_min pp_xoffset_max pp_yoffset_min pp_yoffset_max useragent br_name br_family"
                            + " br_version br_type br_renderengine br_lang br_features_pdf br_features_flash br_features_java"
                            + " br_features_director br_features_quicktime br_features_realplayer br_features_windowsmedia"
                            + " br_features_gears br_features_silverlight br_cookies br_colordepth br_viewwidth br_viewheight os_name"
                            + " os_family os_manufacturer os_timezone dvce_type dvce_ismobile dvce_screenwidth dvce_screenheight"
                            + " doc_charset doc_width doc_height tr_currency tr_total_base tr_tax_base tr_shipping_base ti_currency"
                            + " ti_price_base base_currency geo_timezone mkt_clickid mkt_network etl_tags dvce_sent_tstamp"
                            + " refr_domain_userid refr_device_tstamp derived_contexts domain_sessionid derived_tstamp event_vendor"
                            + " event_name event_format event_version event_fingerprint true_tstamp")
                    .split(" "));

    private static final Pattern SCHEMA =
            Pattern.compile("iglu:([A-Za-z0-9_.-]+)/([A-Za-z0-9_-]+)/[A-Za-z0-9_-]+/([0-9]+)-[0-9]+-[0-9]+");

    private static final String ECOMMERCE = "contexts_com_snowplowanalytics_snowplow_ecommerce_";

    private static final Mapping MAPPING = new Mapping(
            List.of(),
            new Rules()
                    .ignored("page_ping", "transaction_item")
                    .event("page_view", "kind=page_view")
                    .event("screen_view", "kind=page_view", "touchpoint<unstruct.name")
                    .event("link_click", "kind=click")
                    .event("submit_form", "kind=form_submit")
                    .event("site_search", "kind=search")
                    .event("add_to_cart", "kind=add_to_cart", "touchpoint=cart")
                    .event("remove_from_cart", "kind=remove_from_cart", "touchpoint=cart")
                    .event("application_error", "kind=error")
                    .event("message_notification", "kind=message", "channel=push", "direction=outbound", "actor=system")
                    .event("consent_granted", "kind=consent_given")
                    .event(
                            "transaction",
                            "kind=purchase",
                            "touchpoint=checkout",
                            "value.amount<tr_total",
                            "value.currency<tr_currency")
                    // E-commerce plugin: one schema, told apart by its type.
                    .event("snowplow_ecommerce_action product_view", "kind=page_view", "touchpoint=product")
                    .event("snowplow_ecommerce_action list_view", "kind=page_view", "touchpoint=product_list")
                    .event("snowplow_ecommerce_action list_click", "kind=click", "touchpoint=product_list")
                    .event("snowplow_ecommerce_action add_to_cart", "kind=add_to_cart", "touchpoint=cart")
                    .event("snowplow_ecommerce_action remove_from_cart", "kind=remove_from_cart", "touchpoint=cart")
                    .event("snowplow_ecommerce_action checkout_step", "kind=form_submit", "touchpoint=checkout")
                    .event("snowplow_ecommerce_action promo_view", "kind=offer", "direction=outbound", "actor=system")
                    .event("snowplow_ecommerce_action promo_click", "kind=click", "touchpoint=promotion")
                    .event(
                            "snowplow_ecommerce_action transaction",
                            "kind=purchase",
                            "touchpoint=checkout",
                            "value.amount<" + ECOMMERCE + "transaction_1.revenue",
                            "value.currency<" + ECOMMERCE + "transaction_1.currency")
                    .event(
                            "snowplow_ecommerce_action refund",
                            "kind=refund",
                            "value.amount<-" + ECOMMERCE + "refund_1.refund_amount",
                            "value.currency<" + ECOMMERCE + "refund_1.currency")
                    .byName(),
            Unlisted.KEEP,
            Rules.fields("touchpoint_id<event_id", "received_time<collector_tstamp"),
            Map.of(
                    "customer_number", List.of("user_id"),
                    "email", List.of(ECOMMERCE + "user_1.email"),
                    "device_id", List.of("contexts_com_snowplowanalytics_snowplow_client_session_1.userId"),
                    "cookie", List.of("domain_userid", "network_userid")),
            Map.of(),
            List.of(
                    "app_id",
                    "page_urlhost",
                    "page_urlpath",
                    "page_title",
                    "mkt_medium",
                    "mkt_source",
                    "mkt_term",
                    "mkt_content",
                    "mkt_campaign",
                    "se_category",
                    "se_action",
                    "se_label",
                    "se_property",
                    "se_value",
                    "tr_orderid",
                    "geo_country",
                    "geo_region",
                    "unstruct"),
            List.of(),
            "");

    private final Mapper mapper;

    /** @param mapping what shall be other than is usual */
    public Snowplow(Mapping mapping) {
        this.mapper = new Mapper(
                mapping,
                MAPPING.omitting(underTheOtherName(mapping)),
                new ValueFormat(TimeFormat.ISO_OR_UTC, false, 1));
    }

    /** The data of a self-describing event is kept as {@code unstruct}, wherever the mapping finds something in it. */
    private static List<String> underTheOtherName(Mapping mapping) {
        return Stream.concat(mapping.identifiers().values().stream().flatMap(List::stream), mapping.omit().stream())
                .filter(path -> path.startsWith("unstruct_event_") && path.indexOf('.') > 0)
                .map(path -> "unstruct" + path.substring(path.indexOf('.')))
                .toList();
    }

    @Override
    public List<Outcome> read(byte[] record) {
        try {
            return List.of(mapper.map(event(facts(Json.text(record, UTF_8)))));
        } catch (Misfit misfit) {
            return List.of(misfit.rejected());
        }
    }

    private static JsonFacts facts(String line) {
        if (!line.stripLeading().startsWith("{")) {
            return new JsonFacts(separated(line));
        }
        if (Json.read(line, "") instanceof ObjectNode event) {
            String schemaless = unstructName(event);
            if (schemaless != null) {
                event.set("unstruct", event.get(schemaless));
            }
            return new JsonFacts(event);
        }
        throw Misfit.malformed("not a JSON object");
    }

    private static @Nullable String unstructName(ObjectNode event) {
        for (Map.Entry<String, JsonNode> field : event.properties()) {
            if (field.getKey().startsWith("unstruct_event_") && field.getValue().isObject()) {
                return field.getKey();
            }
        }
        return null;
    }

    private static ObjectNode separated(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != COLUMNS.size()) {
            throw Misfit.malformed(
                    "has " + cells.length + " tab-separated columns, an enriched event has " + COLUMNS.size());
        }
        ObjectNode event = Json.MAPPER.createObjectNode();
        for (int i = 0; i < cells.length; i++) {
            String column = COLUMNS.get(i);
            if (cells[i].isEmpty()) {
                continue;
            }
            switch (column) {
                case "contexts", "derived_contexts" -> {
                    for (JsonNode context : Json.read(cells[i], column + ": ").path("data")) {
                        described(event, "contexts", context, column);
                    }
                }
                case "unstruct_event" ->
                    described(event, column, Json.read(cells[i], column + ": ").path("data"), column);
                default -> event.put(column, cells[i]);
            }
        }
        return event;
    }

    /** Puts self-describing data under the name the SDKs give it, of contexts all of a schema in one array. */
    private static void described(ObjectNode event, String prefix, JsonNode described, String column) {
        Matcher schema = SCHEMA.matcher(described.path("schema").asText());
        if (!schema.matches()) {
            throw Misfit.malformed(column + ": has data without a schema");
        }
        String name = prefix + "_" + schema.group(1).toLowerCase(Locale.ROOT).replaceAll("[.-]", "_") + "_"
                + schema.group(2)
                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .replace('-', '_')
                        .toLowerCase(Locale.ROOT)
                + "_" + schema.group(3);
        JsonNode data = described.path("data");
        if (prefix.equals("contexts")) {
            ArrayNode all = event.get(name) instanceof ArrayNode some ? some : event.putArray(name);
            all.add(data);
        } else {
            event.set(name, data);
            event.set("unstruct", data);
        }
    }

    private static Event event(JsonFacts facts) {
        Map<TouchpointField, String> own = new EnumMap<>(TouchpointField.class);
        channel(facts.text("platform"), own);
        times(facts, own);
        return new Event(facts, names(facts), own, List.of(), Map.of());
    }

    private static List<String> names(JsonFacts facts) {
        String event = facts.text("event");
        String name = facts.text("event_name");
        if (event == null && name == null) {
            throw Misfit.missing("event: the event has none");
        }
        if ("struct".equals(event)) {
            String action = facts.text("se_action");
            String category = facts.text("se_category");
            return action == null
                    ? List.of("struct")
                    : category == null ? List.of(action) : List.of(category + " " + action, action);
        }
        String called = name == null || "unstruct".equals(name) ? String.valueOf(event) : name;
        JsonNode type = facts.at("unstruct.type");
        return called.equals("snowplow_ecommerce_action") && type.isTextual()
                ? List.of(called + " " + type.asText(), type.asText())
                : List.of(called);
    }

    /** A server or a set-top box says nothing of the channel; then a mapping has to. */
    private static void channel(@Nullable String platform, Map<TouchpointField, String> own) {
        if ("web".equals(platform)) {
            own.put(TouchpointField.CHANNEL, "web");
        } else if ("mob".equals(platform) || "app".equals(platform) || "pc".equals(platform)) {
            own.put(TouchpointField.CHANNEL, "app");
        }
    }

    /** What the pipeline has corrected counts; where it has not, the device's times, for ingest to correct. */
    private static void times(JsonFacts facts, Map<TouchpointField, String> own) {
        for (String corrected : List.of("true_tstamp", "derived_tstamp")) {
            String time = facts.text(corrected);
            if (time != null) {
                own.put(TouchpointField.EVENT_TIME, time);
                return;
            }
        }
        String created = facts.text("dvce_created_tstamp");
        String sent = facts.text("dvce_sent_tstamp");
        String collected = facts.text("collector_tstamp");
        if (created != null && sent != null) {
            own.put(TouchpointField.EVENT_TIME, created);
            own.put(TouchpointField.SENT_TIME, sent);
        } else if (collected != null) {
            own.put(TouchpointField.EVENT_TIME, collected);
        }
    }
}
