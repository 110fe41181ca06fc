package io.throughline.pipeline.settings;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where servers are. What has the right form may still lead nowhere; what has not leads nowhere for sure. */
final class Addresses {

    private static final int HIGHEST_PORT = 65_535;
    private static final String IPV4 = "(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\\.(?!$)|$)){4}";

    /** With the listener's protocol before it where somebody copied it from a broker; IPv6 addresses in brackets. */
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:[A-Za-z0-9_]+://)?(?:[^\\s:/\\[\\]]+|\\[[0-9A-Fa-f:.%]+]):([0-9]{1,5})");

    /** Whether each of the addresses, which commas separate, is one. */
    static boolean all(String text, Predicate<String> address) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).allMatch(address);
    }

    static boolean isHostAndPort(String text) {
        Matcher matcher = HOST_AND_PORT.matcher(text);
        return matcher.matches() && isPort(Integer.parseInt(matcher.group(1)));
    }

    /** An address of a host, or one of a network with the length of its prefix, behind which it has no bits. */
    static boolean isNetwork(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null || slash < 0) {
            return address != null;
        }
        String length = text.substring(slash + 1);
        int bits = 8 * address.length;
        int prefix = length.matches("[0-9]{1,3}") ? Integer.parseInt(length) : bits + 1;
        BigInteger value = new BigInteger(1, address);
        return prefix <= bits && (value.signum() == 0 || value.getLowestSetBit() >= bits - prefix);
    }

    /** Null where it is none. Names are none, so that nobody is asked for them. */
    private static byte @Nullable [] address(String text) {
        if (!text.matches(IPV4) && !(text.contains(":") && text.matches("[0-9A-Fa-f:.]+"))) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && (uri.getPort() == -1 || isPort(uri.getPort()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= HIGHEST_PORT;
    }

    private Addresses() {}
}
