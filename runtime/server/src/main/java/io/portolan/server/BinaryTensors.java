package io.portolan.server;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import java.nio.ByteBuffer;

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
        RawTensor.requireSize(input, type, shape, bytes);
        if (bytes > rest.remaining()) {
            throw HttpError.badRequest(
                    "input '" + input + "': binary_data_size is " + bytes + ", but only " + rest.remaining()
                            + " bytes are left after the JSON, whose length the header " + LENGTH_HEADER + " gives");
        }
        ByteBuffer part = rest.slice(rest.position(), (int) bytes);
        rest.position(rest.position() + (int) bytes);
        return RawTensor.read(input, type, shape, part);
    }

    void requireAllRead() {
        if (rest.hasRemaining()) {
            throw HttpError.badRequest(rest.remaining() + " bytes are left over after the binary tensors");
        }
    }
}
