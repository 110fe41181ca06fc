package io.throughline.domain.touchpoint;

/**
 * An amount of money, exact so that sums do not depend on order.
 *
 * @param micros millionths of the currency's unit; negative for a reversal
 * @param currency ISO 4217 code, upper case
 */
public record Money(long micros, String currency) {}
