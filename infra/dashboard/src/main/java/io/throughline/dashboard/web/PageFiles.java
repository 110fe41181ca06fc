package io.throughline.dashboard.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page's own files, and the libraries it imports straight out of their jars. Nothing outside these two places can
 * be named: a path is letters, digits and a few signs, has no empty or dotted step, and ends in a known way.
 */
final class PageFiles {

    private static final String PAGE = "/io/throughline/dashboard/page/";
    private static final String LIBRARIES = "/META-INF/resources/_static/";
    private static final Pattern PATH =
            Pattern.compile("(?:[A-Za-z0-9@_-][A-Za-z0-9@._-]*/)*[A-Za-z0-9@_-][A-Za-z0-9@._-]*");
    private static final Map<String, String> TYPES = Map.of(
            ".html", "text/html; charset=utf-8",
            ".css", "text/css; charset=utf-8",
            ".js", "text/javascript; charset=utf-8",
            ".svg", "image/svg+xml");

    /** An import map has to stand in the page itself; its hash is the one inline script the page may carry. */
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private final String index;
    private final String importMapHash;

    record File(String text, String type) {}

    PageFiles() {
        this.index = text(PAGE + "index.html");
        Matcher importMap = IMPORT_MAP.matcher(index);
        if (!importMap.find()) {
            throw new IllegalStateException("index.html has no import map");
        }
        this.importMapHash = "sha256-" + Base64.getEncoder().encodeToString(sha256(importMap.group(1)));
    }

    /** The page itself. */
    File index() {
        return new File(index, "text/html; charset=utf-8");
    }

    /** What is shown where there is no page. */
    File lost() {
        return page("lost.html").orElseThrow();
    }

    /** As a Content-Security-Policy source expression without quotes. */
    String importMapHash() {
        return importMapHash;
    }

    Optional<File> page(String path) {
        return file(PAGE, path);
    }

    Optional<File> library(String path) {
        return file(LIBRARIES, path);
    }

    private static Optional<File> file(String root, String path) {
        int dot = path.lastIndexOf('.');
        String type = dot < 0 ? null : TYPES.get(path.substring(dot));
        if (type == null || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        try (InputStream stream = PageFiles.class.getResourceAsStream(root + path)) {
            return stream == null
                    ? Optional.empty()
                    : Optional.of(new File(new String(stream.readAllBytes(), StandardCharsets.UTF_8), type));
        } catch (IOException broken) {
            throw new UncheckedIOException("Cannot read " + root + path + " from the class path", broken);
        }
    }

    private static String text(String path) {
        try (InputStream stream = PageFiles.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException(path + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException("Cannot read " + path + " from the class path", broken);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
