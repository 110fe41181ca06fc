package io.throughline.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.intake.Mapping.EventRule;
import io.throughline.intake.Mapping.Unlisted;
import io.throughline.schemas.Identifier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the Segment spec, which RudderStack and others speak too: one JSON object, or a {@code batch} of them as
 * libraries send it.
 */
public final class Segment implements Vocabulary {

    private static final String CHAT_MESSAGE = "kind=message";

    private static final Map<String, EventRule> TYPES = new Rules()
            .ignored("group", "alias")
            .event("page", "kind=page_view", "channel=web")
            .event("screen", "kind=page_view", "channel=app")
            .event("identify", "kind=identify")
            .byName();

    private static final Mapping EVENTS = new Mapping(
            List.of(),
            new Rules()
                    // E-commerce v2
                    .event("Products Searched", "kind=search")
                    .event("Product List Viewed", "kind=page_view", "touchpoint=product_list")
                    .event("Product List Filtered", "kind=search", "touchpoint=product_list")
                    .event("Promotion Viewed", "kind=offer", "direction=outbound", "actor=system")
                    .event("Promotion Clicked", "kind=click", "touchpoint=promotion")
                    .event("Product Clicked", "kind=click", "touchpoint=product_list")
                    .event("Product Viewed", "kind=page_view", "touchpoint=product")
                    .event("Product Added", "kind=add_to_cart", "touchpoint=cart")
                    .event("Wishlist Product Added to Cart", "kind=add_to_cart", "touchpoint=cart")
                    .event("Product Removed", "kind=remove_from_cart", "touchpoint=cart")
                    .event("Cart Viewed", "kind=page_view", "touchpoint=cart")
                    .event("Checkout Started", "kind=checkout_started", "touchpoint=checkout")
                    .event("Checkout Step Viewed", "kind=page_view", "touchpoint=checkout")
                    .event("Checkout Step Completed", "kind=form_submit", "touchpoint=checkout")
                    .event("Payment Info Entered", "kind=form_submit", "touchpoint=checkout")
                    .event(
                            "Order Completed",
                            "kind=purchase",
                            "touchpoint=checkout",
                            "value.amount<properties.revenue|properties.total")
                    .event("Order Refunded", "kind=refund", "value.amount<-properties.revenue|-properties.total")
                    // Live Chat, from the customer's side: sent is by the customer.
                    .event("Live Chat Conversation Started", "channel=chat", CHAT_MESSAGE, "actor=customer")
                    .event("Live Chat Message Sent", "channel=chat", CHAT_MESSAGE, "actor=customer")
                    .event(
                            "Live Chat Message Received",
                            "channel=chat",
                            CHAT_MESSAGE,
                            "direction=outbound",
                            "actor=agent")
                    .event(
                            "Live Chat Conversation Ended",
                            "channel=chat",
                            "kind=conversation_ended",
                            "handle_ms<1000*properties.conversation_duration")
                    // Email
                    .event("Email Delivered", "channel=email", "kind=message", "direction=outbound", "actor=system")
                    .event("Email Opened", "channel=email", "kind=message_opened")
                    .event("Email Link Clicked", "channel=email", "kind=click")
                    .event(
                            "Email Bounced",
                            "channel=email",
                            "kind=message_bounced",
                            "direction=outbound",
                            "actor=system",
                            "outcome=failed")
                    .event("Email Marked as Spam", "channel=email", "kind=marked_as_spam")
                    .event("Unsubscribed", "channel=email", "kind=unsubscribed")
                    // Native mobile
                    .event("Application Installed", "channel=app", "kind=application_installed")
                    .event("Application Opened", "channel=app", "kind=application_opened")
                    .event("Application Updated", "channel=app", "kind=application_updated")
                    .event("Application Uninstalled", "channel=app", "kind=application_uninstalled")
                    .event("Application Crashed", "channel=app", "kind=error")
                    .ignored("Application Backgrounded", "Install Attributed")
                    .event(
                            "Push Notification Received",
                            "channel=push",
                            "kind=message",
                            "direction=outbound",
                            "actor=system")
                    .event("Push Notification Tapped", "channel=push", "kind=message_opened")
                    .event(
                            "Push Notification Bounced",
                            "channel=push",
                            "kind=message_bounced",
                            "direction=outbound",
                            "actor=system",
                            "outcome=failed")
                    // B2B SaaS
                    .event("Signed Up", "kind=sign_up", "touchpoint=sign_up")
                    .event("Signed In", "kind=login")
                    .event("Signed Out", "kind=logout")
                    .byName(),
            Unlisted.KEEP,
            Rules.fields(
                    "touchpoint_id<messageId",
                    "received_time<receivedAt",
                    "value.amount<properties.revenue",
                    "value.currency<properties.currency",
                    // What the spec says a revenue without a currency is in.
                    "value.currency=USD",
                    "brand<properties.brand",
                    "product<properties.product_id|properties.sku"),
            Map.of(
                    "customer_number", List.of("userId"),
                    "email", List.of("traits.email", "context.traits.email"),
                    "phone", List.of("traits.phone", "context.traits.phone"),
                    "device_id", List.of("context.device.id"),
                    "cookie", List.of("anonymousId")),
            Map.of(),
            List.of("properties", "context.campaign", "context.page.path", "context.page.title"),
            List.of(
                    "properties.email",
                    "properties.phone",
                    "properties.first_name",
                    "properties.last_name",
                    "properties.username",
                    "properties.agent_name",
                    "properties.agent_username",
                    "properties.invitee_email",
                    "properties.invitee_first_name",
                    "properties.invitee_last_name",
                    "properties.message_body",
                    "properties.url",
                    "properties.search",
                    "properties.referrer"),
            "");

