package io.throughline.delivery;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * What is sent in one piece.
 *
 * @param contents the notifications it is about, at least one
 * @param headers of an HTTP request or a Kafka record
 * @param body of it
 */
public record Parcel(List<Notification> contents, URI address, Map<String, String> headers, byte[] body) {

    public Parcel {
        if (contents.isEmpty()) {
            throw new IllegalArgumentException("a parcel needs contents");
        }
        contents = List.copyOf(contents);
        headers = Map.copyOf(headers);
    }
}
