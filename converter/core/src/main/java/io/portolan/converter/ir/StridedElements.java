package io.portolan.converter.ir;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies elements that lie at regular distances: transposed, sliced, reversed or repeated tensors. Fast enough for all weights of a network. */
final class StridedElements {
    private final ByteBuffer source;
    private final ByteBuffer target;
    private final int width;

    private StridedElements(TensorData source, ByteBuffer target) {
        this.source = source.bytes();
        this.target = target;
        this.width = source.type().bytes();
    }

    /** The tensor of a shape whose element at index i is the source's element at offset {@code start + i . strides}. */
    static TensorData of(TensorData source, long[] shape, long[] strides, long start) {
        ByteBuffer target = TensorData.allocate(source.type(), shape);
        new StridedElements(source, target).copy(Axes.of(shape, strides), start);
        return new TensorData(source.type(), shape, target.flip());
    }

    /** At least one axis; axes of size 1 are left out, and axes that can be walked as one are one, so that the last is long. */
    private record Axes(long[] sizes, long[] strides) {
        static Axes of(long[] shape, long[] strides) {
            long[] sizes = new long[shape.length + 1];
            long[] steps = new long[shape.length + 1];
            sizes[0] = 1;
            int count = 1;
            for (int axis = 0; axis < shape.length; axis++) {
                if (shape[axis] == 1) {
                    continue;
                }
                boolean isSame = sizes[count - 1] == 1 || steps[count - 1] == strides[axis] * shape[axis];
                if (!isSame) {
                    sizes[count++] = 1;
                }
                sizes[count - 1] *= shape[axis];
                steps[count - 1] = strides[axis];
            }
            return new Axes(Arrays.copyOf(sizes, count), Arrays.copyOf(steps, count));
        }
    }

    private void copy(Axes axes, long start) {
        int last = axes.sizes().length - 1;
        long[] index = new long[last];
        long offset = start;
        while (target.hasRemaining()) {
            copyRow((int) offset, (int) axes.strides()[last], (int) axes.sizes()[last]);
            for (int axis = last - 1; axis >= 0; axis--) {
                offset += axes.strides()[axis];
                if (++index[axis] < axes.sizes()[axis]) {
                    break;
                }
                offset -= axes.strides()[axis] * axes.sizes()[axis];
                index[axis] = 0;
            }
        }
    }

    /** One loop for each width: a choice in the loop would take longer than the copy. */
    private void copyRow(int start, int stride, int length) {
        int at = start * width;
        int step = stride * width;
        switch (width) {
            case 8 -> {
                for (int i = 0; i < length; i++, at += step) {
                    target.putLong(source.getLong(at));
                }
            }
            case 4 -> {
                for (int i = 0; i < length; i++, at += step) {
                    target.putInt(source.getInt(at));
                }
            }
            case 2 -> {
                for (int i = 0; i < length; i++, at += step) {
                    target.putShort(source.getShort(at));
                }
            }
            default -> {
                for (int i = 0; i < length; i++, at += step) {
                    target.put(source.get(at));
                }
            }
        }
    }
}
