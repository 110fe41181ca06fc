package io.throughline.domain.stitch;

import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The touchpoints a node places. A touchpoint whose identifiers are known only joins the others, so that those that
 * were written down stay as they are until something is asked of them.
 */
public final class Hosts {

    /** Touchpoints in written form. */
    public interface Written {
        /** Reads all of them. */
        Map<HostKey, Hosted> read();

        /** Whether one of this touchpoint_id can be among them; said without reading them, so perhaps wrongly of one that is not. */
        boolean mayHold(String touchpointId);
    }

    private @Nullable Written written;
    /** Where there are written ones as well: those that came since. */
    private Map<HostKey, Hosted> open = Map.of();

    public Hosts() {}

    public Hosts(Written written) {
        this.written = written;
    }

    /** Those that were written down and not read again; null: none. */
    public @Nullable Written written() {
        return written;
    }

    /** Those that are not in written form; of two with the same key these are the newer. */
    public Map<HostKey, Hosted> open() {
        return open;
    }

    public boolean isEmpty() {
        return written == null && open.isEmpty();
    }

    public void put(HostKey key, Hosted hosted) {
        open = Holding.grown(open);
        open.put(key, hosted);
    }

    /** Reads those in written form only where it may be among them. */
    @Nullable
    Hosted get(HostKey key) {
        return mayHold(key) ? all().get(key) : null;
    }

    void remove(HostKey key) {
        if (mayHold(key)) {
            all().remove(key);
        }
    }

    private boolean mayHold(HostKey key) {
        Written before = written;
        return open.containsKey(key) || (before != null && before.mayHold(key.touchpointId()));
    }

    /** Live: what is removed from it is forgotten. */
    public Collection<Hosted> values() {
        return all().values();
    }

    Collection<Map.Entry<HostKey, Hosted>> entries() {
        return all().entrySet();
    }

    private Map<HostKey, Hosted> all() {
        Written before = written;
        if (before != null) {
            Map<HostKey, Hosted> all = new HashMap<>(before.read());
            all.putAll(open);
            open = all;
            written = null;
        }
        return open;
    }
}
