package io.portolan.programs.stablehlo;

/** An argument of a block or a result of an operation. Compared by identity. */
public final class Value {
    private final Type type;

    /** A new value of a type. */
    public Value(Type type) {
        this.type = type;
    }

    /** Its type. */
    public Type type() {
        return type;
    }

    /**
     * Its type, which must be that of a tensor.
     *
     * @throws IllegalArgumentException if it is a token or a tuple
     */
    public TensorType tensor() {
        if (type instanceof TensorType tensor) {
            return tensor;
        }
        throw new IllegalArgumentException("expected a tensor, got " + type);
    }

    @Override
    public String toString() {
        return type.toString();
    }
}
