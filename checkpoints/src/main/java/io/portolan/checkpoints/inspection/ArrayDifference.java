package io.portolan.checkpoints.inspection;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A difference between two checkpoints.
 *
 * @param path the array's path in both
 * @param kind what differs
 * @param first type and shape in the first checkpoint; empty if it has no such array
 * @param second type and shape in the second checkpoint; empty if it has no such array
 * @param elements how many elements differ in value, of arrays of one shape
 * @param maxAbsolute the largest absolute difference of two elements; infinite where only one is NaN
 * @param maxRelative the largest difference of two elements divided by the greater of their absolute values: 0 to 2, or infinite
 *     where only one is NaN
 */
public record ArrayDifference(
        String path,
        Kind kind,
        Optional<String> first,
        Optional<String> second,
        long elements,
        double maxAbsolute,
        double maxRelative) {

    /** What differs, the greatest differences first. */
    public enum Kind {
        ONLY_IN_FIRST("only in the first"),
        ONLY_IN_SECOND("only in the second"),
        SHAPE("shape"),
        TYPE("type"),
        VALUES("values"),
        /** The elements have equal values but other bits, such as zeros of another sign. */
        BITS("bits only");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** Elements are compared in parts of so many. */
    private static final int CHUNK = 1 << 13;

    static ArrayDifference onlyInFirst(String path, ArrayData array) {
        return new ArrayDifference(
                path, Kind.ONLY_IN_FIRST, Optional.of(array.toString()), Optional.empty(), array.size(), 0, 0);
    }

    static ArrayDifference onlyInSecond(String path, ArrayData array) {
        return new ArrayDifference(
                path, Kind.ONLY_IN_SECOND, Optional.empty(), Optional.of(array.toString()), array.size(), 0, 0);
    }

    /** The difference of two arrays; empty if type, shape and bits are equal. */
    static Optional<ArrayDifference> of(String path, ArrayData first, ArrayData second) {
        if (first.equals(second)) {
            return Optional.empty();
        }
        boolean isComparable = Arrays.equals(first.shape(), second.shape())
                && first.type().part() == first.type()
                && second.type().part() == second.type();
        boolean sameType = first.type() == second.type();
        if (!isComparable && !sameType || !Arrays.equals(first.shape(), second.shape())) {
            Kind kind = Arrays.equals(first.shape(), second.shape()) ? Kind.TYPE : Kind.SHAPE;
            return Optional.of(new ArrayDifference(
                    path, kind, Optional.of(first.toString()), Optional.of(second.toString()), first.size(), 0, 0));
        }
        Comparison comparison = new Comparison(first, second);
        Kind kind = !sameType ? Kind.TYPE : comparison.elements > 0 ? Kind.VALUES : Kind.BITS;
        return Optional.of(new ArrayDifference(
                path,
                kind,
                Optional.of(first.toString()),
                Optional.of(second.toString()),
                comparison.elements,
                comparison.maxAbsolute,
                comparison.maxRelative));
    }

    /** Compares the numbers of two arrays of one shape; of complex ones, their parts. */
    private static final class Comparison {
        private long elements;
        private double maxAbsolute;
        private double maxRelative;

        Comparison(ArrayData first, ArrayData second) {
            ElementType one = first.type().part();
            ElementType other = second.type().part();
            long count = first.byteCount() / one.bytes();
            ByteRegion firstBytes = first.region();
            ByteRegion secondBytes = second.region();
            for (long start = 0; start < count; start += CHUNK) {
                int length = (int) Math.min(CHUNK, count - start);
                ByteBuffer ones = part(firstBytes, one, start, length);
                ByteBuffer others = part(secondBytes, other, start, length);
                for (int i = 0; i < length; i++) {
                    add(one.doubleAt(ones, i * one.bytes()), other.doubleAt(others, i * other.bytes()));
                }
            }
        }

        private static ByteBuffer part(ByteRegion bytes, ElementType type, long start, int length) {
            return bytes.slice(start * type.bytes(), (long) length * type.bytes())
                    .buffer();
        }

        private void add(double one, double other) {
            if (one == other || Double.isNaN(one) && Double.isNaN(other)) {
                return;
            }
            elements++;
            double absolute = Math.abs(one - other);
            if (Double.isNaN(absolute)) {
                absolute = Double.POSITIVE_INFINITY;
            }
            maxAbsolute = Math.max(maxAbsolute, absolute);
            maxRelative = Math.max(
                    maxRelative,
                    Double.isInfinite(absolute) ? absolute : absolute / Math.max(Math.abs(one), Math.abs(other)));
        }
    }
}
