package io.portolan.converter.passes.weights;

import io.portolan.converter.ir.Float16;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.Optional;

/** Rounds float32 constants to float16. */
final class Float16Constants {
    private Float16Constants() {}

    /** The constant in float16; empty if the value is not a float32 constant, or if an element would become infinite. */
    static Optional<Value> of(Value value, GraphBuilder b) {
        return value.data()
                .filter(data -> data.type() == OnnxType.FLOAT && isInRange(data))
                .map(data -> TensorData.ofDoubles(OnnxType.FLOAT16, data.doubles(), data.shape()))
                .map(halves -> b.constant(halves, value.name() + "/float16"));
    }

    private static boolean isInRange(TensorData data) {
        return Arrays.stream(data.doubles())
                .filter(Double::isFinite)
                .allMatch(element -> Float.isFinite(Float16.toFloat(Float16.of((float) element))));
    }
}
