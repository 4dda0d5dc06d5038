package io.portolan.server;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The binary tensors after the JSON of a request, read in sequence. */
final class BinaryTensors {
    /** The header for the length of the JSON before binary tensors. */
    static final String LENGTH_HEADER = "Inference-Header-Content-Length";

    /** The name of the extension. */
    static final String EXTENSION = "binary_tensor_data";

    private final ByteBuffer rest;

    BinaryTensors(byte[] body, int start) {
        this.rest = ByteBuffer.wrap(body, start, body.length - start).slice();
    }

    /**
     * Reads the next tensor.
     *
     * @param bytes its size according to the request
     * @throws HttpError if that does not match its shape, or the data are missing
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
                            + " bytes are left after the JSON, whose length the header " + LENGTH_HEADER + " gives");
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
            throw HttpError.badRequest(rest.remaining() + " bytes are left over after the binary tensors");
        }
    }

    private static int leastBytes(String input, ElementType type, long... shape) {
        try {
            return Tensor.bytes(type, shape);
        } catch (IllegalArgumentException huge) {
            throw HttpError.badRequest("input '" + input + "': " + huge.getMessage());
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
