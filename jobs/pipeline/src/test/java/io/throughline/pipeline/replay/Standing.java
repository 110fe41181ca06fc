package io.throughline.pipeline.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the promise compares: surviving documents without revision and as_of. That a closed session was revised or a value
 * restated says that somebody may have read something else before, which depends on when it was said.
 */
final class Standing {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Map<String, List<String>> of(ReplayResult result, Collection<String> kinds) throws IOException {
        Map<String, List<String>> standing = new TreeMap<>();
        for (String kind : kinds) {
            List<String> documents = new ArrayList<>();
            for (byte[] document : result.of(kind)) {
                ObjectNode node = (ObjectNode) JSON.readTree(document);
                node.remove(List.of("revision", "as_of", "restated"));
                if (kind.equals(MemoryOutlets.SESSIONS)
                        && node.path("status").asText().equals("revised")) {
                    node.put("status", "closed");
                }
                documents.add(node.toString());
            }
            standing.put(kind, documents);
        }
        return standing;
    }

    /** Only what differs: all of it would be a wall of text. */
    static List<String> differences(Map<String, List<String>> expected, Map<String, List<String>> actual) {
        List<String> differences = new ArrayList<>();
        expected.forEach((kind, documents) -> {
            Set<String> missing = new LinkedHashSet<>(documents);
            Set<String> surplus = new LinkedHashSet<>(actual.getOrDefault(kind, List.of()));
            actual.getOrDefault(kind, List.of()).forEach(missing::remove);
            surplus.removeAll(documents);
            missing.forEach(document -> differences.add(kind + ", missing: " + document));
            surplus.forEach(document -> differences.add(kind + ", but there is: " + document));
        });
        return differences;
    }

    private Standing() {}
}
