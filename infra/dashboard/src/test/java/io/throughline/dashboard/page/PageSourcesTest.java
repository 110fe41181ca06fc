package io.throughline.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be seen of the pages without a browser. */
class PageSourcesTest {
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:[^;]* from )?'(\\.[^']+)';");
    private static final Pattern COLOUR = Pattern.compile("--([a-z-]+): (#[0-9a-f]{6});");
    private static final Pattern TABLE = Pattern.compile("<table[^>]*>");
    private static final List<String> GROUNDS = List.of("ground", "surface", "raised");
    private static final List<String> TINTS = List.of("accent-ground", "good-ground", "warn-ground", "bad-ground");

    @Test
    void modulesDoNotImportEachOtherInACircle() throws Exception {
        Map<Path, Set<Path>> imports = imports();

        assertThat(imports).as("modules found").hasSizeGreaterThan(30);
        imports.keySet().forEach(module -> assertThat(reachedFrom(module, imports))
                .as("imported, in the end, by %s", module.getFileName())
                .doesNotContain(module));
    }

    @ParameterizedTest
    @ValueSource(strings = {":root {", ":root[data-theme='dark'] {", ":root:not([data-theme='light']) {"})
    void textsAndEdgesStandOutFromWhatTheyAreOn(String theme) throws Exception {
        Map<String, String> colours = coloursOf(theme);

        for (String text : List.of("text", "muted", "faint", "accent", "good", "warn", "bad")) {
            for (String ground : GROUNDS) {
                assertContrast(colours, text, ground, 4.5);
            }
        }
        for (String tint : TINTS) {
            assertContrast(colours, "text", tint, 4.5);
            assertContrast(colours, "faint", tint, 4.5);
            assertContrast(colours, tint.substring(0, tint.indexOf('-')), tint, 4.5);
        }
        for (String ground : GROUNDS) {
            assertContrast(colours, "edge", ground, 3);
        }
    }

    @Test
    void tablesHaveCaptions() throws Exception {
        try (Stream<Path> files = Files.walk(pages())) {
            for (Path module :
                    files.filter(file -> file.toString().endsWith(".js")).toList()) {
                String source = Files.readString(module);
                Matcher table = TABLE.matcher(source);
                while (table.find()) {
                    assertThat(source.substring(table.end()).stripLeading())
                            .as("what a table in %s begins with", module.getFileName())
                            .startsWith("<caption");
                }
            }
        }
    }

    private static Map<Path, Set<Path>> imports() throws IOException, URISyntaxException {
        Map<Path, Set<Path>> imports = new TreeMap<>();
        try (Stream<Path> files = Files.walk(pages())) {
            for (Path module :
                    files.filter(file -> file.toString().endsWith(".js")).toList()) {
                Set<Path> imported = new LinkedHashSet<>();
                Matcher found = IMPORT.matcher(Files.readString(module));
                while (found.find()) {
                    Path other = module.resolveSibling(found.group(1)).normalize();
                    assertThat(other).as("imported by %s", module).exists();
                    imported.add(other);
                }
                imports.put(module, imported);
            }
        }
        return imports;
    }

    private static Set<Path> reachedFrom(Path module, Map<Path, Set<Path>> imports) {
        Set<Path> reached = new LinkedHashSet<>(imports.getOrDefault(module, Set.of()));
        for (int before = -1; before != reached.size(); ) {
            before = reached.size();
            for (Path each : List.copyOf(reached)) {
                reached.addAll(imports.getOrDefault(each, Set.of()));
            }
        }
        return reached;
    }

    private static Path pages() throws URISyntaxException {
        return Path.of(PageSourcesTest.class
                        .getResource("/io/throughline/dashboard/page/dashboard.css")
                        .toURI())
                .getParent();
    }

    private static Map<String, String> coloursOf(String theme) throws IOException, URISyntaxException {
        String sheet = Files.readString(pages().resolve("dashboard.css"));
        int from = sheet.indexOf(theme);
        assertThat(from).as("where %s begins", theme).isNotNegative();
        Map<String, String> colours = new HashMap<>();
        Matcher found = COLOUR.matcher(sheet.substring(from, sheet.indexOf('}', from)));
        while (found.find()) {
            colours.put(found.group(1), found.group(2));
        }
        return colours;
    }

    private static void assertContrast(Map<String, String> colours, String one, String other, double least) {
        assertThat(colours).containsKeys(one, other);
        assertThat(contrast(colours.get(one), colours.get(other)))
                .as("contrast of %s on %s", one, other)
                .isGreaterThanOrEqualTo(least);
    }

    /** As WCAG 2.2 defines it, from 1 to 21. */
    private static double contrast(String one, String other) {
        double first = luminance(one) + 0.05;
        double second = luminance(other) + 0.05;
        return Math.max(first, second) / Math.min(first, second);
    }

    private static double luminance(String colour) {
        return 0.2126 * linear(colour, 1) + 0.7152 * linear(colour, 3) + 0.0722 * linear(colour, 5);
    }

    private static double linear(String colour, int at) {
        double part = Integer.parseInt(colour.substring(at, at + 2), 16) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    }
}
