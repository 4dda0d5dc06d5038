package io.portolan.converter;

import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.weights.HalfPrecisionConvolutions;
import io.portolan.converter.passes.weights.HalfPrecisionWeights;
import io.portolan.converter.passes.weights.QuantizedWeights;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The storage type of a model's large weights; with it, some operators compute in that type too. */
public enum WeightType {
    /** Unchanged. */
    FLOAT32(2e-5),

    /** Half the size, with a relative error of up to 2^-12 per weight. Convolutions are computed in float16 too. */
    FLOAT16(5e-3, new HalfPrecisionConvolutions(), new HalfPrecisionWeights()),

    /** A third of the size: weights of products are quantised to 255 levels, other large constants are float16. */
    INT8(1e-1, new QuantizedWeights(), new HalfPrecisionWeights());

    private final double tolerance;
    private final List<Pass> passes;

    WeightType(double tolerance, Pass... passes) {
        this.tolerance = tolerance;
        this.passes = List.of(passes);
    }

    /** The type with a label. */
    public static WeightType of(String label) {
        return Stream.of(values())
                .filter(type -> type.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such type of weights: " + label));
    }

    /** The name that users see, such as {@code float16}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The default parity tolerance: the largest difference of two logits that is attributed to the storage type and not to a fault,
     * some ten times what the reference models lose.
     */
    public double tolerance() {
        return tolerance;
    }

    List<Pass> passes() {
        return passes;
    }
}
