package io.portolan.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent back.
 *
 * @param headers besides the content's type and length
 */
record Answer(int status, String contentType, ByteBuffer body, Map<String, String> headers) {
    static final String JSON = "application/json";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Answer ok(String contentType, byte... body) {
        return new Answer(200, contentType, ByteBuffer.wrap(body), Map.of());
    }

    static Answer json(int status, Map<String, ?> value) {
        try {
            return new Answer(status, JSON, ByteBuffer.wrap(MAPPER.writeValueAsBytes(value)), Map.of());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Answer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Answer(status, contentType, body, all);
    }
}
