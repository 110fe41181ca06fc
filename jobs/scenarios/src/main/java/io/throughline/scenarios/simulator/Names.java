package io.throughline.scenarios.simulator;

import java.util.List;

/** Invented people: addresses under reserved domains, numbers in the 555 exchange that reaches nobody. */
final class Names {
    static final List<String> FIRST = List.of(
            "Ada", "Amir", "Anna", "Bo", "Carla", "Chen", "Daan", "Elif", "Emma", "Fatima", "Finn", "Grace", "Hana",
            "Igor", "Ines", "Jan", "Jonas", "Kim", "Lars", "Leila", "Lena", "Luca", "Maja", "Marco", "Maria", "Mehmet",
            "Mila", "Nadia", "Noah", "Nora", "Olga", "Omar", "Paul", "Petra", "Ravi", "Rosa", "Sara", "Sven", "Tara",
            "Theo", "Tim", "Uma", "Vera", "Wim", "Yara", "Yusuf", "Zoe");

    static final List<String> LAST = List.of(
            "Adler",
            "Bakker",
            "Berg",
            "Bianchi",
            "Brown",
            "Costa",
            "Demir",
            "Dubois",
            "Fischer",
            "Garcia",
            "Haas",
            "Hansen",
            "Ivanov",
            "Jansen",
            "Jones",
            "Kaya",
            "Khan",
            "Klein",
            "Kowalski",
            "Larsen",
            "Lopez",
            "Maier",
            "Moretti",
            "Nguyen",
            "Novak",
            "Okafor",
            "Olsen",
            "Patel",
            "Peeters",
            "Popescu",
            "Rossi",
            "Sato",
            "Schmidt",
            "Silva",
            "Singh",
            "Smith",
            "Tanaka",
            "Visser",
            "Wagner",
            "Weber",
            "Wong",
            "Young",
            "Zeller");

    private static final int[] AREAS = {
        201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231,
                234,
        239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308,
                309,
        310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 330, 331, 334, 336, 337, 339, 347, 351, 352, 360,
                361,
        386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 423, 424, 425, 430, 432, 434,
                435,
        440, 443, 469, 478, 479, 480, 484, 501
    };

    /** Most people whose numbers stay apart: half of the areas are for mobiles, half for landlines. */
    static final int MOST = AREAS.length / 2 * 10_000;

    private Names() {}

    /** @param half 0 for mobiles, 1 for landlines */
    static String phone(int index, int half) {
        int area = AREAS[half * (AREAS.length / 2) + index / 10_000];
        return "+1" + area + "555" + String.valueOf(10_000 + index % 10_000).substring(1);
    }

    static String typed(String phone, Dice dice) {
        String area = phone.substring(2, 5);
        String line = phone.substring(8);
        return switch (dice.weighted(0.7, 0.15, 0.15)) {
            case 1 -> "+1 " + area + "-555-" + line;
            case 2 -> "+1 (" + area + ") 555 " + line;
            default -> phone;
        };
    }
}
