package io.throughline.scenarios.simulator;

import java.time.Instant;
import java.util.List;

/** On the web and in the app: looking, buying, becoming a customer. */
final class OnlinePlots {
    private static final List<String> PAGES =
            List.of("home", "overview", "product", "help", "account", "store_finder", "offers", "contact");

    private OnlinePlots() {}

    static void browse(Episode e) {
        chooseDevice(e);
        boolean customer = e.person.customerNumber != null;
        look(e, e.dice.between(1, 4));
        if (customer && e.dice.chance(e.app ? 0.8 : 0.5)) {
            e.logIn();
            look(e, e.dice.between(1, 5));
        }
        if (e.dice.chance(0.09)) {
            fail(e, "account");
            if (e.dice.chance(0.3)) {
                e.passMillis(e.dice.between(Rhythm.MINUTE, 12 * Rhythm.MINUTE));
                ContactPlots.anyContact(e);
                return;
            }
        } else {
            e.felt(Experience.PLEASANT);
        }
        if (e.dice.chance(onSharedDevice(e) ? 0.7 : 0.25)) {
            e.logOut();
        }
    }

    static void order(Episode e) {
        e.brand = e.dice.chance(0.75) ? Company.RETAIL : e.brand;
        Company.Product product = e.dice.pick(e.brand.products());
        e.product = product.name();
        e.topic = product.physical() ? "late_delivery" : e.dice.pick(e.brand.topics());
        chooseDevice(e);
        look(e, e.dice.between(1, 3));
        e.pass(40);
        e.tell(e.screen("page_view").at("product", "acquisition").noting("page", product.name()));
        if (e.dice.chance(0.07)) {
            e.felt(Experience.OUT_OF_STOCK);
            e.tell(e.screen("page_view").at("product", "acquisition").ended("out_of_stock"));
            return;
        }
        e.pass(60);
        e.tell(e.screen("add_to_cart").at("cart", "acquisition").worth(product.price()));
        if (e.dice.chance(0.35)) {
            remind(e, product);
            return;
        }
        boolean guest = e.dice.chance(0.3);
        if (!guest) {
            e.logIn();
        }
        e.pass(45);
        e.tell(e.screen("page_view")
                .at("checkout", "acquisition")
                .trying("checkout_flow", e.person.variantOf("checkout_flow")));
        if (e.dice.chance("B".equals(e.person.variantOf("checkout_flow")) ? 0.05 : 0.11)) {
            fail(e, "checkout");
            if (e.dice.chance(0.5)) {
                return;
            }
        }
        e.pass(70);
        String purchase = e.tell(e.screen("purchase")
                .at("checkout", "acquisition")
                .by("email", guest ? e.person.emailAsTyped(e.dice) : null)
                .by("card_token", e.dice.chance(0.7) ? e.person.card : null)
                .by("loyalty_id", e.person.loyaltyId)
                .trying("checkout_flow", e.person.variantOf("checkout_flow"))
                .ended("paid")
                .worth(product.price() * (1 + e.dice.between(0, 8) / 10.0)));
        e.felt(Experience.PLEASANT);
        if (product.physical()) {
            fulfil(e, purchase);
        } else {
            e.ask(
                    "ces",
                    e.dice.between(Rhythm.MINUTE, 2 * Rhythm.HOUR),
                    "email",
                    e.about(purchase, "web", "checkout"),
                    "checkout_survey",
                    "acquisition");
        }
    }

    /** Left in the cart: the company reminds, some return. */
    private static void remind(Episode e, Company.Product product) {
        e.meanwhile(e.dice.between(3 * Rhythm.HOUR, 26 * Rhythm.HOUR), () -> {
            e.tell(e.draft("push", "message")
                    .outbound("system")
                    .by("device_id", e.person.phone.deviceId())
                    .at("cart_reminder", "acquisition"));
            if (e.dice.chance(0.3)) {
                e.later(e.dice.between(2 * Rhythm.MINUTE, 5 * Rhythm.HOUR), () -> {
                    e.takes(e.person.phone, true);
                    e.tell(e.screen("page_view").at("cart", "acquisition"));
                    e.logIn();
                    e.pass(90);
                    e.tell(e.screen("purchase")
                            .at("checkout", "acquisition")
                            .by("card_token", e.person.card)
                            .ended("paid")
                            .worth(product.price()));
                });
            }
        });
    }

