package io.portolan.converter.passes.weights;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stores large float32 constants as float16, each followed by a cast that ONNX Runtime evaluates once when it loads the model:
 * half the file size, the same speed, float32 arithmetic.
 */
public final class HalfPrecisionWeights implements Pass {
    private static final int SMALLEST = 4096;

    @Override
    public String name() {
        return "half-precision-weights";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Value> widened = new IdentityHashMap<>();
        GraphRewriter.rewrite(graph, (node, b) -> {
            if (node.inputs().stream().noneMatch(HalfPrecisionWeights::isLarge)) {
                return Optional.empty();
            }
            List<Value> inputs = node.inputs().stream()
                    .map(input -> isLarge(input)
                            ? widened.computeIfAbsent(input, weight -> widened(weight, b.outermost()))
                            : input)
                    .toList();
            return Optional.of(b.node(node.op(), node.attributes(), inputs.toArray(Value[]::new)));
        });
    }

    private static boolean isLarge(Value value) {
        return value.element() == OnnxType.FLOAT
                && value.data().map(TensorData::size).orElse(0) >= SMALLEST;
    }

    private static Value widened(Value weight, GraphBuilder b) {
        return Float16Constants.of(weight, b)
                .map(half -> b.cast(half, OnnxType.FLOAT))
                .orElse(weight);
    }
}
