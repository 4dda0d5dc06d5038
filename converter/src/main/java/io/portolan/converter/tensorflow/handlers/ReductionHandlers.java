package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.NodeContext;

/** Ops that combine elements along axes. */
final class ReductionHandlers {
    private ReductionHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        table.partwise("Sum", node -> reduce(node, StandardOp.REDUCE_SUM))
                .partwise("Mean", node -> reduce(node, StandardOp.REDUCE_MEAN))
                .real("Max", node -> reduce(node, StandardOp.REDUCE_MAX))
                .real("Min", node -> reduce(node, StandardOp.REDUCE_MIN))
                .real("Prod", node -> reduce(node, StandardOp.REDUCE_PROD))
                .real("All", node -> reduceTruth(node, StandardOp.REDUCE_MIN))
                .real("Any", node -> reduceTruth(node, StandardOp.REDUCE_MAX))
                .real("ArgMax", node -> position(node, StandardOp.ARG_MAX))
                .real("ArgMin", node -> position(node, StandardOp.ARG_MIN))
                .real("Softmax", node -> alongLastAxis(node, StandardOp.SOFTMAX))
                .real("LogSoftmax", node -> alongLastAxis(node, StandardOp.LOG_SOFTMAX))
                .partwise("Cumsum", ReductionHandlers::cumulativeSum);
    }

    private static Value reduce(NodeContext node, StandardOp op) {
        return node.builder().reduce(op, node.input(0), node.flag("keep_dims"), axes(node));
    }

    /** Reductions of truth values exist from opset 20 on; as integers they are minima and maxima before. */
    private static Value reduceTruth(NodeContext node, StandardOp op) {
        GraphBuilder b = node.builder();
        Value numbers = b.cast(node.input(0), OnnxType.INT32);
        return b.cast(b.reduce(op, numbers, node.flag("keep_dims"), axes(node)), OnnxType.BOOL);
    }

    private static long[] axes(NodeContext node) {
        return node.input(0).shape().axes(node.integers(1)).stream().mapToLong(Integer::longValue).sorted().toArray();
    }

    private static Value position(NodeContext node, StandardOp op) {
        Value x = node.input(0);
        Attributes attributes = Attributes.of("axis", x.shape().axis(node.integer(1))).with("keepdims", 0);
        OnnxType wanted = node.hasAttribute("output_type") ? node.type("output_type") : OnnxType.INT64;
        return node.builder().cast(node.builder().apply(op, attributes, x), wanted);
    }

    private static Value alongLastAxis(NodeContext node, StandardOp op) {
        return node.builder().apply(op, Attributes.of("axis", -1), node.input(0));
    }

    private static Value cumulativeSum(NodeContext node) {
        GraphBuilder b = node.builder();
        Attributes attributes = Attributes.of("exclusive", node.flag("exclusive") ? 1 : 0)
                .with("reverse", node.flag("reverse") ? 1 : 0);
        return b.apply(StandardOp.CUM_SUM, attributes, node.input(0),
                b.constant(TensorData.scalar(OnnxType.INT64, node.integer(1))));
    }
}
