package io.throughline.domain.alert;

import org.jspecify.annotations.Nullable;

/** What is said of one alert. */
public sealed interface CaseOutput {

    /**
     * The alert, as it stands.
     *
     * @param toldUnder under what it is remembered what people were told of it; stays, whatever becomes of the alert
     * @param fresh whether somebody who was never told of it should be told now
     */
    record Standing(Alert alert, String toldUnder, boolean fresh) implements CaseOutput {}

    /**
     * What became of a command; a later one about the same command replaces it.
     *
     * @param because why it was refused; null where it was taken
     * @param version of the alert afterwards; 0 where there is none
     */
    record Answer(String actionId, String alertId, boolean taken, @Nullable String because, int version, long at)
            implements CaseOutput {}
}
