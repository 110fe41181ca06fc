package io.throughline.domain.measure;

import java.util.Map;
import java.util.SortedMap;

/**
 * What one subtask has counted of one series since it last passed subtotals on. Any sum of subtotals is the sum of the
 * facts behind them, whichever subtask counted which.
 *
 * @param dimensions sorted by name
 * @param tallies by event time, epoch milliseconds, rounded up to {@link MeasureConfig#precisionMs()}
 */
public record Subtotal(Family family, Map<String, String> dimensions, SortedMap<Long, Tally> tallies)
        implements SeriesInput {}
