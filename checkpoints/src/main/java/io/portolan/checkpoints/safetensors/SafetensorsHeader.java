package io.portolan.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.portolan.checkpoints.containers.ByteRegionInputStream;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The JSON header of a safetensors file, parsed strictly; duplicate keys are errors. */
final class SafetensorsHeader {
    private static final String METADATA = "__metadata__";
    private static final int MOST_AXES = 64;

    /** Types with a name whose layout the format leaves open. */
    private static final Set<String> UNDEFINED = Set.of("F6_E2M3", "F6_E3M2");

    /** The description of a tensor; its offsets are relative to the end of the header. */
    record Tensor(SafetensorsType type, long[] shape, long begin, long end) {}

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader() {}

    /** Reads the header; the message of an exception says what is wrong and where in the JSON. */
    static SafetensorsHeader parse(ByteBuffer json) throws IOException {
        // Jackson would interpret other starts as UTF-16 or UTF-32.
        if (json.limit() < 2 || json.get(0) != '{' || json.get(1) == 0) {
            throw new IOException("expected it to start with '{', in UTF-8, at byte " + Long.BYTES);
        }
        SafetensorsHeader header = new SafetensorsHeader();
        NameBudget budget = new NameBudget();
        try (JsonParser parser = NameBudget.JSON.createParser(new ByteRegionInputStream(ByteRegion.of(json)))) {
            require(parser, parser.nextToken() == JsonToken.START_OBJECT, "an object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                require(parser, budget.admits(name), NameBudget.EXPECTATION);
                parser.nextToken();
                if (name.equals(METADATA)) {
                    header.readMetadata(parser, budget);
                } else {
                    header.tensors.put(name, tensor(parser, name));
                }
            }
            require(parser, parser.nextToken() == null, "nothing but blanks after the object");
        }
        return header;
    }

    /** Every tensor under its name, in the order of the header. */
    Map<String, Tensor> tensors() {
        return tensors;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    private void readMetadata(JsonParser parser, NameBudget budget) throws IOException {
        require(parser, parser.currentToken() == JsonToken.START_OBJECT, "an object of texts as " + METADATA);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            require(parser, budget.admits(key), NameBudget.EXPECTATION);
            require(
                    parser,
                    parser.nextToken() == JsonToken.VALUE_STRING && Utf8.holds(parser.getText()),
                    "a text under " + METADATA);
            metadata.put(key, parser.getText());
        }
    }

    private static Tensor tensor(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(parser, "an object for the tensor " + Quotation.of(name));
        }
        SafetensorsType type = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> type = type(parser);
                case "shape" -> shape = sizes(parser, MOST_AXES);
                case "data_offsets" -> offsets = sizes(parser, 2);
                default -> throw wrong(parser, "dtype, shape and data_offsets only, not " + Quotation.of(key));
            }
        }
        if (type == null || shape == null || offsets == null || offsets.length != 2) {
            throw wrong(parser, "dtype, shape and two data_offsets for the tensor " + Quotation.of(name));
        }
        return new Tensor(type, shape, offsets[0], offsets[1]);
    }

    private static SafetensorsType type(JsonParser parser) throws IOException {
        require(parser, parser.currentToken() == JsonToken.VALUE_STRING, "a type such as \"F32\"");
        String name = parser.getText();
        require(
                parser,
                !UNDEFINED.contains(name),
                "a type whose layout is defined, not " + Quotation.of(name) + ", which everyone packs differently");
        return SafetensorsType.named(name)
                .orElseThrow(() -> wrong(parser, "a type such as \"F32\", not " + Quotation.of(name)));
    }

    private static long[] sizes(JsonParser parser, int most) throws IOException {
        require(parser, parser.currentToken() == JsonToken.START_ARRAY, "a list of integers");
        List<Long> sizes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (sizes.size() == most || !isSize(parser)) {
                throw wrong(parser, "at most " + most + " integers of 63 bits, none negative");
            }
            sizes.add(parser.getLongValue());
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    private static boolean isSize(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0;
    }

    private static void require(JsonParser parser, boolean fulfilled, String expectation) throws IOException {
        if (!fulfilled) {
            throw wrong(parser, expectation);
        }
    }

    private static IOException wrong(JsonParser parser, String expectation) {
        return new IOException("expected " + expectation + " at byte "
                + (Long.BYTES + parser.currentLocation().getByteOffset()));
    }
}
