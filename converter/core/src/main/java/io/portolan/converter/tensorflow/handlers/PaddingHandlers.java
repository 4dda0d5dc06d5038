package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.ElementTypes.NARROW;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.List;

/** Ops that pad tensors. */
final class PaddingHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Pad", ANY.and(NARROW)).partwise(node -> pad(node, node.builder().like(node.input(0), 0))),
            op("PadV2", ANY.and(NARROW)).partwise(node -> pad(node, node.input(2))),
            op("MirrorPad", ANY.and(NARROW)).reads("mode").partwise(PaddingHandlers::mirror));

    private PaddingHandlers() {}

    private static Value pad(NodeContext node, Value fill) {
        return padded(node.builder(), node.input(0), node.input(1), fill);
    }

    /** TensorFlow has pairs (before, after) for each axis; ONNX has all pads before, then all pads after. */
    static Value padded(GraphBuilder b, Value x, Value pairs, Value fill) {
        return b.pad(x, b.reshape(b.transpose(b.cast(pairs, OnnxType.INT64), 1, 0), -1), fill);
    }

    /** SYMMETRIC starts the mirror image with the edge element, REFLECT with the one next to it. */
    private static Value mirror(NodeContext node) {
        GraphBuilder b = node.builder();
        long skipped = node.text("mode", "").equals("REFLECT") ? 1 : 0;
        Value pairs = b.reshape(b.cast(node.input(1), OnnxType.INT64), -1);
        Value x = node.input(0);
        for (int axis = 0; axis < x.rank(); axis++) {
            Value before = FillHandlers.element(b, pairs, 2L * axis);
            Value behind = FillHandlers.element(b, pairs, 2L * axis + 1);
            x = before.isConstant() && behind.isConstant()
                    ? mirror(b, x, axis, skipped, only(before), only(behind))
                    : gathered(b, x, axis, skipped, before, behind);
        }
        return x;
    }

    private static long only(Value vector) {
        return vector.data().orElseThrow().longAt(0);
    }

    /** Gathers the elements of an axis and its mirror images, whose sizes are known only at run time. */
    private static Value gathered(GraphBuilder b, Value x, int axis, long skipped, Value before, Value behind) {
        Value size = Shapes.size(b, x, axis);
        Value positions = b.apply(
                StandardOp.RANGE,
                b.neg(b.squeeze(before, 0)),
                b.squeeze(b.add(size, behind), 0),
                b.constant(TensorData.scalar(OnnxType.INT64, 1)));
        // Position -1 is element 0 or 1, and so on; after the last element it goes back in the same way.
        Value inward = b.apply(StandardOp.MAX, positions, b.sub(b.longs(skipped - 1), positions));
        Value last = b.sub(b.add(size, size), b.longs(1 + skipped));
        Value origins = b.apply(StandardOp.MIN, inward, b.sub(last, inward));
        return b.apply(StandardOp.GATHER, Attributes.of("axis", axis), x, origins);
    }

    private static Value mirror(GraphBuilder b, Value x, int axis, long skipped, long before, long behind) {
        List<Value> parts = new ArrayList<>();
        if (before > 0) {
            long end = skipped == 0 ? SliceRange.TO_START : 0;
            parts.add(part(b, x, axis, new SliceRange(before - 1 + skipped, end, -1)));
        }
        parts.add(x);
        if (behind > 0) {
            parts.add(part(b, x, axis, new SliceRange(-1 - skipped, -1 - skipped - behind, -1)));
        }
        return b.concat(axis, parts.toArray(Value[]::new));
    }

    private static Value part(GraphBuilder b, Value x, long axis, SliceRange range) {
        return b.slice(x, List.of(axis), List.of(range));
    }
}
