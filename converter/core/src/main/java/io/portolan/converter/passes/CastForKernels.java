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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Inserts casts around operators for whose element type ONNX Runtime has no kernel, so that they compute in another type. Where a
 * type exists that represents every value of the first, nothing is lost; doubles are rounded to floats. For bfloat16 it has hardly any
 * kernels on a CPU, and none in opsets before 22; for float16 it inserts such casts itself.
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

    /** Operators that take any type, and those that run graphs. */
    private static final Set<StandardOp> OF_ANY_TYPE = EnumSet.of(
            StandardOp.CAST,
            StandardOp.IDENTITY,
            StandardOp.SHAPE,
            StandardOp.RESHAPE,
            StandardOp.IF,
            StandardOp.LOOP,
            StandardOp.SCAN);

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
        if (!(node.op() instanceof StandardOp op)) {
            return Optional.empty();
        }
        boolean isInBfloat16 = node.inputs().stream().anyMatch(input -> input.element() == OnnxType.BFLOAT16);
        return isInBfloat16 && !OF_ANY_TYPE.contains(op)
                ? Optional.of(inFloat(node, builder))
                : op.kernelTypes().flatMap(kernel -> rewrite(node, kernel, builder));
    }

    private static List<Value> inFloat(Node node, GraphBuilder b) {
        Value[] inputs = node.inputs().stream()
                .map(input -> input.element() == OnnxType.BFLOAT16 ? b.cast(input, OnnxType.FLOAT) : input)
                .toArray(Value[]::new);
        return restored(node, b.node(node.op(), node.attributes(), inputs), b);
    }

    private static List<Value> restored(Node node, List<Value> results, GraphBuilder b) {
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            outputs.add(b.cast(results.get(i), node.outputs().get(i).element()));
        }
        return outputs;
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
            return restored(node, b.node(node.op(), node.attributes(), inputs.toArray(Value[]::new)), b);
        });
    }
}
