package io.throughline.pipeline.ingest;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import io.throughline.domain.ingest.PhoneNumbers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Numbering plans as Google's libphonenumber knows them. A number counts as known where its length is possible in its
 * country: allocations change faster than libraries, and a number that is not allocated today may be next month.
 */
public final class LibPhoneNumbers implements PhoneNumbers {

    /** How most of the world dials abroad (ITU-T E.164); other prefixes are known by country only. */
    private static final String ABROAD = "00";

    /** A power of two. */
    private static final int RECENT = 1 << 14;

    private final PhoneNumberUtil library = PhoneNumberUtil.getInstance();

    /**
     * Numbers understood lately, by hash; a newer one takes the place. Understanding one costs 4 us, more than all else
     * that ingest does with a record, and customers come back. Entries are immutable, so threads may race for a place.
     */
    private final @Nullable Understood[] recent = new Understood[RECENT];

    private record Understood(String number, @Nullable String country, @Nullable String e164) {}

    @Override
    public @Nullable String e164(String number, @Nullable String country) {
        int hash = number.hashCode();
        int place = (hash ^ (hash >>> 16)) & (RECENT - 1);
        Understood understood = recent[place];
        if (understood == null
                || !understood.number().equals(number)
                || !Objects.equals(understood.country(), country)) {
            understood = new Understood(number, country, understand(number, country));
            recent[place] = understood;
        }
        return understood.e164();
    }

    private @Nullable String understand(String number, @Nullable String country) {
        String dialled = country == null && number.startsWith(ABROAD) ? "+" + number.substring(2) : number;
        try {
            PhoneNumber parsed = library.parse(dialled, country);
            if (!library.isPossibleNumber(parsed)) {
                return null;
            }
            String international = library.format(parsed, PhoneNumberFormat.E164);
            // Behind one switchboard number sit many people.
            return parsed.hasExtension() ? international + ";ext=" + parsed.getExtension() : international;
        } catch (NumberParseException e) {
            return null;
        }
    }

    /** Whether the library knows the country, an ISO 3166 code in capitals. */
    public boolean knows(String country) {
        return library.getSupportedRegions().contains(country);
    }
}