    /** From the order confirmation to the doorbell, or to the complaint about it. */
    private static void fulfil(Episode e, String purchase) {
        long promised = e.at + e.dice.between(1, 3) * Rhythm.DAY;
        e.meanwhile(
                e.dice.between(20_000L, 4 * Rhythm.MINUTE),
                () -> e.tell(e.draft("email", "message")
                        .outbound("system")
                        .by("email", e.person.email)
                        .at("order_confirmation", "engagement")
                        .noting("order", purchase.substring(0, 8))));
        e.meanwhile(e.dice.between(2 * Rhythm.MINUTE, 20 * Rhythm.MINUTE), () -> promise(e, "delivery", promised));
        boolean late = e.dice.chance(0.14);
        boolean lost = e.dice.chance(0.03);
        long arrives = promised
                - e.at
                + (late ? e.dice.between(Rhythm.DAY, 5 * Rhythm.DAY) : -e.dice.between(0, 9 * Rhythm.HOUR));
        if (late || lost) {
            e.felt(Experience.DELIVERED_LATE);
            if (e.dice.chance(0.45)) {
                e.later(promised - e.at + e.dice.between(Rhythm.HOUR, Rhythm.DAY), () -> {
                    e.felt(Experience.PROMISE_BROKEN, 0.5);
                    ContactPlots.anyContact(e);
                });
            }
        }
        if (lost) {
            return;
        }
        e.meanwhile(arrives, () -> {
            String delivery = e.tell(e.draft("sms", "delivery")
                    .outbound("system")
                    .by("phone", e.person.mobile)
                    .by("customer_number", e.person.customerNumber)
                    .at("delivery", "engagement")
                    .ended(late ? "late" : "delivered"));
            if (!late) {
                e.tell(e.draft("sms", "promise_kept")
                        .outbound("system")
                        .by("phone", e.person.mobile)
                        .at("delivery", "engagement")
                        .noting("promise", "delivery"));
            }
            e.ask(
                    "csat",
                    e.dice.between(2 * Rhythm.HOUR, 20 * Rhythm.HOUR),
                    "email",
                    e.about(delivery, "sms", "delivery"),
                    "delivery_survey",
                    "engagement");
        });
    }

    static void promise(Episode e, String what, long due) {
        e.tell(e.draft("email", "promise_made")
                .outbound("system")
                .by("email", e.person.email)
                .by("customer_number", e.person.customerNumber)
                .at(what, "engagement")
                .noting("promise", what)
                .noting("due", Instant.ofEpochMilli(due).toString()));
    }

    static void onboard(Episode e) {
        chooseDevice(e);
        look(e, e.dice.between(2, 5));
        e.pass(80);
        e.tell(e.screen("form_submit")
                .at("registration", "acquisition")
                .by("email", e.person.emailAsTyped(e.dice))
                .by("phone", e.person.mobileAsTyped(e.dice)));
        if (e.dice.chance(0.15)) {
            fail(e, "registration");
            e.felt(Experience.GAVE_UP, 0.5);
            return;
        }
        e.pass(30);
        e.tell(e.screen("consent_given")
                .at("registration", "acquisition")
                .by("email", e.person.email)
                .noting("purpose", "marketing_email"));
        e.pass(60);
        e.person.becomeCustomer();
        String opened = e.tell(e.screen("account_opened")
                .at("account_opening", "onboarding")
                .by("email", e.person.email)
                .by("customer_number", e.person.customerNumber));
        e.meanwhile(
                e.dice.between(10_000L, 3 * Rhythm.MINUTE),
                () -> e.tell(e.draft("email", "message")
                        .outbound("system")
                        .by("email", e.person.email)
                        .by("customer_number", e.person.customerNumber)
                        .at("welcome", "onboarding")));
        if (e.dice.chance(0.7)) {
            e.later(e.dice.between(2 * Rhythm.HOUR, 2 * Rhythm.DAY), () -> {
                e.takes(e.person.phone, true);
                e.tell(e.screen("page_view").at("first_start", "onboarding"));
                e.logIn();
                look(e, e.dice.between(1, 3));
            });
        }
        e.ask(
                "ces",
                e.dice.between(Rhythm.DAY, 3 * Rhythm.DAY),
                "email",
                e.about(opened, "web", "account_opening"),
                "onboarding_survey",
                "onboarding");
    }

    static void look(Episode e, int pages) {
        boolean customer = e.person.customerNumber != null;
        for (int i = 0; i < pages; i++) {
            e.pass(35);
            if (e.dice.chance(0.18)) {
                e.tell(e.screen("search")
                        .at("search", customer ? "engagement" : "awareness")
                        .noting("query", e.dice.pick(Company.SEARCHES)));
            } else {
                String page = e.dice.pick(PAGES);
                e.tell(e.screen("page_view").at(page, customer ? "engagement" : "awareness"));
            }
        }
    }

    /** Something breaks under the person's fingers. */
    static void fail(Episode e, String where) {
        e.pass(10);
        e.felt(Experience.ERRORED);
        e.tell(e.screen("error")
                .from("system")
                .at(where, "engagement")
                .ended("failed")
                .noting("code", String.valueOf(e.dice.pick(List.of(500, 502, 504, 422)))));
        if (e.dice.chance(0.45)) {
            e.pass(4);
            e.tell(e.screen("rage_click")
                    .at(where, "engagement")
                    .noting("clicks", String.valueOf(e.dice.between(4, 17))));
        }
    }

    static void chooseDevice(Episode e) {
        boolean family = e.person.household.size() > 1;
        switch (e.dice.weighted(0.38, 0.2, 0.3, family ? 0.12 : 0)) {
            case 0 -> e.takes(e.person.laptop, false);
            case 1 -> e.takes(e.person.phone, false);
            case 2 -> e.takes(e.person.phone, true);
            default -> e.takes(e.person.household.tablet(), e.dice.chance(0.3));
        }
    }

    private static boolean onSharedDevice(Episode e) {
        return e.device == e.person.household.tablet();
    }
}
