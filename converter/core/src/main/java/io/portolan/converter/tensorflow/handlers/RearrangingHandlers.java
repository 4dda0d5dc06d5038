package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.MOVED;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
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
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Ops that rearrange elements: along axes, and between space, channels and batch. */
final class RearrangingHandlers {
    private static final String[] BLOCKS = {"block_size", "data_format"};

    static final List<OpDefinition> OPS = List.of(
            op("Roll", MOVED).limitedTo("constant axes").partwise(RearrangingHandlers::roll),
            op("ReverseSequence", MOVED).reads("seq_dim", "batch_dim").partwise(RearrangingHandlers::reverseSequence),
            op("SpaceToDepth", MOVED).reads(BLOCKS).partwise(RearrangingHandlers::spaceToDepth),
            op("DepthToSpace", MOVED).reads(BLOCKS).partwise(RearrangingHandlers::depthToSpace),
            op("SpaceToBatchND", NUMERIC).real(node -> spaceToBatch(node, node.integers(1), node.input(2))),
            op("BatchToSpaceND", NUMERIC).real(node -> batchToSpace(node, node.integers(1), node.input(2))),
            op("SpaceToBatch", NUMERIC)
                    .reads("block_size")
                    .real(node -> spaceToBatch(node, square(node), node.input(1))),
            op("BatchToSpace", NUMERIC)
                    .reads("block_size")
                    .real(node -> batchToSpace(node, square(node), node.input(1))));

    private RearrangingHandlers() {}

    /** Shifts and axes are scalars or vectors of one length; shifts along the same axis add up. */
    private static Value roll(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        List<Long> axes = node.integers(2);
        Value shifts = b.reshape(b.cast(node.input(1), OnnxType.INT64), -1);
        for (int i = 0; i < axes.size(); i++) {
            x = roll(b, x, x.shape().axis(axes.get(i)), FillHandlers.element(b, shifts, i));
        }
        return x;
    }

    /** Moves the elements behind a position, which may be known only at run time, before the others. */
    private static Value roll(GraphBuilder b, Value x, int axis, Value shift) {
        Value size = Shapes.size(b, x, axis);
        if (size.isConstant() && shift.isConstant()) {
            long known = Shapes.known(x, axis);
            long start = Math.floorMod(-shift.data().orElseThrow().longAt(0), Math.max(1, known));
            return start == 0
                    ? x
                    : b.concat(
                            axis,
                            part(b, x, axis, new SliceRange(start, SliceRange.TO_END, 1)),
                            part(b, x, axis, new SliceRange(0, start, 1)));
        }
        // The remainder of a division by 0, of an axis without elements, is not defined.
        Value origins = b.apply(
                StandardOp.MOD,
                b.sub(FillHandlers.positions(b, size), shift),
                b.apply(StandardOp.MAX, size, b.longs(1)));
        return b.apply(StandardOp.GATHER, Attributes.of("axis", axis), x, origins);
    }

    private static Value part(GraphBuilder b, Value x, long axis, SliceRange range) {
        return b.slice(x, List.of(axis), List.of(range));
    }

    /** ONNX requires time and batch as the first two axes. */
    private static Value reverseSequence(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        long time = x.shape().axis(node.integer("seq_dim", 0));
        long batch = x.shape().axis(node.integer("batch_dim", 0));
        long[] order = LongStream.concat(
                        LongStream.of(batch, time),
                        LongStream.range(0, x.rank()).filter(axis -> axis != batch && axis != time))
                .toArray();
        Value reversed = b.apply(
                StandardOp.REVERSE_SEQUENCE,
                Attributes.of("batch_axis", 0).with("time_axis", 1),
                b.transpose(x, order),
                b.cast(node.input(1), OnnxType.INT64));
        return b.transpose(reversed, inverse(order));
    }

