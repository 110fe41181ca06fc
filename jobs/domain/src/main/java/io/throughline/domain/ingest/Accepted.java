package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.Touchpoint;
import java.util.List;

/**
 * A record that counts.
 *
 * @param remarks what was changed or left out on the way, one entry per occurrence; mostly empty
 */
public record Accepted(Touchpoint touchpoint, List<Remark> remarks) implements Verdict {}
