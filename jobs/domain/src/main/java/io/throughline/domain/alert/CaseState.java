package io.throughline.domain.alert;

import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of one alert: what rules say of it, what people did about it, and what was published. */
public final class CaseState {
    private final String alertId;
    /** By action_id. */
    private final TreeMap<String, Action> actions = new TreeMap<>();
    /** By action_id: what was answered; empty where it was taken. */
    private final TreeMap<String, String> answered = new TreeMap<>();

    private @Nullable Alert cause;
    private @Nullable Alert said;
    private @Nullable String toldUnder;

    public CaseState(String alertId) {
        this.alertId = alertId;
    }

    public String alertId() {
        return alertId;
    }

    public TreeMap<String, Action> actions() {
        return actions;
    }

    public TreeMap<String, String> answered() {
        return answered;
    }

    /** The alert as its rule says it, newest revision; null while only actions are known. */
    public @Nullable Alert cause() {
        return cause;
    }

    public void cause(@Nullable Alert newest) {
        cause = newest;
    }

    /** The alert as it was published last. */
    public @Nullable Alert said() {
        return said;
    }

    public void said(@Nullable Alert published) {
        said = published;
    }

    /** Under what it is remembered what people were told of it, as {@link NotifyConfig#key} said when it was first published. */
    public @Nullable String toldUnder() {
        return toldUnder;
    }

    public void toldUnder(@Nullable String key) {
        toldUnder = key;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CaseState that
                && that.alertId.equals(alertId)
                && that.actions.equals(actions)
                && that.answered.equals(answered)
                && Objects.equals(that.cause, cause)
                && Objects.equals(that.said, said)
                && Objects.equals(that.toldUnder, toldUnder);
    }

    @Override
    public int hashCode() {
        return alertId.hashCode();
    }
}
