package io.portolan.checkpoints.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: named arrays and texts. It consists of an eight-byte header length, the header in JSON, and a
 * buffer of elements that the arrays fill without holes or overlaps.
 *
 * @param arrays the arrays by name, in the order of the header
 * @param metadata the texts under {@code __metadata__}
 */
public record SafetensorsFile(Map<String, ArrayData> arrays, Map<String, String> metadata) {
    /** The format's own limit of the header's length. */
    static final int LONGEST_HEADER = 100_000_000;

    /** Whether a file starts with a plausible header length and a JSON object. */
    public static boolean matches(ByteBuffer file) {
        ByteBuffer bytes = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        return bytes.limit() > Long.BYTES
                && bytes.get(Long.BYTES) == '{'
                && Long.compareUnsigned(bytes.getLong(0), LONGEST_HEADER) <= 0;
    }

    /** Whether the format has a name for a type. */
    public static boolean holds(ElementType type) {
        return SafetensorsType.of(type).isPresent();
    }

    /**
     * Reads a buffer, of which the arrays are views; it must not change afterwards.
     *
     * @param name what errors call the file
     * @throws CheckpointException if it is not a valid safetensors file
     */
    public static SafetensorsFile read(ByteBuffer file, String name) throws CheckpointException {
        return read(ByteRegion.of(file), name);
    }

    /** Like {@link #read(ByteBuffer, String)}, for a file of any length. */
    public static SafetensorsFile read(ByteRegion file, String name) throws CheckpointException {
        ByteBuffer start = file.head(Long.BYTES + LONGEST_HEADER);
        SafetensorsHeader header = header(start, file.size(), name);
        int bufferStart = start.position();
        ByteRegion buffer = file.slice(bufferStart);
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (Map.Entry<String, SafetensorsHeader.Tensor> entry :
                header.tensors().entrySet()) {
            arrays.put(entry.getKey(), array(name, entry.getKey(), entry.getValue(), buffer, bufferStart));
        }
        requireCovered(name, header, buffer.size(), bufferStart);
        return new SafetensorsFile(arrays, header.metadata());
    }

    private static SafetensorsHeader header(ByteBuffer bytes, long fileSize, String name) throws CheckpointException {
        if (bytes.remaining() < Long.BYTES) {
            throw new CheckpointException(
                    name + ": " + bytes.remaining() + " bytes at byte 0: expected the length of a safetensors header");
        }
        long length = bytes.getLong();
        if (length < 0 || length > bytes.remaining()) {
            throw new CheckpointException(name + ": a header of " + Long.toUnsignedString(length)
                    + " bytes at byte 0 and " + (fileSize - Long.BYTES)
                    + " bytes that follow: expected at most as many, and at most " + LONGEST_HEADER);
        }
        ByteBuffer json = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        try {
            return SafetensorsHeader.parse(json);
        } catch (JsonProcessingException malformed) {
            long place = malformed.getLocation() == null
                    ? 0
                    : Math.max(0, malformed.getLocation().getByteOffset());
            throw new CheckpointException(
                    name + ": malformed safetensors header at byte " + (Long.BYTES + place) + " ("
                            + Quotation.of(malformed.getOriginalMessage())
                            + "): expected well-formed JSON with each key once",
                    malformed);
        } catch (IOException wrong) {
            throw new CheckpointException(name + ": wrong safetensors header: " + wrong.getMessage(), wrong);
        }
    }

    private static ArrayData array(
            String file, String key, SafetensorsHeader.Tensor tensor, ByteRegion buffer, int bufferStart)
            throws CheckpointException {
        if (tensor.begin() > tensor.end() || tensor.end() > buffer.size()) {
            throw new CheckpointException(place(file, key, tensor, bufferStart) + " has the offsets " + tensor.begin()
                    + " to " + tensor.end() + ": expected them in order and within the " + buffer.size()
                    + " bytes of elements; the file may be cut short");
        }
        ByteRegion elements = buffer.slice(tensor.begin(), tensor.end() - tensor.begin());
        try {
            ElementType type = tensor.type().element();
            return tensor.type().isPacked()
                    ? PackedElements.array(type, tensor.shape(), elements)
                    : ArrayData.of(type, tensor.shape(), elements);
        } catch (IllegalArgumentException impossible) {
            throw new CheckpointException(
                    place(file, key, tensor, bufferStart) + ": " + impossible.getMessage()
                            + ": expected offsets that fit shape and type",
                    impossible);
        }
    }

    private static String place(String file, String key, SafetensorsHeader.Tensor tensor, int bufferStart) {
        return file + ": the tensor " + Quotation.of(key) + " at byte " + ((long) bufferStart + tensor.begin());
    }

    /** Requires every byte of the buffer to belong to exactly one tensor, so that no data can be hidden in it. */
    private static void requireCovered(String name, SafetensorsHeader header, long length, int bufferStart)
            throws CheckpointException {
        List<SafetensorsHeader.Tensor> ordered =
                new ArrayList<>(header.tensors().values());
        ordered.sort(Comparator.comparingLong(SafetensorsHeader.Tensor::begin)
                .thenComparingLong(SafetensorsHeader.Tensor::end));
        long covered = 0;
        for (SafetensorsHeader.Tensor tensor : ordered) {
            if (tensor.begin() != covered) {
                break;
            }
            covered = tensor.end();
        }
        long held = ordered.stream()
                .mapToLong(tensor -> tensor.end() - tensor.begin())
                .sum();
        if (covered != length || held != length) {
            throw new CheckpointException(name + ": a hole, an overlap or surplus bytes at byte "
                    + (bufferStart + covered) + ": expected tensors that fill the file one after the other");
        }
    }
}
