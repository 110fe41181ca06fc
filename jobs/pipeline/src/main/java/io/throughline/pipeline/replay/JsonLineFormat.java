package io.throughline.pipeline.replay;

import io.throughline.pipeline.ingest.JsonTouchpoints;
import io.throughline.pipeline.ingest.RecordFormat;
import org.jspecify.annotations.Nullable;

/** Touchpoints as JSON, one a line. */
final class JsonLineFormat implements RecordFormat<FileLine> {
    private static final long serialVersionUID = 1;

    private final int maxRecordBytes;

    @SuppressWarnings("NullAway.Init")
    private transient JsonTouchpoints json;

    JsonLineFormat(int maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public void open() {
        json = new JsonTouchpoints(maxRecordBytes);
    }

    @Override
    public Reading read(FileLine line) {
        return new Reading(json.decode(line.bytes(), line.size()), null);
    }

    @Override
    public String origin(FileLine line) {
        return line.file() + ":" + line.number();
    }

    @Override
    public String source(FileLine line) {
        return line.file();
    }

    @Override
    public byte[] raw(FileLine line) {
        return line.bytes();
    }

    @Override
    public @Nullable String key(FileLine line) {
        return null;
    }

    @Override
    public @Nullable Long timestamp(FileLine line) {
        return null;
    }
}
