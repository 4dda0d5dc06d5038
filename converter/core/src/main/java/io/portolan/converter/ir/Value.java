package io.portolan.converter.ir;

import java.util.List;
import java.util.Optional;

/**
 * One tensor of a graph: an input, a constant, or an output of exactly one node. Compared by identity.
 */
public final class Value {
    /** A placeholder for an omitted optional input. */
    public static final Value ABSENT = new Value("", new TensorType(OnnxType.FLOAT, TensorShape.SCALAR), null, null);

    private final String name;
    private final TensorType type;
    private final TensorData data;
    private final List<Quantity> contents;

    Value(String name, TensorType type, TensorData data, List<Quantity> contents) {
        this.name = name;
        this.type = type;
        this.data = data;
        this.contents = contents;
    }

    /** The name, unique in its graph. */
    public String name() {
        return name;
    }

    /** Element type and shape. */
    public TensorType type() {
        return type;
    }

    /** The type of its elements. */
    public OnnxType element() {
        return type.element();
    }

    /** Its shape. */
    public TensorShape shape() {
        return type.shape();
    }

    /** Its rank. */
    public int rank() {
        return type.shape().rank();
    }

    /** The elements, if this is a constant. */
    public Optional<TensorData> data() {
        return Optional.ofNullable(data);
    }

    /** Whether this is a constant. */
    public boolean isConstant() {
        return data != null;
    }

    /**
     * The elements of a small integer tensor as dimensions, as far as known: shapes, even symbolic ones, are tracked through
     * slices and arithmetic. Empty if they are not tracked.
     */
    public Optional<List<Dim>> contents() {
        return quantities().map(elements -> elements.stream().map(Quantity::dim).toList());
    }

    /** The elements of a small integer or boolean tensor, in row-major order, as far as known. Empty if they are not tracked. */
    Optional<List<Quantity>> quantities() {
        return Optional.ofNullable(contents);
    }

    /** Whether no element of this integer tensor can be below 0, as far as is known. */
    public boolean isNeverNegative() {
        return quantities()
                .filter(elements -> elements.stream().allMatch(Quantity::isNeverNegative))
                .isPresent();
    }

    /** {@code logits: FLOAT(batch, 10)}. */
    @Override
    public String toString() {
        return name + ": " + type;
    }
}
