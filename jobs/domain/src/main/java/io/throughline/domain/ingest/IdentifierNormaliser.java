package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.Identifier;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Brings identifiers into the form in which they are compared, everywhere: blocked values out, one spelling per value,
 * personal ones as pseudonyms. May be shared by threads.
 *
 * <p>E-mail addresses are compared in lower case, local part included: no provider in use tells case apart, and people
 * type it as they please. Dots and {@code +tags} are kept, since their meaning differs between providers. Phone numbers
 * are compared as E.164; one without a known country keeps its digits, provided there are at least seven. Everything
 * else is compared exactly, after trimming and Unicode composition (NFC). A value is blocked as it is written and in the
 * form in which it is compared.
 */
public final class IdentifierNormaliser {

    private static final int MAX_LENGTH = 512;
    private static final int SHORTEST_LOCAL_PHONE = 7;
    private static final int LONGEST_PHONE = 15;

    private final Map<String, IdentifierRule> rules = new HashMap<>();
    private final Map<String, Integer> priorities = new HashMap<>();
    /** As they are written in the configuration, and composed. */
    private final Set<String> blockedValues = new HashSet<>();
    /** Those that are phone numbers, as these are compared. The digits of an address or an id are none. */
    private final Set<String> blockedPhones = new HashSet<>();

    private final List<Pattern> blockedPatterns;
    private final @Nullable String defaultCountry;
    private final PhoneNumbers phoneNumbers;
    private final Pseudonyms pseudonyms;

    public IdentifierNormaliser(IngestConfig config, PhoneNumbers phoneNumbers) {
        for (IdentifierRule rule : config.identifiers()) {
            priorities.put(rule.name(), rules.size());
            rules.put(rule.name(), rule);
        }
        this.blockedPatterns = config.compiledPatterns();
        this.defaultCountry = config.defaultCountry();
        this.phoneNumbers = phoneNumbers;
        this.pseudonyms = new Pseudonyms(config.pseudonymKey());
        for (String value : config.blockedValues()) {
            blockedValues.add(value);
            blockedValues.add(composed(value));
            String phone = value.codePoints().anyMatch(c -> Character.isLetter(c) || c == '@') ? null : phone(value);
            if (phone != null) {
                blockedPhones.add(phone);
            }
        }
    }

    /** Whether the configuration names the type, given in snake_case. */
    public boolean knows(String type) {
        return rules.containsKey(type);
    }

    /** Whether values of the type are replaced by pseudonyms; those of types the configuration does not name are. */
    boolean isPersonal(String type) {
        IdentifierRule rule = rules.get(type);
        return rule == null || rule.personal();
    }

    /** What values of the type must be, in words. */
    String describe(String type) {
        IdentifierRule rule = rules.get(type);
        return switch (rule == null ? IdentifierRule.Form.TEXT : rule.form()) {
            case EMAIL -> "an e-mail address: it needs something before and after an @, without blanks";
            case PHONE ->
                "a phone number: it needs a country, as in +4930123456 or by ingest.default_country, or from "
                        + SHORTEST_LOCAL_PHONE + " to " + LONGEST_PHONE + " digits";
            case TEXT -> "a value of type " + type + ": it is longer than " + MAX_LENGTH + " characters";
        };
    }

    /** 0 for the strongest type; the same, largest number for all types the configuration does not name. */
    public int priority(String type) {
        return priorities.getOrDefault(type, priorities.size());
    }

    /**
     * The identifier as stages and documents know it; for looking up what a person typed as well as for ingest. A type
     * the configuration does not name is taken for personal text.
     *
     * @param type in snake_case
     * @return null where the value names nobody
     */
    public @Nullable Identifier normalise(String type, @Nullable String value) {
        return normalise(type, value, new ArrayList<>());
    }

    /** @param remarks is added to where the value was refused or could not be fully normalised */
    @Nullable
    Identifier normalise(String type, @Nullable String value, List<Remark> remarks) {
        String clean = Cleaning.text(value);
        if (clean == null || isBlocked(clean)) {
            remarks.add(Remark.BLOCKED_IDENTIFIER);
            return null;
        }
        IdentifierRule rule = rules.get(type);
        IdentifierRule.Form form = rule == null ? IdentifierRule.Form.TEXT : rule.form();
        String normal = clean.length() > MAX_LENGTH
                ? null
                : switch (form) {
                    case EMAIL -> email(clean);
                    case PHONE -> phone(clean);
                    case TEXT -> composed(clean);
                };
        if (normal == null) {
            remarks.add(Remark.MALFORMED_IDENTIFIER);
            return null;
        }
        boolean phone = form == IdentifierRule.Form.PHONE;
        if (phone ? isBlockedPhone(normal) : !normal.equals(clean) && isBlocked(normal)) {
            remarks.add(Remark.BLOCKED_IDENTIFIER);
            return null;
        }
        if (phone && normal.charAt(0) != '+') {
            remarks.add(Remark.LOCAL_PHONE);
        }
        if (rule == null || rule.personal()) {
            return new Identifier(type, pseudonyms.of(type, normal));
        }
        return new Identifier(type, normal);
    }

    private boolean isBlocked(String value) {
        return blockedValues.contains(value.toLowerCase(Locale.ROOT)) || fitsBlockedPattern(value);
    }

    private boolean isBlockedPhone(String normal) {
        return blockedPhones.contains(normal) || fitsBlockedPattern(normal);
    }

    private boolean fitsBlockedPattern(String value) {
        for (Pattern pattern : blockedPatterns) {
            if (pattern.matcher(value).matches()) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String email(String value) {
        // Composed afterwards, since a capital letter with a mark may have no code point of its own where the small one
        // has.
        String address = composed(value.toLowerCase(Locale.ROOT));
        int at = address.lastIndexOf('@');
        boolean hasBothParts = at > 0 && at < address.length() - 1;
        return hasBothParts && address.chars().noneMatch(Character::isWhitespace) ? address : null;
    }

    private @Nullable String phone(String value) {
        String international = phoneNumbers.e164(value, defaultCountry);
        if (international != null) {
            return international;
        }
        StringBuilder digits = new StringBuilder();
        value.codePoints().filter(Character::isDigit).forEach(c -> digits.append(Character.digit(c, 10)));
        String local = digits.toString();
        return local.length() < SHORTEST_LOCAL_PHONE || local.length() > LONGEST_PHONE ? null : local;
    }

    private static String composed(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7f) {
                return Normalizer.normalize(value, Normalizer.Form.NFC);
            }
        }
        return value;
    }
}
