package io.portolan.converter.passes;

import io.portolan.converter.ir.ComposedOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ErrorFunction;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Writes the functions that ONNX has no operator for as what they are composed of. */
public final class ComposedFunctions implements Pass {
    private static final Map<ComposedOp, BiFunction<GraphBuilder, Value, Value>> COMPOSITIONS =
            new EnumMap<>(Map.of(ComposedOp.ERFC, ErrorFunction::complementBySeries));

    @Override
    public String name() {
        return "composed-functions";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() instanceof ComposedOp function
                        ? Optional.of(List.of(COMPOSITIONS.get(function).apply(b, node.input(0))))
                        : Optional.empty());
    }
}
