package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ALL;
import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.ElementTypes.NARROW;
import static io.portolan.converter.tensorflow.ElementTypes.TEXTS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Ops that concatenate, repeat or split tensors. */
final class JoiningHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Concat", ALL).partwise(node -> concat(node, 1, node.inputCount(), 0)),
            op("ConcatV2", ALL).partwise(node -> concat(node, 0, node.inputCount() - 1, node.inputCount() - 1)),
            op("Pack", ALL).reads("axis").partwise(JoiningHandlers::pack),
            op("Unpack", ALL).reads("axis", "num").as(OpHandler.partwise(JoiningHandlers::unpack)),
            op("Split", ALL).reads("num_split").as(OpHandler.partwise(JoiningHandlers::split)),
            op("SplitV", ALL).as(OpHandler.partwise(JoiningHandlers::splitV)),
            op("Tile", ANY.and(NARROW).and(TEXTS)).partwise(JoiningHandlers::tile));

    private JoiningHandlers() {}

    private static Value concat(NodeContext node, int from, int to, int axisInput) {
        Value[] parts = node.inputs(from, to).toArray(Value[]::new);
        return node.builder().concat(parts[0].shape().axis(node.integer(axisInput)), parts);
    }

    private static Value pack(NodeContext node) {
        GraphBuilder b = node.builder();
        long axis = TensorShape.unknown(node.input(0).rank() + 1).axis(node.integer("axis", 0));
        return b.concat(
                (int) axis,
                node.inputs(0, node.inputCount()).stream()
                        .map(part -> b.unsqueeze(part, axis))
                        .toArray(Value[]::new));
    }

    private static List<Value> unpack(NodeContext node) {
        Value x = node.input(0);
        int axis = x.shape().axis(node.integer("axis", 0));
        int count = (int) node.integer("num", 0);
        return node.builder().split(x, axis, Collections.nCopies(count, 1L)).stream()
                .map(part -> node.builder().squeeze(part, axis))
                .toList();
    }

    private static List<Value> split(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(1);
        int axis = x.shape().axis(node.integer(0));
        int parts = (int) node.integer("num_split", 1);
        if (parts == 1) {
            return List.of(x);
        }
        Dim size = x.shape().dim(axis);
        if (size.isKnown() && !size.dividedBy(Dim.of(parts)).isKnown()) {
            throw new IllegalArgumentException("expected axis " + axis + " of " + x + " to be a multiple of " + parts);
        }
        return size.isKnown()
                ? b.split(x, axis, Collections.nCopies(parts, size.coefficient() / parts))
                : split(b, x, axis, Collections.nCopies(parts, b.div(Shapes.size(b, x, axis), b.longs(parts))));
    }

    /** A size of -1 stands for the rest of the axis. */
    private static List<Value> splitV(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        int axis = x.shape().axis(node.integer(2));
        Value sizes = b.cast(node.input(1), OnnxType.INT64);
        if (!sizes.isNeverNegative()) {
            // The sum includes the -1 itself, hence the correction by 1.
            Value others = b.add(b.reduce(StandardOp.REDUCE_SUM, sizes, true, 0), b.longs(1));
            Value isRest = b.apply(StandardOp.LESS, sizes, b.longs(0));
            sizes = b.where(isRest, b.sub(Shapes.size(b, x, axis), others), sizes);
        }
        if (sizes.isConstant()) {
            return b.split(x, axis, sizes.data().orElseThrow().longList());
        }
        List<Value> parts = new ArrayList<>();
        for (long part = 0; part < Shapes.known(sizes, 0); part++) {
            parts.add(FillHandlers.element(b, sizes, part));
        }
        return split(b, x, axis, parts);
    }

    /** Splits into parts whose sizes are known only at run time, each a vector of one. */
    private static List<Value> split(GraphBuilder b, Value x, int axis, List<Value> sizes) {
        List<Value> parts = new ArrayList<>();
        Value start = b.longs(0);
        for (Value size : sizes) {
            Value end = b.add(start, size);
            parts.add(AxisRange.slice(b, x, List.of(new AxisRange(axis, start, end, 1))));
            start = end;
        }
        return parts;
    }

    private static Value tile(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.apply(StandardOp.TILE, node.input(0), b.cast(node.input(1), OnnxType.INT64));
    }
}
