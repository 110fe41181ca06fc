package io.throughline.elasticsearch;

import java.util.concurrent.atomic.LongAdder;

/** What became of the documents so far. Written by one thread, read by any. */
final class BulkCounts {

    final LongAdder applied = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder deadLettered = new LongAdder();
    /** Documents replaced by a newer version of themselves before they were sent. */
    final LongAdder coalesced = new LongAdder();
    /** Bulks cut in halves. */
    final LongAdder splits = new LongAdder();
    /** Documents to be sent once more. */
    final LongAdder retries = new LongAdder();
    /** Answers that refused the credentials. */
    final LongAdder unauthorised = new LongAdder();
    /** Bulks sent. */
    final LongAdder bulks = new LongAdder();
}
