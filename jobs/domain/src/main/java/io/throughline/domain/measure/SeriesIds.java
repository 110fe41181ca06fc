package io.throughline.domain.measure;

import io.throughline.domain.touchpoint.Hash128;
import java.util.Map;
import java.util.TreeMap;

/** Names of series: readable where short, hashed where they would not fit an Elasticsearch id. */
final class SeriesIds {
    private static final int LONGEST = 160;

    /** {@code csat|channel=call|24h}. */
    static String document(String metricId, Map<String, String> dimensions, String window) {
        String readable = key(metricId, dimensions) + '|' + window;
        if (readable.length() <= LONGEST) {
            return readable;
        }
        return metricId + "|#" + Hash128.of(readable).hex() + '|' + window;
    }

    static String key(String first, Map<String, String> dimensions) {
        if (dimensions.isEmpty()) {
            return first;
        }
        StringBuilder text = new StringBuilder(first);
        Map<String, String> sorted = dimensions.size() == 1 ? dimensions : new TreeMap<>(dimensions);
        for (Map.Entry<String, String> dimension : sorted.entrySet()) {
            text.append('|');
            escaped(dimension.getKey(), text);
            text.append('=');
            escaped(dimension.getValue(), text);
        }
        return text.toString();
    }

    private static void escaped(String word, StringBuilder text) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '|' || c == '=' || c == '\\' || c == '#') {
                text.append('\\');
            }
            text.append(c);
        }
    }

    private SeriesIds() {}
}
