package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.KernelTypes;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Inserts casts around operators for whose element type ONNX Runtime has no kernel, so that they compute in another type. Where a
 * type exists that represents every value of the first, nothing is lost; doubles are rounded to floats.
 */
public final class CastForKernels implements Pass {
    /** The types to compute in instead, in order of preference. */
    private static final Map<OnnxType, List<OnnxType>> SUBSTITUTES = new EnumMap<>(Map.ofEntries(
            Map.entry(OnnxType.BOOL, List.of(OnnxType.UINT8, OnnxType.INT32, OnnxType.INT64, OnnxType.FLOAT)),
            Map.entry(OnnxType.INT8, List.of(OnnxType.INT32, OnnxType.INT64, OnnxType.FLOAT)),
            Map.entry(OnnxType.INT16, List.of(OnnxType.INT32, OnnxType.INT64, OnnxType.FLOAT)),
            Map.entry(OnnxType.UINT16, List.of(OnnxType.INT32, OnnxType.INT64, OnnxType.FLOAT)),
            Map.entry(OnnxType.UINT32, List.of(OnnxType.INT64, OnnxType.DOUBLE)),
            Map.entry(OnnxType.FLOAT16, List.of(OnnxType.FLOAT)),
            Map.entry(OnnxType.UINT8, List.of(OnnxType.INT32, OnnxType.INT64, OnnxType.FLOAT)),
            Map.entry(OnnxType.INT32, List.of(OnnxType.INT64, OnnxType.DOUBLE, OnnxType.FLOAT)),
            Map.entry(OnnxType.INT64, List.of(OnnxType.DOUBLE, OnnxType.FLOAT)),
            Map.entry(OnnxType.FLOAT, List.of(OnnxType.DOUBLE)),
            Map.entry(OnnxType.DOUBLE, List.of(OnnxType.FLOAT))));

    @Override
    public String name() {
        return "cast-for-kernels";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, CastForKernels::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder builder) {
        return node.op() instanceof StandardOp op
                ? op.kernelTypes().flatMap(kernel -> rewrite(node, kernel, builder))
                : Optional.empty();
    }

    private static Optional<List<Value>> rewrite(Node node, KernelTypes kernel, GraphBuilder b) {
        OnnxType type = node.input(0).element();
        if (kernel.types().contains(type)) {
            return Optional.empty();
        }
        Optional<OnnxType> substitute = SUBSTITUTES.getOrDefault(type, List.of()).stream()
                .filter(kernel.types()::contains)
                .findFirst();
        return substitute.map(other -> {
            List<Value> inputs = new ArrayList<>();
            for (Value input : node.inputs()) {
                inputs.add(inputs.size() < kernel.dataInputs() ? b.cast(input, other) : input);
            }
            List<Value> results = b.node(node.op(), node.attributes(), inputs.toArray(Value[]::new));
            List<Value> outputs = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                outputs.add(b.cast(results.get(i), node.outputs().get(i).element()));
            }
            return outputs;
        });
    }
}
