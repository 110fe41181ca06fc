package io.throughline.dashboard.read;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a page is told.
 *
 * @param data a record or document, written to JSON as it is
 * @param asOf when Elasticsearch answered
 * @param outage why it could not be asked again since; null: it is as new as it can be
 */
public record Reply(Object data, Instant asOf, @Nullable String outage) {}
