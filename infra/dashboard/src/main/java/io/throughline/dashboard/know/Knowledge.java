package io.throughline.dashboard.know;

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
 */
public record Knowledge(
        @Nullable Identification identification,
        @Nullable Explaining explaining,
        Supplier<List<RuleDescription>> rules,
        @Nullable AlertActions actions,
        @Nullable Operations operations,
        @Nullable Redriving redriving) {

    /** Documents and nothing else. */
    public static final Knowledge NONE = new Knowledge(null, null, List::of, null, null, null);
}
