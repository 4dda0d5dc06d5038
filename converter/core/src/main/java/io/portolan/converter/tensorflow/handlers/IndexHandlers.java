package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ALL;
import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.MOVED;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.REAL;
import static io.portolan.converter.tensorflow.ElementTypes.TEXTS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Ops that gather or scatter elements by index, and ops that find indices. */
final class IndexHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Gather", ALL).typedBy("Tparams").partwise(IndexHandlers::gatherFirst),
            op("GatherV2", ALL).typedBy("Tparams").reads("batch_dims").partwise(IndexHandlers::gather),
            op("GatherNd", ALL)
                    .typedBy("Tparams")
                    .partwise(node -> node.builder().apply(StandardOp.GATHER_ND, node.input(0), indices(node, 1))),
            op("ScatterNd", NUMBERS.and(COMPLEX)).since(16).partwise(IndexHandlers::scatter),
            op("TensorScatterUpdate", MOVED).partwise(node -> scatter(node, "none", node.input(2))),
            op("TensorScatterAdd", NUMBERS.and(COMPLEX))
                    .since(16)
                    .partwise(node -> scatter(node, "add", node.input(2))),
            op("TensorScatterSub", NUMBERS.and(COMPLEX))
                    .since(16)
                    .partwise(node -> scatter(node, "add", node.builder().neg(node.input(2)))),
            op("TensorScatterMax", NUMBERS).since(18).real(node -> scatter(node, "max", node.input(2))),
            op("TensorScatterMin", NUMBERS).since(18).real(node -> scatter(node, "min", node.input(2))),
            op("SparseToDense", REAL).real(IndexHandlers::sparseToDense),
            op("UnravelIndex", INTEGERS).typedBy("Tidx").real(IndexHandlers::unravel),
            op("InvertPermutation", INTEGERS).real(IndexHandlers::invertPermutation),
            op("Where", REAL).real(IndexHandlers::where),
            op("Unique", NUMBERS.and(TEXTS))
                    .reads("out_idx")
                    .as(node -> unique(node).subList(0, 2)),
            op("UniqueWithCounts", NUMBERS.and(TEXTS)).reads("out_idx").as(IndexHandlers::unique),
            op("UniqueV2", NUMBERS)
                    .reads("out_idx")
                    .limitedTo("vectors")
                    .as(node -> unique(node).subList(0, 2)),
            op("UniqueWithCountsV2", NUMBERS)
                    .reads("out_idx")
                    .limitedTo("vectors")
                    .as(IndexHandlers::unique),
            op("ListDiff", NUMBERS).reads("out_idx").as(IndexHandlers::difference),
            op("DynamicPartition", MOVED).reads("num_partitions").as(OpHandler.partwise(IndexHandlers::partitions)),
            op("DynamicStitch", MOVED).limitedTo("indices that differ").partwise(IndexHandlers::stitched),
            op("ParallelDynamicStitch", MOVED).limitedTo("indices that differ").partwise(IndexHandlers::stitched));

    private IndexHandlers() {}

    /** Indices in the element type that ONNX requires. */
    private static Value indices(NodeContext node, int index) {
        return node.builder().cast(node.input(index), OnnxType.INT64);
    }

    /** Of texts, ONNX Runtime's Gather copies only the first of each slice. */
    private static Value gather(GraphBuilder b, Value x, Value indices, int axis) {
        if (x.element() != OnnxType.STRING || axis == x.rank() - 1) {
            return b.apply(StandardOp.GATHER, Attributes.of("axis", axis), x, indices);
        }
        if (axis > 0) {
            throw new IllegalArgumentException(
                    "expected texts to be gathered along their first or last axis, got axis " + axis + " of " + x);
        }
        return b.apply(StandardOp.GATHER_ND, x, b.unsqueeze(b.cast(indices, OnnxType.INT64), indices.rank()));
    }

    private static Value gatherFirst(NodeContext node) {
        return gather(node.builder(), node.input(0), node.input(1), 0);
    }

    private static Value gather(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value indices = node.input(1);
        int axis = x.shape().axis(node.integer(2));
        long given = node.integer("batch_dims", 0);
        long batchDims = given < 0 ? given + indices.rank() : given;
        if (batchDims == 0) {
            return gather(b, x, indices, axis);
        }
        // GatherND shares the leading axes and takes the coordinate of the next one; the axes between go behind it and
        // come back.
        Value coordinates = b.unsqueeze(b.cast(indices, OnnxType.INT64), indices.rank());
        Value gathered = b.apply(
                StandardOp.GATHER_ND,
                Attributes.of("batch_dims", batchDims),
                exchanged(b, x, batchDims, axis, axis + 1L),
                coordinates);
        return exchanged(b, gathered, batchDims, indices.rank(), indices.rank() + axis - batchDims);
    }

    /** Exchanges the axes of two ranges, the second of which follows the first. */
    private static Value exchanged(GraphBuilder b, Value x, long first, long second, long end) {
        if (first == second || second == end) {
            return x;
        }
        return b.transpose(
                x,
                Stream.of(
                                LongStream.range(0, first),
                                LongStream.range(second, end),
                                LongStream.range(first, second),
                                LongStream.range(end, x.rank()))
                        .flatMapToLong(axes -> axes)
                        .toArray());
    }

    /** Updates at the same index are added. */
    private static Value scatter(NodeContext node) {
        GraphBuilder b = node.builder();
        Value zeros = b.expand(b.like(node.input(1), 0), node.input(2));
        return b.apply(
                StandardOp.SCATTER_ND, Attributes.of("reduction", "add"), zeros, indices(node, 0), node.input(1));
    }

    private static Value scatter(NodeContext node, String reduction, Value updates) {
        Attributes attributes = reduction.equals("none") ? Attributes.NONE : Attributes.of("reduction", reduction);
        return node.builder().apply(StandardOp.SCATTER_ND, attributes, node.input(0), indices(node, 1), updates);
    }

    /** Indices are a scalar, a vector, or rows of coordinates; a scalar value is broadcast. */
    private static Value sparseToDense(NodeContext node) {
        GraphBuilder b = node.builder();
        Value indices = indices(node, 0);
        Value rows = indices.rank() == 2 ? indices : b.reshape(indices, -1, 1);
        Value values = b.expand(node.input(2), Shapes.size(b, rows, 0));
        return b.apply(StandardOp.SCATTER_ND, b.expand(node.input(3), node.input(1)), rows, values);
    }

    /** The coordinates of elements from their flat indices, one row per axis. */
    private static Value unravel(NodeContext node) {
        GraphBuilder b = node.builder();
        Value rest = node.input(0);
        Value sizes = node.input(1);
        List<Value> coordinates = new ArrayList<>();
        for (long axis = Shapes.known(sizes, 0) - 1; axis >= 0; axis--) {
            Value size = b.squeeze(FillHandlers.element(b, sizes, axis), 0);
            coordinates.add(0, b.unsqueeze(b.apply(StandardOp.MOD, rest, size), 0));
            rest = b.div(rest, size);
        }
        return b.concat(0, coordinates.toArray(Value[]::new));
    }

    /** The inverse permutation: scatters each index to the position given by its element. */
    private static Value invertPermutation(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value positions = b.cast(FillHandlers.positions(b, Shapes.size(b, x, 0)), x.element());
        return b.apply(StandardOp.SCATTER_ELEMENTS, Attributes.of("axis", 0), x, x, positions);
    }

    private static Value where(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.transpose(b.apply(StandardOp.NON_ZERO, b.cast(node.input(0), OnnxType.BOOL)), 1, 0);
    }

    /** The unique elements in the order of their first occurrence. */
    private static List<TranslatedTensor> unique(NodeContext node) {
        GraphBuilder b = node.builder();
        OnnxType type = node.hasAttribute("out_idx") ? node.type("out_idx") : OnnxType.INT32;
        List<Value> found = b.node(StandardOp.UNIQUE, Attributes.of("sorted", 0), node.input(0));
        return List.of(
                new RealValue(found.get(0)),
                new RealValue(b.cast(found.get(2), type)),
                new RealValue(b.cast(found.get(3), type)));
    }

    /** The elements of a vector that another one does not have, and their indices. */
    private static List<TranslatedTensor> difference(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value hits = b.apply(StandardOp.EQUAL, b.unsqueeze(x, 1), b.unsqueeze(node.input(1), 0));
        Value count = b.reduce(StandardOp.REDUCE_SUM, b.cast(hits, OnnxType.INT32), false, 1);
        Value places = b.squeeze(b.apply(StandardOp.NON_ZERO, b.apply(StandardOp.EQUAL, count, b.like(count, 0))), 0);
        OnnxType type = node.hasAttribute("out_idx") ? node.type("out_idx") : OnnxType.INT32;
        return List.of(new RealValue(b.apply(StandardOp.GATHER, x, places)), new RealValue(b.cast(places, type)));
    }

    /** The rows that belong to each number, in their order. */
    private static List<Value> partitions(NodeContext node) {
        GraphBuilder b = node.builder();
        Value owners = node.input(1);
        return LongStream.range(0, node.integer("num_partitions", 1))
                .mapToObj(number -> {
                    Value isOwn = b.apply(StandardOp.EQUAL, owners, b.like(owners, number));
                    Value places = b.transpose(b.apply(StandardOp.NON_ZERO, isOwn), 1, 0);
                    return b.apply(StandardOp.GATHER_ND, node.input(0), places);
                })
                .toList();
    }

    /** Rows of several tensors, each at its index in the result; the first half of the inputs are the indices. */
    private static Value stitched(NodeContext node) {
        GraphBuilder b = node.builder();
        int parts = node.inputCount() / 2;
        Value[] places = new Value[parts];
        Value[] rows = new Value[parts];
        for (int i = 0; i < parts; i++) {
            Value indices = indices(node, i);
            Value data = node.input(parts + i);
            places[i] = b.reshape(indices, -1);
            rows[i] = Shapes.reshape(b, data, List.of(b.longs(-1), Shapes.sizes(b, data, indices.rank(), data.rank())));
        }
        Value index = b.concat(0, places);
        Value count = b.add(b.reduce(StandardOp.REDUCE_MAX, index, true, 0), b.longs(1));
        Value all = b.concat(0, rows);
        Value shape = b.concat(0, count, Shapes.sizes(b, all, 1, all.rank()));
        return b.apply(StandardOp.SCATTER_ND, b.expand(b.like(all, 0), shape), b.unsqueeze(index, 1), all);
    }

    /** The last element of a vector, as a vector. */
    static Value last(GraphBuilder b, Value vector) {
        return b.slice(vector, List.of(0L), List.of(new SliceRange(-1, SliceRange.TO_END, 1)));
    }
}
