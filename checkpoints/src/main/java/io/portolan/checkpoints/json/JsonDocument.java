package io.portolan.checkpoints.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON document, with access to members that must be there. The numbers {@code NaN}, {@code Infinity} and
 * {@code -Infinity}, which Python writes, are read.
 */
public final class JsonDocument {
    /** The largest document in bytes: the metadata of a model with ten thousand arrays is a tenth of it. */
    public static final int LARGEST = 64 << 20;

    private static final int DEEPEST = 100;

    /** Names are not interned, since a hostile file would fill the process-wide table. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LARGEST)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String name;
    private final Object root;

    private JsonDocument(String name, Object root) {
        this.name = name;
        this.root = root;
    }

    /**
     * Parses a value in UTF-8.
     *
     * @throws CheckpointException if it is not one well-formed document with each key once, or exceeds the limits
     */
    public static JsonDocument parse(StoredValue value) throws IOException {
        ByteBuffer bytes = value.read(LARGEST);
        try {
            // Decoded strictly; Jackson would take other starts for UTF-16 or UTF-32.
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return new JsonDocument(value.name(), plain(MAPPER.readValue(text, Object.class)));
        } catch (CharacterCodingException malformed) {
            throw new CheckpointException(value.name() + ": not a text in UTF-8: expected JSON", malformed);
        } catch (JsonProcessingException malformed) {
            throw new CheckpointException(
                    value.name() + ": malformed JSON at character "
                            + (malformed.getLocation() == null
                                    ? 0
                                    : Math.max(0, malformed.getLocation().getCharOffset()))
                            + " (" + Quotation.of(String.valueOf(malformed.getOriginalMessage()))
                            + "): expected well-formed JSON with each key once",
                    malformed);
        }
    }

    /** The value with all integers of up to 63 bits as {@link Long}. The parser has bounded its depth. */
    @SuppressWarnings("unchecked")
    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            ((Map<String, Object>) map).replaceAll((key, member) -> plain(member));
        } else if (value instanceof List<?> list) {
            ((List<Object>) list).replaceAll(JsonDocument::plain);
        }
        return value instanceof Integer integer ? Long.valueOf(integer) : value;
    }

    /** The document's name in errors. */
    public String name() {
        return name;
    }

    /**
     * The whole value: {@code null}, {@link Boolean}, {@link Long}, {@link java.math.BigInteger}, {@link Double},
     * {@link String}, {@link List} or {@link Map} in the order of the document.
     */
    public Object root() {
        return root;
    }

    /** The document as an object. */
    public Map<?, ?> object() throws CheckpointException {
        return object("the document", root);
    }

    /** Requires a member's value to be an object. */
    public Map<?, ?> object(String member, Object value) throws CheckpointException {
        return require(Map.class, member, value, "an object");
    }

    /** Requires a member's value to be a list. */
    public List<?> list(String member, Object value) throws CheckpointException {
        return require(List.class, member, value, "a list");
    }

    /** Requires a member's value to be text. */
    public String text(String member, Object value) throws CheckpointException {
        return require(String.class, member, value, "text");
    }

    /** Requires a member's value to be an integer of 63 bits, not negative. */
    public long size(String member, Object value) throws CheckpointException {
        return integer(value).stream()
                .filter(number -> number >= 0)
                .findFirst()
                .orElseThrow(() -> wrong(member, value, "an integer of 63 bits, not negative"));
    }

    /** Requires a member's value to be a list of integers, none negative. */
    public long[] sizes(String member, Object value) throws CheckpointException {
        List<?> items = list(member, value);
        long[] sizes = new long[items.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = size(member, items.get(i));
        }
        return sizes;
    }

    /** A truth value; empty if the member is absent or null. */
    public Optional<Boolean> flag(String member, Object value) throws CheckpointException {
        return value == null ? Optional.empty() : Optional.of(require(Boolean.class, member, value, "a truth value"));
    }

    /** The error for a member with a wrong value. */
    public CheckpointException wrong(String member, Object value, String expectation) {
        return new CheckpointException(name + ": " + member + " is "
                + Quotation.of(value == null ? "null" : String.valueOf(value)) + ": expected " + expectation);
    }

    private static OptionalLong integer(Object value) {
        return value instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    private <T> T require(Class<T> type, String member, Object value, String expectation) throws CheckpointException {
        if (!type.isInstance(value)) {
            throw wrong(member, value, expectation);
        }
        return type.cast(value);
    }
}
