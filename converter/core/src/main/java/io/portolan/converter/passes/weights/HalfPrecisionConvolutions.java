package io.portolan.converter.passes.weights;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Computes convolutions in float16, for devices on which that is faster. Their sums are short, of numbers around 1; spectra (whose
 * first bin is the sum of a map), variances and recurrences stay in float32.
 */
public final class HalfPrecisionConvolutions implements Pass {
    @Override
    public String name() {
        return "half-precision-convolutions";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.CONV && node.input(0).element() == OnnxType.FLOAT
                        ? halved(node, b).map(List::of)
                        : Optional.empty());
    }

    private static Optional<Value> halved(Node node, GraphBuilder b) {
        List<Value> inputs = new ArrayList<>(List.of(b.cast(node.input(0), OnnxType.FLOAT16)));
        for (Value weight : node.inputs().subList(1, node.inputs().size())) {
            Optional<Value> half = Float16Constants.of(weight, b);
            if (half.isEmpty()) {
                return Optional.empty();
            }
            inputs.add(half.get());
        }
        return Optional.of(
                b.cast(b.apply(StandardOp.CONV, node.attributes(), inputs.toArray(Value[]::new)), OnnxType.FLOAT));
    }
}
