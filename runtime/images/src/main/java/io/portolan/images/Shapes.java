package io.portolan.images;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Arithmetic on tensor shapes, in which -1 is a dimension that the model leaves open. */
public final class Shapes {
    private Shapes() {}

    /**
     * Number of elements of a shape without open dimensions; 1 for a scalar.
     *
     * @throws IllegalArgumentException if a dimension is negative or the elements do not fit a Java array
     */
    public static int elements(long... shape) {
        int count = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("negative dimension in shape " + text(shape));
            }
            try {
                count = Math.toIntExact(Math.multiplyExact(count, dimension));
            } catch (ArithmeticException overflow) {
                throw new IllegalArgumentException(
                        "shape " + text(shape) + " has too many elements for one array", overflow);
            }
        }
        return count;
    }

    /** Whether a tensor's shape matches a declared one. */
    public static boolean fits(long[] shape, long[] declared) {
        if (shape.length != declared.length) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            if (declared[axis] >= 0 && declared[axis] != shape[axis]) {
                return false;
            }
        }
        return true;
    }

    public static long[] prepend(long first, long[] rest) {
        long[] shape = new long[rest.length + 1];
        shape[0] = first;
        System.arraycopy(rest, 0, shape, 1, rest.length);
        return shape;
    }

    /** The text of a shape, such as {@code (?, 224, 224, 3)}. */
    public static String text(long... shape) {
        return Arrays.stream(shape)
                .mapToObj(dimension -> dimension < 0 ? "?" : Long.toString(dimension))
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