    private static long[] inverse(long[] order) {
        long[] inverse = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[(int) order[i]] = i;
        }
        return inverse;
    }

    private static Value spaceToDepth(NodeContext node) {
        GraphBuilder b = node.builder();
        long block = node.integer("block_size", 1);
        Value x = node.input(0);
        if (isChannelsFirst(node)) {
            Value cells = reshaped(
                    b,
                    x,
                    size(b, x, 0),
                    size(b, x, 1),
                    part(b, x, 2, block),
                    b.longs(block),
                    part(b, x, 3, block),
                    b.longs(block));
            return reshaped(
                    b,
                    b.transpose(cells, 0, 3, 5, 1, 2, 4),
                    size(b, x, 0),
                    b.mul(size(b, x, 1), b.longs(block * block)),
                    part(b, x, 2, block),
                    part(b, x, 3, block));
        }
        Value cells = reshaped(
                b,
                x,
                size(b, x, 0),
                part(b, x, 1, block),
                b.longs(block),
                part(b, x, 2, block),
                b.longs(block),
                size(b, x, 3));
        return reshaped(
                b,
                b.transpose(cells, 0, 1, 3, 2, 4, 5),
                size(b, x, 0),
                part(b, x, 1, block),
                part(b, x, 2, block),
                b.mul(size(b, x, 3), b.longs(block * block)));
    }

    private static Value depthToSpace(NodeContext node) {
        GraphBuilder b = node.builder();
        long block = node.integer("block_size", 1);
        Value x = node.input(0);
        if (isChannelsFirst(node)) {
            Value cells = reshaped(
                    b,
                    x,
                    size(b, x, 0),
                    b.longs(block, block),
                    part(b, x, 1, block * block),
                    size(b, x, 2),
                    size(b, x, 3));
            return reshaped(
                    b,
                    b.transpose(cells, 0, 3, 4, 1, 5, 2),
                    size(b, x, 0),
                    part(b, x, 1, block * block),
                    times(b, x, 2, block),
                    times(b, x, 3, block));
        }
        Value cells = reshaped(
                b, x, size(b, x, 0), size(b, x, 1), size(b, x, 2), b.longs(block, block), part(b, x, 3, block * block));
        return reshaped(
                b,
                b.transpose(cells, 0, 1, 3, 2, 4, 5),
                size(b, x, 0),
                times(b, x, 1, block),
                times(b, x, 2, block),
                part(b, x, 3, block * block));
    }

    private static boolean isChannelsFirst(NodeContext node) {
        String format = node.text("data_format", "NHWC");
        if (!format.equals("NHWC") && !format.equals("NCHW")) {
            throw new IllegalArgumentException("expected data_format NHWC or NCHW, got " + format);
        }
        return format.equals("NCHW");
    }

    private static Value reshaped(GraphBuilder b, Value x, Value... sizes) {
        return Shapes.reshape(b, x, List.of(sizes));
    }

    private static Value size(GraphBuilder b, Value x, int axis) {
        return Shapes.size(b, x, axis);
    }

    private static Value times(GraphBuilder b, Value x, int axis, long factor) {
        return b.mul(size(b, x, axis), b.longs(factor));
    }

    private static Value part(GraphBuilder b, Value x, int axis, long divisor) {
        return b.div(size(b, x, axis), b.longs(divisor));
    }

    private static List<Long> square(NodeContext node) {
        return Collections.nCopies(2, node.integer("block_size", 1));
    }

    /** Splits the axes after the batch into blocks; the positions in a block become the outer part of the batch. */
    private static Value spaceToBatch(NodeContext node, List<Long> block, Value paddings) {
        GraphBuilder b = node.builder();
        Value x = padded(b, node.input(0), paddings);
        int axes = block.size();
        List<Value> cells = new ArrayList<>(List.of(size(b, x, 0)));
        List<Value> result = new ArrayList<>(List.of(times(b, x, 0, product(block))));
        for (int i = 0; i < axes; i++) {
            cells.add(part(b, x, i + 1, block.get(i)));
            cells.add(b.longs(block.get(i)));
            result.add(part(b, x, i + 1, block.get(i)));
        }
        Value rest = Shapes.sizes(b, x, axes + 1, x.rank());
        cells.add(rest);
        result.add(rest);
        long[] order = LongStream.concat(
                        LongStream.concat(LongStream.range(0, axes).map(i -> 2 * i + 2), LongStream.of(0)),
                        LongStream.concat(
                                LongStream.range(0, axes).map(i -> 2 * i + 1),
                                LongStream.range(2L * axes + 1, x.rank() + axes)))
                .toArray();
        return Shapes.reshape(b, b.transpose(Shapes.reshape(b, x, cells), order), result);
    }

    /** Pads the axes after the batch; pairs (axes, 2) hold the padding before and behind each. */
    private static Value padded(GraphBuilder b, Value x, Value pairs) {
        long axes = Shapes.known(pairs, 0);
        Value others = b.constant(
                TensorData.ofLongs(new long[2 * (x.rank() - (int) axes - 1)]).reshaped(x.rank() - axes - 1, 2));
        Value all =
                b.concat(0, b.constant(TensorData.ofLongs(0, 0).reshaped(1, 2)), b.cast(pairs, OnnxType.INT64), others);
        return PaddingHandlers.padded(b, x, all, b.like(x, 0));
    }

    /** The inverse: the outer part of the batch becomes the positions in blocks, then the margins are cropped. */
    private static Value batchToSpace(NodeContext node, List<Long> block, Value crops) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        int axes = block.size();
        List<Value> cells = new ArrayList<>(
                List.of(b.longs(block), part(b, x, 0, product(block)), Shapes.sizes(b, x, 1, x.rank())));
        List<Value> result = new ArrayList<>(List.of(part(b, x, 0, product(block))));
        List<Long> order = new ArrayList<>(List.of((long) axes));
        Value margins = b.reshape(b.cast(crops, OnnxType.INT64), -1);
        List<AxisRange> kept = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            Value size = times(b, x, i + 1, block.get(i));
            result.add(size);
            order.add((long) axes + 1 + i);
            order.add((long) i);
            kept.add(kept(
                    b,
                    i + 1,
                    size,
                    FillHandlers.element(b, margins, 2L * i),
                    FillHandlers.element(b, margins, 2L * i + 1)));
        }
        result.add(Shapes.sizes(b, x, axes + 1, x.rank()));
        LongStream.range(2L * axes + 1, x.rank() + axes).forEach(order::add);
        Value space = Shapes.reshape(b, b.transpose(Shapes.reshape(b, x, cells), Shapes.array(order)), result);
        return AxisRange.slice(b, space, kept);
    }

    private static AxisRange kept(GraphBuilder b, long axis, Value size, Value before, Value behind) {
        if (!behind.isConstant()) {
            return new AxisRange(axis, before, b.sub(size, behind), 1);
        }
        long margin = behind.data().orElseThrow().longAt(0);
        return new AxisRange(axis, before, b.longs(margin == 0 ? SliceRange.TO_END : -margin), 1);
    }

    private static long product(List<Long> numbers) {
        return numbers.stream().reduce(1L, Math::multiplyExact);
    }
}
