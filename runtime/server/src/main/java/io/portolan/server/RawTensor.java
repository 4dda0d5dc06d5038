package io.portolan.server;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the protocol's binary form of tensors: little-endian and row-major, each string after its length. */
public final class RawTensor {
    private RawTensor() {}

    /**
     * Copies the elements into a tensor, after checking them.
     *
     * @param input the input's name in messages
     * @param shape not negative
     * @throws HttpError if the number of bytes does not match the type and shape, or a string is not UTF-8
     */
    public static Tensor read(String input, ElementType type, long[] shape, ByteBuffer bytes) {
        requireSize(input, type, shape, bytes.remaining());
        ByteBuffer part = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (type == ElementType.STRING) {
            requireStrings(input, part, Tensor.bytes(type, shape) / Integer.BYTES);
        }
        Tensor tensor = type == ElementType.STRING
                ? new Tensor(type, shape, ByteBuffer.allocateDirect(part.remaining()))
                : Tensor.allocate(type, shape);
        tensor.writable().put(part);
        return tensor;
    }

    /**
     * Checks the size in bytes of a tensor's binary form.
     *
     * @throws HttpError if the shape does not take that many bytes, or is too large for any tensor
     */
    static void requireSize(String input, ElementType type, long[] shape, long bytes) {
        int least;
        try {
            least = Tensor.bytes(type, shape);
        } catch (IllegalArgumentException huge) {
            throw HttpError.badRequest("input '" + input + "': " + huge.getMessage());
        }
        if (type == ElementType.STRING ? bytes < least : bytes != least) {
            throw HttpError.badRequest(
                    "input '" + input + "': its shape takes " + least + " bytes, but its binary data has " + bytes);
        }
    }

    /** Checks the strings, each of which is a length followed by that number of UTF-8 bytes. */
    private static void requireStrings(String input, ByteBuffer data, int count) {
        ByteBuffer walk = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int length = walk.remaining() < Integer.BYTES ? -1 : walk.getInt();
            if (length < 0 || length > walk.remaining()) {
                throw HttpError.badRequest("input '" + input + "': element " + i + " of " + count
                        + " does not fit; each is its length as 4 little-endian bytes, followed by its bytes");
            }
            try {
                StandardCharsets.UTF_8.newDecoder().decode(walk.slice(walk.position(), length));
            } catch (CharacterCodingException otherBytes) {
                throw HttpError.badRequest(
                        "input '" + input + "': element " + i + " is not UTF-8, as ONNX strings must be");
            }
            walk.position(walk.position() + length);
        }
        if (walk.hasRemaining()) {
            throw HttpError.badRequest("input '" + input + "': " + walk.remaining() + " bytes are left over after its "
                    + count + " strings");
        }
    }
}
