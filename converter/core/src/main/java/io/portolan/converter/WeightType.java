package io.portolan.converter;

import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.weights.HalfPrecisionConvolutions;
import io.portolan.converter.passes.weights.HalfPrecisionWeights;
import io.portolan.converter.passes.weights.QuantizedWeights;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How a model file stores its large weights, and what else may be computed so. */
public enum WeightType {
    /** As they are. */
    FLOAT32(2e-5),

    /** Half the size: a weight loses up to 2^-12 of itself. Convolutions are computed so too. */
    FLOAT16(5e-3, new HalfPrecisionConvolutions(), new HalfPrecisionWeights()),

    /** A third of the size: weights of products have one of 255 levels, other large constants are float16. */
    INT8(1e-1, new QuantizedWeights(), new HalfPrecisionWeights());

    private final double tolerance;
    private final List<Pass> passes;

    WeightType(double tolerance, Pass... passes) {
        this.tolerance = tolerance;
        this.passes = List.of(passes);
    }

    /** The type of a label. */
    public static WeightType of(String label) {
        return Stream.of(values())
                .filter(type -> type.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such type of weights: " + label));
    }

    /** What users call it: {@code float16}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The difference of two logits that is taken for the price of the type, and not for a fault: some ten times what the
     * reference models lose.
     */
    public double tolerance() {
        return tolerance;
    }

    List<Pass> passes() {
        return passes;
    }
}
