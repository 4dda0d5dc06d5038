package io.portolan.programs.stablehlo;

import java.util.List;
import java.util.stream.LongStream;

/**
 * The type of a tensor of known rank.
 *
 * @param element the type of its elements
 * @param dims its sizes, outermost first; {@link #DYNAMIC} where the program does not fix one
 */
public record TensorType(ElementType element, List<Long> dims) implements Type {
    /** A size that is known only when the program runs. */
    public static final long DYNAMIC = -1;

    /** Rejects negative sizes other than {@link #DYNAMIC}. */
    public TensorType {
        dims = List.copyOf(dims);
        if (dims.stream().anyMatch(dim -> dim < DYNAMIC)) {
            throw new IllegalArgumentException("sizes must not be negative: " + dims);
        }
    }

    /** A type of these sizes. */
    public static TensorType of(ElementType element, long... dims) {
        return new TensorType(element, LongStream.of(dims).boxed().toList());
    }

    /** The number of axes. */
    public int rank() {
        return dims.size();
    }

    /** The size of an axis. */
    public long dim(int axis) {
        return dims.get(axis);
    }

    /** Whether every size is known. */
    public boolean isStatic() {
        return !dims.contains(DYNAMIC);
    }

    /**
     * The number of elements of a static type.
     *
     * @throws ArithmeticException if it exceeds 63 bits
     */
    public long count() {
        if (dims.contains(0L)) {
            return 0;
        }
        return dims.stream().reduce(1L, Math::multiplyExact);
    }

    /** The same sizes with another element type. */
    public TensorType withElement(ElementType other) {
        return new TensorType(other, dims);
    }

    /** As in StableHLO text: {@code tensor<2x?x3xf32>}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("tensor<");
        dims.forEach(dim -> text.append(dim == DYNAMIC ? "?" : dim.toString()).append('x'));
        return text.append(element).append('>').toString();
    }
}
