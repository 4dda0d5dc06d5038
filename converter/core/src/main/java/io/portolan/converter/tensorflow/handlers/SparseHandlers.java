package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.REAL;
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
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;

/**
 * Ops on sparse tensors, which are three: the indices (count, rank) of the elements that are present, the elements, and the sizes. An
 * element's place is its index in the tensor as a vector.
 */
final class SparseHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("SparseTensorDenseMatMul", FLOATS.and(ElementTypes.of(DataType.DT_INT32)))
                    .since(16)
                    .reads("adjoint_a", "adjoint_b")
                    .real(SparseHandlers::matMul),
            op("SparseTensorDenseAdd", NUMBERS)
                    .since(16)
                    .real(node -> node.builder()
                            .apply(
                                    StandardOp.SCATTER_ND,
                                    Attributes.of("reduction", "add"),
                                    node.input(3),
                                    node.builder().cast(node.input(0), OnnxType.INT64),
                                    node.input(1))),
            op("SparseReduceSum", NUMBERS)
                    .since(16)
                    .reads("keep_dims")
                    .limitedTo("constant axes")
                    .real(SparseHandlers::sum),
            op("SparseReshape", ElementTypes.of(DataType.DT_INT64)).untyped().as(SparseHandlers::reshape),
            op("SparseReorder", REAL).as(SparseHandlers::reorder),
            op("SparseFillEmptyRows", REAL).since(16).as(SparseHandlers::fillEmptyRows));

    private SparseHandlers() {}

    /** Each element multiplies one row of the dense matrix and adds it to one row of the product. */
    private static Value matMul(NodeContext node) {
        GraphBuilder b = node.builder();
        List<Value> axes = b.split(node.input(0), 1, List.of(1L, 1L));
        int row = node.flag("adjoint_a") ? 1 : 0;
        Value dense = node.flag("adjoint_b") ? b.transposeMatrix(node.input(3)) : node.input(3);
        Value picked = b.apply(StandardOp.GATHER, dense, b.squeeze(axes.get(1 - row), 1));
        Value products = b.mul(picked, b.unsqueeze(node.input(1), 1));
        Value shape = b.concat(0, FillHandlers.element(b, node.input(2), row), Shapes.size(b, dense, 1));
        return scatterSum(b, b.cast(axes.get(row), OnnxType.INT64), products, shape);
    }

    private static Value scatterSum(GraphBuilder b, Value indices, Value values, Value shape) {
        Value zeros = b.expand(b.like(values, 0), shape);
        return b.apply(StandardOp.SCATTER_ND, Attributes.of("reduction", "add"), zeros, indices, values);
    }

    private static Value sum(NodeContext node) {
        GraphBuilder b = node.builder();
        Value dense = scatterSum(b, node.input(0), node.input(1), node.input(2));
        long[] axes = node.integers(3).stream().mapToLong(Long::longValue).toArray();
        return b.reduce(StandardOp.REDUCE_SUM, dense, node.flag("keep_dims"), axes);
    }

    /** The product of the sizes behind each axis. */
    private static Value strides(GraphBuilder b, Value sizes) {
        long rank = Shapes.known(sizes, 0);
        Value[] strides = new Value[(int) rank];
        Value behind = b.longs(1);
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = behind;
            behind = b.mul(behind, FillHandlers.element(b, sizes, axis));
        }
        return b.concat(0, strides);
    }

    private static Value places(GraphBuilder b, Value indices, Value sizes) {
        return b.reduce(StandardOp.REDUCE_SUM, b.mul(indices, strides(b, sizes)), false, 1);
    }

    /** The same places in a tensor of other sizes, of which one may be -1. */
    private static List<TranslatedTensor> reshape(NodeContext node) {
        GraphBuilder b = node.builder();
        Value wanted = node.input(2);
        Value total = b.reduce(StandardOp.REDUCE_PROD, node.input(1), true, 0);
        Value isOpen = b.apply(StandardOp.LESS, wanted, b.like(wanted, 0));
        Value known = b.reduce(StandardOp.REDUCE_PROD, b.where(isOpen, b.like(wanted, 1), wanted), true, 0);
        Value rest = b.div(total, b.apply(StandardOp.MAX, known, b.like(known, 1)));
        Value sizes = b.where(isOpen, rest, wanted);
        Value places = b.unsqueeze(places(b, node.input(0), node.input(1)), 1);
        Value indices = b.apply(StandardOp.MOD, b.div(places, strides(b, sizes)), sizes);
        return List.of(new RealValue(indices), new RealValue(sizes));
    }

    private static List<TranslatedTensor> reorder(NodeContext node) {
        GraphBuilder b = node.builder();
        Value order = sorted(b, places(b, node.input(0), node.input(2)));
        return List.of(
                new RealValue(b.apply(StandardOp.GATHER, node.input(0), order)),
                new RealValue(b.apply(StandardOp.GATHER, node.input(1), order)));
    }

    /** The indices that put distinct numbers in ascending order. */
    private static Value sorted(GraphBuilder b, Value numbers) {
        Attributes ascending = Attributes.of("axis", 0).with("largest", 0);
        return b.node(StandardOp.TOP_K, ascending, numbers, Shapes.size(b, numbers, 0))
                .get(1);
    }

    /** Adds one element at the start of each row that has none; then which rows these are, and where the elements have gone. */
    private static List<TranslatedTensor> fillEmptyRows(NodeContext node) {
        GraphBuilder b = node.builder();
        Value indices = node.input(0);
        Value rows = FillHandlers.element(b, node.input(2), 0);
        Value row = b.slice(indices, List.of(1L), List.of(new SliceRange(0, 1, 1)));
        Value counts = scatterSum(b, row, Shapes.filledLike(b, b.squeeze(row, 1), 1), rows);
        Value isEmpty = b.apply(StandardOp.EQUAL, counts, b.like(counts, 0));
        Value empty = b.transpose(b.apply(StandardOp.NON_ZERO, isEmpty), 1, 0);
        long others = Shapes.known(indices, 1) - 1;
        Value added = others == 0
                ? empty
                : b.concat(1, empty, b.expand(b.longs(0), b.concat(0, Shapes.size(b, empty, 0), b.longs(others))));
        Value all = b.concat(0, indices, added);
        Value values = b.concat(0, node.input(1), b.expand(node.input(3), Shapes.size(b, empty, 0)));
        Value count = Shapes.size(b, all, 0);
        Value allRows = b.concat(0, b.squeeze(row, 1), b.squeeze(empty, 1));
        Value order = sorted(b, b.add(b.mul(allRows, count), FillHandlers.positions(b, count)));
        Value back = b.apply(
                StandardOp.SCATTER_ELEMENTS, Attributes.of("axis", 0), order, order, FillHandlers.positions(b, count));
        Value moved = b.apply(StandardOp.GATHER, back, FillHandlers.positions(b, Shapes.size(b, indices, 0)));
        return Stream.of(
                        b.apply(StandardOp.GATHER, all, order),
                        b.apply(StandardOp.GATHER, values, order),
                        isEmpty,
                        moved)
                .<TranslatedTensor>map(RealValue::new)
                .toList();
    }
}
