package io.throughline.scenarios.simulator;

import java.util.List;

/** The simulated group: a bank, a retailer and a telecom under one roof, sharing customers, stores and a contact centre. */
final class Company {

    /** @param price in euros */
    record Product(String name, double price, boolean physical) {}

    /**
     * @param topics what customers contact this brand about
     * @param easeScaleMax the effort question this brand asks: 7 (agreement, higher is better) or 5 (effort, lower is better)
     */
    record Brand(String name, List<Product> products, List<String> topics, List<String> places, int easeScaleMax) {}

    static final Brand BANK = new Brand(
            "meridian_bank",
            List.of(
                    new Product("current_account", 0, false),
                    new Product("credit_card", 60, false),
                    new Product("home_loan", 1450, false),
                    new Product("car_insurance", 540, false)),
            List.of("card_declined", "online_access", "home_loan", "fees", "fraud_suspicion", "transfer_missing"),
            List.of("branch_centrum", "branch_harbour", "branch_north", "branch_airport"),
            7);

    static final Brand RETAIL = new Brand(
            "halden_stores",
            List.of(
                    new Product("coffee_machine", 249, true),
                    new Product("running_shoes", 119, true),
                    new Product("headphones", 189, true),
                    new Product("winter_jacket", 159, true),
                    new Product("garden_table", 329, true),
                    new Product("gift_card", 50, false)),
            List.of("late_delivery", "wrong_item", "refund", "out_of_stock", "loyalty_points", "warranty"),
            List.of(
                    "store_main_street",
                    "store_riverside",
                    "store_central_station",
                    "store_outlet_west",
                    "store_old_town"),
            5);

    static final Brand TELECOM = new Brand(
            "nordtel",
            List.of(
                    new Product("fiber_500", 45, false),
                    new Product("mobile_unlimited", 39, false),
                    new Product("prepaid_sim", 15, true),
                    new Product("tv_package", 25, false)),
            List.of("billing", "slow_internet", "outage", "roaming", "contract_change", "sim_activation"),
            List.of("shop_centrum", "shop_mall_east", "shop_university"),
            7);

    static final List<Brand> BRANDS = List.of(BANK, RETAIL, TELECOM);

    static final List<String> DEPARTMENTS = List.of("first_line", "billing_desk", "technical", "claims", "retention");

    static final List<String> SEARCHES = List.of(
            "opening hours",
            "how to cancel",
            "delivery time",
            "change address",
            "interest rate",
            "compare plans",
            "retour",
            "bescherming creditcard",
            "überweisung",
            "プラン",
            "free shipping",
            "call customer service");

    static final List<String> CAMPAIGNS =
            List.of("spring_deals", "fiber_upgrade", "rate_drop", "members_week", "win_back");

    static final List<String> GOOD_WORDS = List.of(
            "Quick and friendly, thank you!",
            "Everything worked the first time.",
            "Very helpful agent, explained it all 👍",
            "Top service, gerne wieder.",
            "Súper rápido, gracias.",
            "Finally someone who listens.");

    static final List<String> FAIR_WORDS = List.of(
            "It was ok.",
            "Fine, but I had to log in twice.",
            "Took a while.",
            "Average. Nothing special.",
            "Ça va, sans plus.",
            "Solved, but the menu is confusing.");

    static final List<String> BAD_WORDS = List.of(
            "I had to explain everything three times.",
            "Nobody called me back as promised.",
            "Still not solved!!",
            "Waited forever, then the line dropped.",
            "Unacceptable. I am looking at other providers.",
            "Die App stürzt ständig ab 😡",
            "لا أحد يرد على رسائلي");

    private Company() {}
}
