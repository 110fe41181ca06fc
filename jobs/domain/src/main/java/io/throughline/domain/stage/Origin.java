package io.throughline.domain.stage;

/** Where a state was read from, as whoever reads and writes it knows it. */
public interface Origin {}
