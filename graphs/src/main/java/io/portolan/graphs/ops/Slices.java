package io.portolan.graphs.ops;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TFloat32;

/** Slices along one axis. */
public final class Slices {
    private Slices() {}

    /** Elements {@code begin, begin + stride, …} before {@code end} of one axis. */
    public static Operand<TFloat32> along(Ops tf, Operand<TFloat32> x, int axis, int begin, int end, int stride) {
        int[] begins = new int[axis + 1];
        int[] ends = new int[axis + 1];
        int[] strides = new int[axis + 1];
        Arrays.fill(strides, 1);
        begins[axis] = begin;
        ends[axis] = end;
        strides[axis] = stride;
        long wholeAxes = (1L << axis) - 1;
        return tf.stridedSlice(
                x,
                tf.constant(begins),
                tf.constant(ends),
                tf.constant(strides),
                StridedSlice.beginMask(wholeAxes),
                StridedSlice.endMask(wholeAxes));
    }

    /** Splits one axis into equal parts. TensorFlow's own split has no gradient if there is only one part. */
    public static List<Operand<TFloat32>> parts(Ops tf, Operand<TFloat32> x, int axis, int count) {
        return count == 1
                ? List.of(x)
                : List.copyOf(tf.split(tf.constant(axis), x, (long) count).output());
    }
}
