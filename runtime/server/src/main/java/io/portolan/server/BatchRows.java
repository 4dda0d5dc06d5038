package io.portolan.server;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** Concatenates and slices tensors along their first axis, the batch. */
final class BatchRows {
    private BatchRows() {}

    static long count(Tensor tensor) {
        return tensor.shape()[0];
    }

    /**
     * Concatenates tensors, and pads the result with zeros or empty strings.
     *
     * @param parts tensors whose shapes differ in the first axis only
     * @param rows number of rows of the result, at least that of the parts
     */
    static Tensor join(List<Tensor> parts, long rows) {
        Tensor first = parts.get(0);
        if (parts.size() == 1 && count(first) == rows) {
            return first;
        }
        long[] shape = first.shape();
        shape[0] = rows - parts.stream().mapToLong(BatchRows::count).sum();
        // A zero is also the length of an empty string.
        int bytes = parts.stream()
                .mapToInt(part -> part.data().remaining())
                .reduce(Tensor.bytes(first.type(), shape), Math::addExact);
        ByteBuffer joined = ByteBuffer.allocateDirect(bytes);
        parts.forEach(part -> joined.put(part.data()));
        shape[0] = rows;
        return new Tensor(first.type(), shape, joined);
    }

    /** A slice of rows, in the same memory. */
    static Tensor slice(Tensor tensor, long from, long to) {
        long[] shape = tensor.shape();
        if (from == 0 && to == shape[0]) {
            return tensor;
        }
        int start = offset(tensor, from);
        shape[0] = to - from;
        return new Tensor(tensor.type(), shape, tensor.writable().slice(start, offset(tensor, to) - start));
    }

    private static int offset(Tensor tensor, long row) {
        long[] shape = tensor.shape();
        shape[0] = row;
        int bytes = Tensor.bytes(tensor.type(), shape);
        if (tensor.type() != ElementType.STRING) {
            return bytes;
        }
        ByteBuffer walk = tensor.data();
        for (int string = 0; string < bytes / Integer.BYTES; string++) {
            int length = walk.getInt();
            walk.position(walk.position() + length);
        }
        return walk.position();
    }
}