    private final Mapper events;

    /** Apart, since a track event may be called Group or Page and is no message of that type. */
    private final Mapper types;

    /** @param mapping what shall be other than the spec has it */
    public Segment(Mapping mapping) {
        this.events = new Mapper(mapping, EVENTS, ValueFormat.PLAIN);
        this.types = new Mapper(mapping, EVENTS.and(TYPES), ValueFormat.PLAIN);
    }

    @Override
    public List<Outcome> read(byte[] record) {
        try {
            JsonNode message = Json.read(record);
            return message.has("batch") ? batch(message) : List.of(one(message));
        } catch (Misfit misfit) {
            return List.of(misfit.rejected());
        }
    }

    /** Messages of a batch have in common what is written beside them. */
    private List<Outcome> batch(JsonNode body) {
        List<Outcome> outcomes = new ArrayList<>();
        for (JsonNode message : body.get("batch")) {
            if (message instanceof ObjectNode fields) {
                for (String common : List.of("sentAt", "receivedAt", "context")) {
                    if (body.has(common) && !fields.has(common)) {
                        fields.set(common, body.get(common));
                    }
                }
            }
            outcomes.add(one(message));
        }
        return outcomes.isEmpty()
                ? List.of(Misfit.malformed("batch: must be a list of messages, and there is none")
                        .rejected())
                : outcomes;
    }

    private Outcome one(JsonNode message) {
        if (!message.isObject()) {
            return Misfit.malformed("not a JSON object").rejected();
        }
        JsonFacts facts = new JsonFacts(message);
        try {
            String type = facts.text("type") == null ? facts.text("action") : facts.text("type");
            if (type == null) {
                throw Misfit.missing("type: the message has none");
            }
            String spelled = type.toLowerCase(Locale.ROOT);
            return (spelled.equals("track") ? events : types).map(event(spelled, facts));
        } catch (Misfit misfit) {
            return misfit.rejected();
        }
    }

    private static Event event(String type, JsonFacts facts) {
        Map<TouchpointField, String> own = new EnumMap<>(TouchpointField.class);
        own.put(TouchpointField.CHANNEL, isMobile(facts) ? "app" : "web");
        times(facts, own);
        List<String> names =
                switch (type) {
                    case "track" -> List.of(named(facts, "event"));
                    case "page", "screen" -> {
                        String name = facts.text("name");
                        if (name != null) {
                            own.put(TouchpointField.TOUCHPOINT, name);
                        }
                        // As Segment itself calls it towards destinations that know events only.
                        yield name == null ? List.of(type) : List.of("Viewed " + name + " " + type, type);
                    }
                    case "identify", "group", "alias" -> List.of(type);
                    default ->
                        throw Misfit.invalid("type: must be track, page, screen, identify, group or alias, was "
                                + Misfit.quote(type));
                };
        boolean isSignUp = Mapping.spelled(names.get(0)).equals("signed_up");
        return new Event(facts, names, own, isSignUp ? ofTheNewCustomer(facts) : List.of(), experiment(facts));
    }

    /** In other events an address may be a friend's, and nobody becomes one customer with whom a gift went to. */
    private static List<Identifier> ofTheNewCustomer(JsonFacts facts) {
        List<Identifier> identifiers = new ArrayList<>();
        for (String type : List.of("email", "phone")) {
            String value = facts.text("properties." + type);
            if (value != null) {
                identifiers.add(new Identifier(type, value));
            }
        }
        return identifiers;
    }

    private static String named(JsonFacts facts, String path) {
        String name = facts.text(path);
        if (name == null) {
            throw Misfit.missing(path + ": the message has none");
        }
        return name;
    }

    /** The time by the sender's clock, which ingest corrects as Segment does, or the one Segment has corrected. */
    private static void times(JsonFacts facts, Map<TouchpointField, String> own) {
        String original = facts.text("originalTimestamp");
        String corrected = facts.text("timestamp");
        String sent = facts.text("sentAt");
        String event = original == null ? corrected : original;
        if (event != null) {
            own.put(TouchpointField.EVENT_TIME, event);
        }
        if (original != null && sent != null) {
            own.put(TouchpointField.SENT_TIME, sent);
        }
    }

    private static boolean isMobile(JsonFacts facts) {
        String library = lower(facts.text("context.library.name"));
        String device = lower(facts.text("context.device.type"));
        return (device != null && (device.equals("ios") || device.equals("android")))
                || (library != null && library.matches(".*(ios|android|swift|kotlin|react-native|flutter).*"));
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** What the spec's Experiment Viewed says. */
    private static Map<String, String> experiment(JsonFacts facts) {
        String name = either(facts, "properties.experiment_name", "properties.experiment_id");
        String variant = either(facts, "properties.variation_name", "properties.variation_id");
        return name == null || variant == null ? Map.of() : Map.of(name, variant);
    }

    private static @Nullable String either(JsonFacts facts, String path, String otherwise) {
        String text = facts.text(path);
        return text == null ? facts.text(otherwise) : text;
    }
}
