package io.throughline.pipeline.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;

/**
 * What a backend holds of states with a {@link PartedLayout}: of a large one the head in one place and each part in one of its
 * own. A state of a backend that holds objects is whole; one that another backend wrote in parts becomes whole when it is
 * opened.
 *
 * @param <S> state of one key
 */
final class PartedState<S> implements ValueState<Kept<S>> {
    /** With fewer bytes, a state has less to write as a whole than names of parts would take. */
    static final int LARGE = 2_048;

    private final ValueState<Kept<S>> heads;
    /** Before each part's bytes stands the version of the layout that wrote them. */
    private final MapState<Long, byte[]> parts;

    private final PartedLayout<S> layout;
    private final boolean holdsBytes;

    PartedState(ValueState<Kept<S>> heads, MapState<Long, byte[]> parts, PartedLayout<S> layout, boolean holdsBytes) {
        this.heads = heads;
        this.parts = parts;
        this.layout = layout;
        this.holdsBytes = holdsBytes;
    }

    @Override
    public Kept<S> value() throws IOException {
        return heads.value();
    }

    /** Of the present key. */
    S open(Kept<S> kept) throws Exception {
        if (!kept.isHead()) {
            return kept.open(layout);
        }
        Set<Long> found = new HashSet<>();
        int size = 0;
        S state = kept.openHead(layout);
        for (Map.Entry<Long, byte[]> part : parts.entries()) {
            byte[] bytes = part.getValue();
            found.add(part.getKey());
            size += bytes.length - 1;
            layout.readPart(state, part.getKey(), Arrays.copyOfRange(bytes, 1, bytes.length), bytes[0]);
        }
        kept.countParts(size);
        if (holdsBytes) {
            kept.inParts(found);
        } else {
            parts.clear();
        }
        return state;
    }

    @Override
    public void update(Kept<S> kept) throws IOException {
        S state = holdsBytes ? kept.opened() : null;
        if (state != null) {
            try {
                writeParts(kept, state);
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("the parts of a state cannot be written", e);
            }
        }
        heads.update(kept);
    }

    private void writeParts(Kept<S> kept, S state) throws Exception {
        Set<Long> before = kept.parts();
        Set<Long> now = new HashSet<>();
        if (layout.partBytes(state) >= LARGE) {
            layout.parts(state, (part, changed, bytes) -> {
                now.add(part);
                if (changed || !before.contains(part)) {
                    put(part, bytes.get());
                }
            });
            layout.written(state);
        }
        for (long part : before) {
            if (!now.contains(part)) {
                parts.remove(part);
            }
        }
        kept.inParts(now);
    }

    private void put(long part, byte[] bytes) throws Exception {
        byte[] versioned = new byte[bytes.length + 1];
        versioned[0] = (byte) layout.version();
        System.arraycopy(bytes, 0, versioned, 1, bytes.length);
        parts.put(part, versioned);
    }

    @Override
    public void clear() {
        // Looking for parts means to search the map: only a head has any.
        if (hasParts()) {
            parts.clear();
        }
        heads.clear();
    }

    private boolean hasParts() {
        try {
            Kept<S> written = heads.value();
            return written != null && written.isHead();
        } catch (IOException e) {
            throw new UncheckedIOException("a state that is to be cleared cannot be read", e);
        }
    }
}
