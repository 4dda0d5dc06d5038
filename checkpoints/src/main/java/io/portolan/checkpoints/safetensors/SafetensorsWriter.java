package io.portolan.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.portolan.checkpoints.values.ArrayData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes safetensors files: a header padded to a multiple of eight bytes, then the arrays in order. */
public final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsWriter() {}

    /**
     * Writes a file.
     *
     * @throws IllegalArgumentException if the format has no name for the type of an array, or cannot hold so many names
     */
    public static void write(SafetensorsFile file, OutputStream out) throws IOException {
        byte[] header = header(file);
        int padding = -header.length & Long.BYTES - 1;
        if (header.length + padding > SafetensorsFile.LONGEST_HEADER) {
            throw new IllegalArgumentException("a safetensors header of " + header.length + " bytes");
        }
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length + padding)
                .array());
        out.write(header);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        for (ArrayData array : file.arrays().values()) {
            array.writeTo(out);
        }
    }

    private static byte[] header(SafetensorsFile file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!file.metadata().isEmpty()) {
                json.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> text : file.metadata().entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, ArrayData> array : file.arrays().entrySet()) {
                long end = offset + array.getValue().byteCount();
                writeTensor(json, array.getKey(), array.getValue(), offset, end);
                offset = end;
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void writeTensor(JsonGenerator json, String name, ArrayData array, long begin, long end)
            throws IOException {
        SafetensorsType type = SafetensorsType.of(array.type())
                .orElseThrow(() -> new IllegalArgumentException(
                        "safetensors has no name for " + array.type().label()));
        if (name.length() > NameBudget.LONGEST_NAME) {
            throw new IllegalArgumentException("a name of " + name.length() + " characters");
        }
        json.writeObjectFieldStart(name);
        json.writeStringField("dtype", type.name());
        json.writeFieldName("shape");
        json.writeArray(array.shape(), 0, array.rank());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
    }
}
