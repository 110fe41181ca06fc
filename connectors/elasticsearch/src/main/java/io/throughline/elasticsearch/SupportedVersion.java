package io.throughline.elasticsearch;

/** Versions of Elasticsearch the sink and the templates were tried with. */
final class SupportedVersion {

    private SupportedVersion() {}

    /** @throws UnusableElasticsearchException if the version is neither 8 nor 9 */
    static void require(String version, String where) {
        if (!version.startsWith("8.") && !version.startsWith("9.")) {
            throw new UnusableElasticsearchException("Elasticsearch at " + where + " is of version " + version
                    + ", which is not supported; use version 8 or 9");
        }
    }
}
