package io.throughline.intake;

import io.throughline.schemas.Identifier;
import java.util.List;
import java.util.Map;

/**
 * One event as its vocabulary understands it, before any mapping.
 *
 * @param names what rules may call it, the most telling first
 * @param own what the vocabulary makes of fields that no mapping sets
 * @param identifiers those that are not at a path
 * @param experiments variants by experiment, those that are not at a path
 */
record Event(
        Facts facts,
        List<String> names,
        Map<TouchpointField, String> own,
        List<Identifier> identifiers,
        Map<String, String> experiments) {}
