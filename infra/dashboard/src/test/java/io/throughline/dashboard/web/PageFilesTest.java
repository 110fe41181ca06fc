package io.throughline.dashboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageFilesTest {

    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private final PageFiles files = new PageFiles();

    @Test
    void everythingTheImportMapNamesIsThere() throws Exception {
        JsonNode imports = new ObjectMapper().readTree(importMap()).path("imports");

        assertThat(imports.size()).isPositive();
        imports.forEach(target -> {
            String path = target.asText().replaceFirst("^/lib/", "");
            if (!path.endsWith("/")) {
                assertThat(files.library(path)).as(path).isPresent();
            }
        });
    }

    @Test
    void everyModuleAndStyleThePageNamesIsThere() {
        Set<String> missing = new HashSet<>();
        Set<String> seen = new HashSet<>();
        follow("dashboard.js", seen, missing);
        Matcher named = Pattern.compile("/page/([a-z.-]+)").matcher(index());
        while (named.find()) {
            follow(named.group(1), seen, missing);
        }

        assertThat(missing).isEmpty();
        assertThat(seen).contains("dashboard.css", "first-paint.js", "live.js", "charts.js", "trend.js");
    }

    @Test
    void theOneInlineScriptIsAllowedByItsHash() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(importMap().getBytes(StandardCharsets.UTF_8));

        assertThat(files.importMapHash())
                .isEqualTo("sha256-" + Base64.getEncoder().encodeToString(hash));
        assertThat(Pattern.compile("<script(?![^>]*(src=|importmap))")
                        .matcher(index())
                        .find())
                .as("another inline script")
                .isFalse();
        assertThat(index()).doesNotContain("${", "style=\"", "onclick", "http://", "https://");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../simplelogger.properties",
                "../live/Board.class",
                "a/../dashboard.js",
                "/dashboard.js",
                "dashboard.js/",
                "%2e%2e/dashboard.js",
                "..\\dashboard.js",
                "dashboard",
                "dashboard.js\u0000",
                "",
                "."
            })
    void nothingElseCanBeNamed(String path) {
        assertThat(files.page(path)).isEmpty();
        assertThat(files.library(path)).isEmpty();
    }

    private void follow(String file, Set<String> seen, Set<String> missing) {
        if (!seen.add(file)) {
            return;
        }
        var found = files.page(file);
        if (found.isEmpty()) {
            missing.add(file);
            return;
        }
        if (file.endsWith(".js")) {
            Matcher imported = Pattern.compile("from '\\./([a-z-]+\\.js)'|import '\\./([a-z-]+\\.js)'")
                    .matcher(found.get().text());
            while (imported.find()) {
                follow(imported.group(1) != null ? imported.group(1) : imported.group(2), seen, missing);
            }
        }
    }

    private String importMap() {
        Matcher map = IMPORT_MAP.matcher(index());
        assertThat(map.find()).isTrue();
        return map.group(1);
    }

    private String index() {
        return files.index().text();
    }
}
