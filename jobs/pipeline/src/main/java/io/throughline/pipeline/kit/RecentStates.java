package io.throughline.pipeline.kit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * The states of keys that had a turn lately stay open; one that has to make room is packed.
 *
 * <p>Where the backend holds objects they are the same objects. Where it holds bytes, reading and writing all of a state
 * for every record was most of the work: there a state is written when it makes room, and before a snapshot, which
 * therefore knows all of them. After a restore nothing is here, so nothing can be newer or older than the snapshot.
 *
 * @param <K> key
 * @param <V> what the backend holds
 */
public final class RecentStates<K, V extends Resting> {
    /** So many stay open at most. */
    public static final int MOST = 1 << 13;

    /**
     * So many where packing is all it takes to make room, and keys come back whenever they please. What stays open for
     * seconds survives young collections, is copied by each, and dies where only an old one finds it; and a snapshot has to
     * pack it. Packed again within one young collection's time it dies young.
     */
    public static final int MOST_ON_HEAP = 1 << 8;

    /**
     * From so many packed bytes on, which is some 100 touchpoints of a customer, opening and packing takes longer than anything a rule
     * does: where only {@link #MOST_ON_HEAP} stay open these are no longer pushed out by small ones, but by each other.
     */
    static final int LARGE = 1 << 13;

    /**
     * Of what they take packed; open it is several times as much. With too little, the series of metrics, most of which
     * have a turn at every tick, would be packed and unpacked each time.
     */
    private static final long MOST_BYTES = 32L << 20;

    /** The same of all tasks of this process together: open it is perhaps a quarter of the heap. */
    private static final long MOST_BYTES_OF_ALL = Runtime.getRuntime().maxMemory() / 16;

    /** So much each may keep open, whatever the others do. */
    private static final long BYTES_OF_EACH = 4L << 20;

    private static final AtomicLong BYTES_OF_ALL = new AtomicLong();

    /** Taken for the packed size of what never was packed. */
    private static final int USUAL_BYTES = 256;

    private final ValueState<V> backend;
    private final KeyContext keys;
    private final boolean holdsBytes;
    private final int most;
    private final long mostBytesOfAll;
    private final Map<K, Turn<V>> recent = new LinkedHashMap<>(256, 0.75f, true);
    /** Those that were {@link #LARGE} when they were last packed; always none where many stay open anyway. */
    private final Map<K, Turn<V>> large = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;
    private long bytesOfLarge;

    private static final class Turn<V> {
        V value;
        int size;
        boolean isLarge;

        /** The backend does not have it, or not as it is. */
        boolean unwritten;

        Turn(V value) {
            this.value = value;
        }
    }

    /**
     * @param backend of the operator whose keys these are
     * @param keys the operator
     * @param holdsBytes whether the backend holds bytes, so that a value read from it is nobody else's
     * @param most how many stay open at most
     */
    public RecentStates(ValueState<V> backend, KeyContext keys, boolean holdsBytes, int most) {
        this(backend, keys, holdsBytes, most, MOST_BYTES_OF_ALL);
    }

    RecentStates(ValueState<V> backend, KeyContext keys, boolean holdsBytes, int most, long mostBytesOfAll) {
        this.backend = backend;
        this.keys = keys;
        this.holdsBytes = holdsBytes;
        this.most = most;
        this.mostBytesOfAll = mostBytesOfAll;
    }

    /** Whether this backend holds bytes and not objects. */
    public static boolean holdsBytes(KeyedStateBackend<?> backend) {
        return !"hashmap".equals(backend.getBackendTypeIdentifier());
    }

    /** Of the present key; null: nothing is remembered. */
    public @Nullable V get() throws Exception {
        if (holdsBytes) {
            Turn<V> turn = recent.get(key());
            if (turn != null) {
                return turn.value;
            }
        }
        return backend.value();
    }

