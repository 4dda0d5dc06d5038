package io.portolan.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.portolan.images.Shapes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Float32 values where ONNX Runtime reads and writes them in place.
 *
 * @param shape the dimensions, none of them negative
 * @param values the elements, row-major, outside the Java heap
 */
record DirectTensor(long[] shape, FloatBuffer values) {
    /**
     * Zeros.
     *
     * @throws IllegalArgumentException if a dimension is negative or the tensor exceeds 2 GB
     */
    static DirectTensor allocate(long... shape) {
        int size = Shapes.elements(shape);
        if (size > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException("float32 " + Shapes.text(shape)
                    + " exceeds 2 GB, the most that a Java buffer holds; split the batch");
        }
        // ONNX Runtime reads a direct buffer as it lies in memory; in Java's default byte order it would see garbage.
        FloatBuffer values = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        return new DirectTensor(shape, values);
    }

    static DirectTensor copyOf(FloatTensor tensor) {
        DirectTensor copy = allocate(tensor.shape());
        copy.values.duplicate().put(tensor.asBuffer());
        return copy;
    }

    /** A handle on these very values; the caller closes it, and must not use it afterwards: that crashes the process. */
    OnnxTensor open() throws OrtException {
        return OnnxTensor.createTensor(OrtSessions.environment(), values.duplicate().clear(), shape);
    }
}
