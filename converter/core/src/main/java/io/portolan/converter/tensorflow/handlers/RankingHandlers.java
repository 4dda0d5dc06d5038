package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Ops that rank elements. */
final class RankingHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("ArgMax", NUMERIC).reads("output_type").real(node -> position(node, StandardOp.ARG_MAX)),
            op("ArgMin", NUMERIC).reads("output_type").real(node -> position(node, StandardOp.ARG_MIN)),
            op("TopKV2", NUMERIC).reads("index_type").as(RankingHandlers::topK),
            op("NthElement", NUMERIC).reads("reverse").real(RankingHandlers::nth),
            op("InTopK", INTEGERS)
                    .reads("k")
                    .real(node -> inTopK(
                            node, node.builder().constant(TensorData.scalar(OnnxType.INT64, node.integer("k", 0))))),
            op("InTopKV2", INTEGERS).real(node -> inTopK(node, node.builder().cast(node.input(2), OnnxType.INT64))),
            op("LowerBound", NUMBERS).reads("out_type").real(node -> bound(node, StandardOp.LESS)),
            op("UpperBound", NUMBERS).reads("out_type").real(node -> bound(node, StandardOp.LESS_OR_EQUAL)),
            op("Bucketize", NUMBERS).reads("boundaries").real(RankingHandlers::bucketize));

    private RankingHandlers() {}

    private static Value position(NodeContext node, StandardOp op) {
        Value x = node.input(0);
        Attributes attributes =
                Attributes.of("axis", x.shape().axis(node.integer(1))).with("keepdims", 0);
        OnnxType wanted = node.hasAttribute("output_type") ? node.type("output_type") : OnnxType.INT64;
        return node.builder().cast(node.builder().apply(op, attributes, x), wanted);
    }

    /** Sorted even if not requested, so that every runtime gives the same result. */
    private static List<TranslatedTensor> topK(NodeContext node) {
        GraphBuilder b = node.builder();
        Value count = b.cast(b.reshape(node.input(1), 1), OnnxType.INT64);
        List<Value> found = b.node(StandardOp.TOP_K, Attributes.of("axis", -1), node.input(0), count);
        OnnxType indexType = node.hasAttribute("index_type") ? node.type("index_type") : OnnxType.INT32;
        return List.of(new RealValue(found.get(0)), new RealValue(b.cast(found.get(1), indexType)));
    }

    /** The element that has n smaller ones in its row, or n larger ones in reverse. */
    private static Value nth(NodeContext node) {
        GraphBuilder b = node.builder();
        Value count = b.add(b.reshape(b.cast(node.input(1), OnnxType.INT64), 1), b.longs(1));
        Attributes order = Attributes.of("axis", -1).with("largest", node.flag("reverse") ? 1 : 0);
        Value found = b.node(StandardOp.TOP_K, order, node.input(0), count).get(0);
        Value last = b.constant(TensorData.scalar(OnnxType.INT64, -1));
        return b.apply(StandardOp.GATHER, Attributes.of("axis", found.rank() - 1), found, last);
    }

    /** Whether fewer than k predictions of a row are above that of the target; not for targets out of range or not finite. */
    private static Value inTopK(NodeContext node, Value k) {
        GraphBuilder b = node.builder();
        Value predictions = node.input(0);
        Value targets = b.cast(node.input(1), OnnxType.INT64);
        Value classes = Shapes.size(b, predictions, 1);
        Value zero = b.like(targets, 0);
        Value last = b.sub(classes, b.longs(1));
        Value inside = b.apply(
                StandardOp.AND,
                b.apply(StandardOp.GREATER_OR_EQUAL, targets, zero),
                b.apply(StandardOp.LESS, targets, classes));
        Value safe = b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, targets, zero), last);
        Value target = b.apply(StandardOp.GATHER_ELEMENTS, Attributes.of("axis", 1), predictions, b.unsqueeze(safe, 1));
        Value above = b.cast(b.apply(StandardOp.GREATER, predictions, target), OnnxType.INT64);
        Value isAmong = b.apply(StandardOp.LESS, b.reduce(StandardOp.REDUCE_SUM, above, false, 1), k);
        return b.apply(StandardOp.AND, inside, isAmong);
    }

    /** The number of elements of a sorted row that come before each value. */
    private static Value bound(NodeContext node, StandardOp before) {
        GraphBuilder b = node.builder();
        Value come = b.apply(before, b.unsqueeze(node.input(0), 1), b.unsqueeze(node.input(1), 2));
        Value count = b.reduce(StandardOp.REDUCE_SUM, b.cast(come, OnnxType.INT64), false, 2);
        return b.cast(count, node.hasAttribute("out_type") ? node.type("out_type") : OnnxType.INT32);
    }

    /** The number of boundaries at or below each element. */
    private static Value bucketize(NodeContext node) {
        GraphBuilder b = node.builder();
        double[] boundaries = node.reals("boundaries").stream()
                .mapToDouble(Float::doubleValue)
                .toArray();
        OnnxType type =
                node.input(0).element() == OnnxType.DOUBLE || node.input(0).element() == OnnxType.INT64
                        ? OnnxType.DOUBLE
                        : OnnxType.FLOAT;
        Value x = b.unsqueeze(b.cast(node.input(0), type), node.input(0).rank());
        Value reached = b.apply(
                StandardOp.GREATER_OR_EQUAL, x, b.constant(TensorData.ofDoubles(type, boundaries, boundaries.length)));
        return b.cast(
                b.reduce(StandardOp.REDUCE_SUM, b.cast(reached, OnnxType.INT64), false, x.rank() - 1), OnnxType.INT32);
    }
}
