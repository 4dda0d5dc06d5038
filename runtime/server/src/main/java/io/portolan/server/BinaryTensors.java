package io.portolan.server;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The tensors behind the JSON of a request, one after the other. */
final class BinaryTensors {
    /** Bytes of the JSON in front of binary tensors. */
    static final String LENGTH_HEADER = "Inference-Header-Content-Length";

    /** The name of the extension. */
    static final String EXTENSION = "binary_tensor_data";

    private final ByteBuffer rest;

    BinaryTensors(byte[] body, int start) {
        this.rest = ByteBuffer.wrap(body, start, body.length - start).slice();
    }

    /**
     * The next tensor.
     *
     * @param bytes that the request says it has
     * @throws HttpError if that is not what its shape takes, or it was not sent
     */
    Tensor next(String input, ElementType type, long[] shape, long bytes) {
        int least = leastBytes(input, type, shape);
        if (type == ElementType.STRING ? bytes < least : bytes != least) {
            throw HttpError.badRequest(
                    "input '" + input + "': its shape takes " + least + " bytes, but binary_data_size is " + bytes);
        }
        if (bytes > rest.remaining()) {
            throw HttpError.badRequest(
                    "input '" + input + "': binary_data_size is " + bytes + ", but only " + rest.remaining()
                            + " bytes are left behind the JSON, whose length the header " + LENGTH_HEADER + " gives");
        }
        ByteBuffer part = rest.slice(rest.position(), (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        rest.position(rest.position() + (int) bytes);
        if (type == ElementType.STRING) {
            requireStrings(input, part, least / Integer.BYTES);
        }
        Tensor tensor = type == ElementType.STRING
                ? new Tensor(type, shape, ByteBuffer.allocateDirect(part.remaining()))
                : Tensor.allocate(type, shape);
        tensor.writable().put(part);
        return tensor;
    }

    void requireAllRead() {
        if (rest.hasRemaining()) {
            throw HttpError.badRequest(rest.remaining() + " bytes are left over behind the binary tensors");
        }
    }

    private static int leastBytes(String input, ElementType type, long... shape) {
        try {
            return Tensor.bytes(type, shape);
        } catch (IllegalArgumentException huge) {
            throw HttpError.badRequest("input '" + input + "': " + huge.getMessage());
        }
    }

    /** Each is a length and so many bytes of UTF-8. */
    private static void requireStrings(String input, ByteBuffer data, int count) {
        ByteBuffer walk = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int length = walk.remaining() < Integer.BYTES ? -1 : walk.getInt();
            if (length < 0 || length > walk.remaining()) {
                throw HttpError.badRequest("input '" + input + "': element " + i + " of " + count
                        + " does not fit; each is its length in 4 bytes, little-endian, and so many bytes");
            }
            try {
                StandardCharsets.UTF_8.newDecoder().decode(walk.slice(walk.position(), length));
            } catch (CharacterCodingException otherBytes) {
                throw HttpError.badRequest(
                        "input '" + input + "': element " + i + " is no UTF-8, which ONNX strings are");
            }
            walk.position(walk.position() + length);
        }
        if (walk.hasRemaining()) {
            throw HttpError.badRequest("input '" + input + "': " + walk.remaining() + " bytes are left over behind its "
                    + count + " strings");
        }
    }
}
