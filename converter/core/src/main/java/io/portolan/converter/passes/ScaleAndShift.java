package io.portolan.converter.passes;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a product with one constant for each channel of a map (N,C,H,W), and a sum with another, as batch normalisation of mean 0 and
 * variance 1: one pass over the map instead of two.
 */
public final class ScaleAndShift implements Pass {
    private static final int MAP = 4;

    @Override
    public String name() {
        return "scale-and-shift";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.ADD && isMap(node.output())
                        ? Patterns.eitherOrder(node, (scaled, shift) -> normalised(scaled, shift, uses, b))
                                .map(List::of)
                        : Optional.empty());
    }

    private static boolean isMap(Value value) {
        return value.rank() == MAP && value.element() == OnnxType.FLOAT;
    }

    private static Optional<Value> normalised(Value scaled, Value shift, Map<Value, Integer> uses, GraphBuilder b) {
        Optional<Node> product =
                Patterns.node(StandardOp.MUL, scaled, b).filter(node -> uses.getOrDefault(scaled, 2) == 1);
        Optional<TensorData> shifts = ChannelConstant.of(shift, scaled);
        return product.isEmpty() || shifts.isEmpty()
                ? Optional.empty()
                : Patterns.eitherOrder(
                        product.get(),
                        (x, scale) -> isMap(x)
                                ? ChannelConstant.of(scale, x).map(factors -> written(x, factors, shifts.get(), b))
                                : Optional.empty());
    }

    private static Value written(Value x, TensorData factors, TensorData shifts, GraphBuilder b) {
        return b.apply(
                StandardOp.BATCH_NORMALIZATION,
                Attributes.NONE.with("epsilon", new Attribute.Real(0)),
                x,
                b.constant(factors),
                b.constant(shifts),
                b.constant(repeated(0, factors.size())),
                b.constant(repeated(1, factors.size())));
    }

    private static TensorData repeated(float number, int count) {
        float[] numbers = new float[count];
        Arrays.fill(numbers, number);
        return TensorData.of(numbers, count);
    }
}
