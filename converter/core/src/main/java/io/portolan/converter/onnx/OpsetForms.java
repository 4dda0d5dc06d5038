package io.portolan.converter.onnx;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * What changed in ONNX's operators between {@link Opset#OLDEST} and {@link Opset#NEWEST}, as far as Portolan writes them. A
 * graph speaks one form of each operator; this is how that form is put in another opset, and from which opset on it exists.
 */
final class OpsetForms {
    /** What a node is written with. */
    record Form(List<Value> inputs, Attributes attributes) {}

    /** Reductions whose axes were an attribute before opset 18. */
    private static final Set<StandardOp> AXES_WERE_ATTRIBUTES =
            EnumSet.of(StandardOp.REDUCE_MAX, StandardOp.REDUCE_MEAN, StandardOp.REDUCE_MIN, StandardOp.REDUCE_PROD);

    /** 8-bit and 16-bit integers came to the arithmetic operators with opset 14. */
    private static final Set<OnnxType> SHORT_INTEGERS =
            EnumSet.of(OnnxType.INT8, OnnxType.UINT8, OnnxType.INT16, OnnxType.UINT16);

    /** Which reductions scatter operators know, by opset. */
    private static final Map<String, Integer> SCATTER_REDUCTIONS = Map.of("none", 13, "add", 16, "mul", 16, "max", 18, "min", 18);

    /** The first opset for a node, where that hangs on its attributes or element type; otherwise it is that of the operator. */
    private static final Map<StandardOp, ToIntFunction<Node>> FIRST_OPSETS = new EnumMap<>(Map.of(
            StandardOp.ADD, OpsetForms::arithmetic,
            StandardOp.SUB, OpsetForms::arithmetic,
            StandardOp.MUL, OpsetForms::arithmetic,
            StandardOp.DIV, OpsetForms::arithmetic,
            StandardOp.RELU, node -> node.output().element().isFloating() ? 13 : 14,
            StandardOp.RESHAPE, node -> node.attributes().integer("allowzero", 0) == 1 ? 14 : 13,
            StandardOp.AVERAGE_POOL, node -> node.attributes().byName().containsKey("dilations") ? 19 : 13,
            StandardOp.SCATTER_ND, OpsetForms::scatter,
            StandardOp.SCATTER_ELEMENTS, OpsetForms::scatter));

    private OpsetForms() {}

    /**
     * Makes sure that every node can be written.
     *
     * @throws OpsetException otherwise, with all operators that cannot
     */
    static void requireWritable(OnnxGraph graph, Opset opset) {
        Map<String, Integer> missing = new TreeMap<>();
        for (Node node : graph.allNodes().toList()) {
            int first = firstOpset(node);
            if (first > opset.version()) {
                missing.merge(node.op().opName() + " at " + node.name(), first, Math::max);
            }
        }
        if (!missing.isEmpty()) {
            throw new OpsetException(opset, missing);
        }
    }

    /** The oldest opset in which a node can be written. */
    private static int firstOpset(Node node) {
        StandardOp op = (StandardOp) node.op();
        return AXES_WERE_ATTRIBUTES.contains(op) ? Opset.OLDEST
                : FIRST_OPSETS.getOrDefault(op, any -> op.since()).applyAsInt(node);
    }

    /** How a node is written in an opset that has it. */
    static Form of(Node node, Opset opset) {
        if (opset.version() < 18 && node.op() instanceof StandardOp op && AXES_WERE_ATTRIBUTES.contains(op)) {
            List<Long> axes = node.input(1).data().orElseThrow().longList();
            return new Form(node.inputs().subList(0, 1), node.attributes().with("axes", new Attribute.Ints(axes)));
        }
        if (opset.version() < 20 && node.op() == StandardOp.DFT) {
            long axis = node.input(2).data().orElseThrow().longAt(0);
            return new Form(node.inputs().subList(0, 2), node.attributes().with("axis", axis));
        }
        return new Form(node.inputs(), node.attributes());
    }

    private static int arithmetic(Node node) {
        return SHORT_INTEGERS.contains(node.output().element()) ? 14 : 13;
    }

    private static int scatter(Node node) {
        return SCATTER_REDUCTIONS.get(node.attributes().text("reduction", "none"));
    }
}
