package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.List;

/** Ops that pad tensors. */
final class PaddingHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Pad", ANY).partwise(node -> pad(node, node.builder().like(node.input(0), 0))),
            op("PadV2", ANY).partwise(node -> pad(node, node.input(2))),
            op("MirrorPad", ANY).reads("mode").partwise(PaddingHandlers::mirror));

    private PaddingHandlers() {}

    /** TensorFlow has pairs (before, after) for each axis; ONNX has all pads before, then all pads after. */
    private static Value pad(NodeContext node, Value fill) {
        GraphBuilder b = node.builder();
        Value pairs = node.input(1);
        if (!pairs.isConstant()) {
            Value pads = b.reshape(b.transpose(b.cast(pairs, OnnxType.INT64), 1, 0), -1);
            return b.apply(StandardOp.PAD, node.input(0), pads, fill);
        }
        return b.pad(
                node.input(0), allBeforeThenAllBehind(pairs.data().orElseThrow().longs()), fill);
    }

    private static List<Long> allBeforeThenAllBehind(long[] pairs) {
        List<Long> pads = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            for (int axis = 0; axis < pairs.length / 2; axis++) {
                pads.add(pairs[2 * axis + side]);
            }
        }
        return pads;
    }

    /** SYMMETRIC starts the mirror image with the edge element, REFLECT with the one next to it. */
    private static Value mirror(NodeContext node) {
        String mode = node.text("mode", "");
        long skipped = mode.equals("REFLECT") ? 1 : 0;
        long[] pairs = node.constant(1).longs();
        Value x = node.input(0);
        for (int axis = 0; axis < x.rank(); axis++) {
            x = mirror(node.builder(), x, axis, skipped, pairs[2 * axis], pairs[2 * axis + 1]);
        }
        return x;
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