    /** For the present key, after its turn. */
    public void put(V value) throws Exception {
        K key = key();
        // It is measured whenever it is packed, which every snapshot does.
        int size = Math.max(USUAL_BYTES, value.packedSize());
        Turn<V> turn = turnOf(key, value, size >= LARGE && !holdsBytes && most <= MOST_ON_HEAP);
        turn.value = value;
        count(size - turn.size);
        if (turn.isLarge) {
            bytesOfLarge += size - turn.size;
        }
        turn.size = size;
        if (holdsBytes) {
            turn.unwritten = true;
        } else {
            backend.update(value);
        }
        if (recent.size() > most || bytesOfLarge > BYTES_OF_EACH || isTooMuch()) {
            makeRoom(key, turn.isLarge);
        }
    }

    private Turn<V> turnOf(K key, V value, boolean isLarge) {
        Map<K, Turn<V>> its = isLarge ? large : recent;
        Turn<V> turn = its.get(key);
        if (turn == null) {
            turn = (isLarge ? recent : large).remove(key);
            if (turn == null) {
                turn = new Turn<>(value);
            } else {
                bytesOfLarge += isLarge ? turn.size : -turn.size;
            }
            turn.isLarge = isLarge;
            its.put(key, turn);
        }
        return turn;
    }

    /** For the present key, where what was taken has not changed. */
    public void putBack(V value) throws Exception {
        if (!holdsBytes) {
            // What was handed out open, to make a copy for a snapshot, would stay so and count nowhere.
            put(value);
        }
    }

    /** The present key remembers nothing any more. */
    public void clear() throws Exception {
        K key = key();
        Turn<V> turn = recent.remove(key);
        if (turn == null) {
            turn = large.remove(key);
        }
        if (turn != null) {
            leave(turn);
        }
        backend.clear();
    }

    /** Afterwards the backend knows everything; to be called before a snapshot, and before all keys are gone through. */
    public void settle() throws Exception {
        if (!holdsBytes) {
            return;
        }
        for (Map.Entry<K, Turn<V>> entry : recent.entrySet()) {
            Turn<V> turn = entry.getValue();
            if (turn.unwritten) {
                keys.setCurrentKey(entry.getKey());
                backend.update(turn.value);
                turn.unwritten = false;
            }
        }
    }

    /** The backend's values have been changed behind these, which must be settled; or the task ends. */
    public void forget() {
        recent.clear();
        large.clear();
        bytesOfLarge = 0;
        count(-bytes);
    }

    private void count(long more) {
        if (more != 0) {
            bytes += more;
            BYTES_OF_ALL.addAndGet(more);
        }
    }

    static long bytesOfAll() {
        return BYTES_OF_ALL.get();
    }

    private void leave(Turn<V> turn) {
        count(-turn.size);
        if (turn.isLarge) {
            bytesOfLarge -= turn.size;
        }
    }

    private boolean isTooMuch() {
        return bytes > MOST_BYTES || (bytes > BYTES_OF_EACH && bytesOfAll() > mostBytesOfAll);
    }

    /** The present key's turn is the latest of its kind, and stays. */
    private void makeRoom(K present, boolean isLarge) throws Exception {
        while (large.size() > (isLarge ? 1 : 0) && (bytesOfLarge > BYTES_OF_EACH || isTooMuch())) {
            closeEldest(large);
        }
        while (recent.size() > (isLarge ? 0 : 1) && (recent.size() > most || isTooMuch())) {
            closeEldest(recent);
        }
        keys.setCurrentKey(present);
    }

    private void closeEldest(Map<K, Turn<V>> open) throws Exception {
        Iterator<Map.Entry<K, Turn<V>>> eldest = open.entrySet().iterator();
        Map.Entry<K, Turn<V>> entry = eldest.next();
        Turn<V> turn = entry.getValue();
        eldest.remove();
        leave(turn);
        if (!holdsBytes) {
            turn.value.close();
        } else if (turn.unwritten) {
            keys.setCurrentKey(entry.getKey());
            backend.update(turn.value);
        }
    }

    @SuppressWarnings("unchecked")
    private K key() {
        return (K) keys.getCurrentKey();
    }
}
