package io.throughline.dashboard.know;

import io.throughline.domain.measure.MeasureConfig;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pages know besides documents, from the jobs' configuration.
 *
 * @param identification null: customers are found by their ids only
 * @param explaining null: nobody can say why somebody is one person
 * @param rules rules of alerts as they are now
 * @param actions null: alerts can be looked at only
 * @param operations null: how the jobs go is not known
 * @param redriving null: records that did not count can be looked at only
 * @param measuring how metrics are made, so that a number leads to what it counts
 */
public record Knowledge(
        @Nullable Identification identification,
        @Nullable Explaining explaining,
        Supplier<List<RuleDescription>> rules,
        @Nullable AlertActions actions,
        @Nullable Operations operations,
        @Nullable Redriving redriving,
        MeasureConfig measuring) {

    /** Where metrics are made as usual. */
    public Knowledge(
            @Nullable Identification identification,
            @Nullable Explaining explaining,
            Supplier<List<RuleDescription>> rules,
            @Nullable AlertActions actions,
            @Nullable Operations operations,
            @Nullable Redriving redriving) {
        this(identification, explaining, rules, actions, operations, redriving, MeasureConfig.DEFAULTS);
    }

    /** Documents and nothing else. */
    public static final Knowledge NONE = new Knowledge(null, null, List::of, null, null, null);
}
