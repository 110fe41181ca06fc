package io.throughline.domain.ingest;

import java.util.Map;

/**
 * How all records read from one source ended so far.
 *
 * @param source topic and partition, or a file
 * @param processedByChannel processed records by the channel of their touchpoint; those that were counted before channels
 *     were, and those that only stitching found to be duplicates, make it differ from the total
 * @param remarks what accepted records lost or had changed, late ones and duplicates included, by {@link Remark#code()}
 * @param revision grows with every change
 */
public record Account(
        String source,
        Accounting total,
        Map<String, Long> processedByChannel,
        Map<String, Long> remarks,
        long revision) {

    public Account {
        processedByChannel = Map.copyOf(processedByChannel);
        remarks = Map.copyOf(remarks);
    }
}
