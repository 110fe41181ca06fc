package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Places;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/** The hashes in their order, each with its dimensions. */
public final class PlacesLayout implements Layout<Places> {

    private static final long serialVersionUID = 1;

    public static final PlacesLayout INSTANCE = new PlacesLayout();

    @Override
    public void write(Places places, DataOutput out) throws IOException {
        Packed.writeSize(places.taken().size(), out);
        for (Map.Entry<Long, Map<String, String>> place : places.taken().entrySet()) {
            out.writeLong(place.getKey());
            Packed.writeTexts(place.getValue(), out);
        }
    }

    @Override
    public Places read(DataInput in, int version) throws IOException {
        Places places = new Places();
        int size = Packed.readSize(in);
        for (int i = 0; i < size; i++) {
            places.take(in.readLong(), Packed.readTexts(in));
        }
        return places;
    }
}
