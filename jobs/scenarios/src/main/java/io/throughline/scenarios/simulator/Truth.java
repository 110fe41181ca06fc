package io.throughline.scenarios.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * What really happened, as NDJSON beside the touchpoints. Three kinds of lines, told apart by {@code truth}:
 * {@code touchpoint} (who, in which session, when), {@code episode} (latent dissatisfaction of a person) and
 * {@code bad_record} (what was wrong on purpose, and the fate it should have).
 */
final class Truth implements Closeable {
    private final JsonGenerator json;
    private final IsoTime times = new IsoTime();

    Truth(OutputStream out) {
        try {
            this.json = new JsonFactory().createGenerator(out).setRootValueSeparator(null);
        } catch (IOException e) {
            throw new UncheckedIOException("the truth cannot be written", e);
        }
    }

    void touchpoint(Emission emission) throws IOException {
        json.writeStartObject();
        json.writeStringField("truth", "touchpoint");
        json.writeStringField("touchpoint_id", emission.touchpoint().getTouchpointId());
        json.writeStringField("person", emission.person());
        if (emission.sitting() != null) {
            json.writeStringField("session", emission.sitting());
        }
        json.writeStringField("episode", emission.episode());
        json.writeStringField("true_time", times.of(emission.happened()));
        end();
    }

    void episode(Verdict verdict) {
        try {
            json.writeStartObject();
            json.writeStringField("truth", "episode");
            json.writeStringField("episode", verdict.episode());
            json.writeStringField("person", verdict.person());
            json.writeStringField("household", verdict.household());
            json.writeStringField("plot", verdict.plot());
            json.writeStringField("start", times.of(verdict.start()));
            json.writeStringField("end", times.of(verdict.end()));
            json.writeNumberField("dissatisfaction", Math.round(verdict.dissatisfaction() * 10_000) / 10_000.0);
            json.writeBooleanField("dissatisfied", verdict.dissatisfied());
            json.writeNumberField("touchpoints", verdict.touchpoints());
            json.writeBooleanField("over", verdict.over());
            end();
        } catch (IOException e) {
            throw new UncheckedIOException("the truth cannot be written", e);
        }
    }

    /** @param record its number in the output, from 1: the line of a file, the count of a topic */
    void bad(long record, Fault fault) throws IOException {
        json.writeStartObject();
        json.writeStringField("truth", "bad_record");
        json.writeNumberField("record", record);
        json.writeStringField("fault", fault.code());
        json.writeStringField("case", fault.experiment);
        json.writeStringField("expected", fault.expected);
        end();
    }

    private void end() throws IOException {
        json.writeEndObject();
        json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
