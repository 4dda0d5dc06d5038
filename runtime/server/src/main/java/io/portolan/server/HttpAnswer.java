package io.portolan.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP response.
 *
 * @param headers the headers besides the content's type and length
 */
record HttpAnswer(int status, String contentType, ByteBuffer body, Map<String, String> headers) {
    static final String JSON = "application/json";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static HttpAnswer ok(String contentType, byte... body) {
        return new HttpAnswer(200, contentType, ByteBuffer.wrap(body), Map.of());
    }

    static HttpAnswer json(int status, Map<String, ?> value) {
        try {
            return new HttpAnswer(status, JSON, ByteBuffer.wrap(MAPPER.writeValueAsBytes(value)), Map.of());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    HttpAnswer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new HttpAnswer(status, contentType, body, all);
    }
}
