/** A seeded company with thousands of customers: touchpoints in virtual time, and the truth behind them. */
@NullMarked
package io.throughline.scenarios.simulator;

import org.jspecify.annotations.NullMarked;
