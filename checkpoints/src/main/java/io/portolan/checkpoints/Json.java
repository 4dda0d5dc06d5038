package io.portolan.checkpoints;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.portolan.checkpoints.values.CheckpointException;
import java.util.Map;

/** Converts plain values to JSON and back, within limits. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(500).build())
                    .build())
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(
                    "metadata that JSON cannot hold (" + impossible.getOriginalMessage() + ")", impossible);
        }
    }

    static Map<?, ?> readObject(String file, String json) throws CheckpointException {
        try {
            return MAPPER.readValue(json, Map.class);
        } catch (JsonProcessingException malformed) {
            throw new CheckpointException(
                    file + ": malformed metadata at character "
                            + (malformed.getLocation() == null
                                    ? 0
                                    : malformed.getLocation().getCharOffset())
                            + ": expected JSON as Portolan writes it",
                    malformed);
        }
    }
}
