package io.throughline.dashboard.know;

import java.io.IOException;

/** Says why two identifiers or touchpoints are one customer, or why not; as {@code throughline why} does. */
@FunctionalInterface
public interface Explaining {

    /**
     * @param a as typed for {@code throughline why}
     * @return the JSON document of {@code throughline why --json}
     * @throws IOException where the evidence cannot be read; the message says why in one line
     */
    String explain(String a, String b) throws IOException;
}
