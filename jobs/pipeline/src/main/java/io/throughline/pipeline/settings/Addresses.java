package io.throughline.pipeline.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where servers are. What has the right form may still lead nowhere; what has not leads nowhere for sure. */
final class Addresses {

    private static final int HIGHEST_PORT = 65_535;

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
