package io.throughline.dashboard.read;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A rolling window metrics are published for, and how far back its trend reaches. */
public enum Window {
    HOUR("1h", Duration.ofHours(1), Duration.ofHours(24)),
    DAY("24h", Duration.ofHours(24), Duration.ofDays(14)),
    WEEK("7d", Duration.ofDays(7), Duration.ofDays(90)),
    MONTH("30d", Duration.ofDays(30), Duration.ofDays(180));

    private final String code;
    private final Duration length;
    private final Duration trend;

    Window(String code, Duration length, Duration trend) {
        this.code = code;
        this.length = length;
        this.trend = trend;
    }

    /** As documents and the page's address name it. */
    public String code() {
        return code;
    }

    public Duration length() {
        return length;
    }

    /** How far back the trend of this window is shown. */
    public Duration trend() {
        return trend;
    }

    /** Empty where no window has that code. */
    public static Optional<Window> of(String code) {
        return Arrays.stream(values())
                .filter(window -> window.code.equals(code))
                .findFirst();
    }
}
