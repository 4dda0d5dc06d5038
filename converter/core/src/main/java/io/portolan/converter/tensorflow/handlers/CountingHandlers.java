package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Ops that count elements by value. */
final class CountingHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Bincount", NUMBERS)
                    .since(16)
                    .real(node -> counted(
                            node.builder(),
                            node.builder().reshape(node.input(0), -1),
                            node.input(1),
                            node.builder().reshape(weights(node), -1),
                            false)),
            op("DenseBincount", NUMBERS)
                    .since(16)
                    .reads("binary_output")
                    .real(node -> counted(
                            node.builder(), node.input(0), node.input(1), weights(node), node.flag("binary_output"))),
            op("RaggedBincount", NUMBERS).since(16).reads("binary_output").real(CountingHandlers::countedRows),
            op("HistogramFixedWidth", NUMBERS).since(16).reads("dtype").real(CountingHandlers::histogram));

    /** All columns but the last one, in which numbers that are too large are counted. */
    private static final List<SliceRange> BELOW_SIZE = List.of(new SliceRange(0, -1, 1));

    private CountingHandlers() {}

    private static Value weights(NodeContext node) {
        return weights(node, 0);
    }

    /** The weight of each element of an input, the last but one: ones if there are none, which stands for that. */
    private static Value weights(NodeContext node, int elements) {
        GraphBuilder b = node.builder();
        Value given = node.input(elements + 2);
        boolean isNone = given.shape().dims().stream().anyMatch(dim -> dim.is(0));
        return isNone ? b.expand(b.like(given, 1), b.shapeOf(node.input(elements))) : given;
    }

    /** The sums for each row of a ragged matrix: the numbers of each row are counted in a range of columns of its own. */
    private static Value countedRows(NodeContext node) {
        GraphBuilder b = node.builder();
        Value splits = b.cast(node.input(0), OnnxType.INT64);
        Value numbers = b.cast(node.input(1), OnnxType.INT64);
        Value rows = b.sub(Shapes.size(b, splits, 0), b.longs(1));
        Value last = b.reshape(b.cast(node.input(2), OnnxType.INT64), 1);
        Value place = FillHandlers.positions(b, Shapes.size(b, numbers, 0));
        Value isBegun = b.apply(StandardOp.GREATER_OR_EQUAL, b.unsqueeze(place, 1), b.unsqueeze(splits, 0));
        Value begun = b.reduce(StandardOp.REDUCE_SUM, b.cast(isBegun, OnnxType.INT64), false, 1);
        Value row = b.sub(begun, b.longs(1));
        Value column = b.apply(StandardOp.MIN, numbers, last);
        Value places = b.concat(1, b.unsqueeze(row, 1), b.unsqueeze(column, 1));
        Value weights = weights(node, 1);
        Value zeros = b.expand(b.like(weights, 0), b.concat(0, rows, b.add(last, b.longs(1))));
        return b.slice(added(b, zeros, places, weights, node.flag("binary_output")), List.of(1L), BELOW_SIZE);
    }

    /**
     * The sum of the weights for each number below a size; larger numbers do not count.
     *
     * @param numbers a vector, or a matrix whose rows are counted one by one
     * @param isBinary whether 1 stands for any sum
     */
    private static Value counted(GraphBuilder b, Value numbers, Value size, Value weights, boolean isBinary) {
        Value last = b.reshape(b.cast(size, OnnxType.INT64), 1);
        Value columns = b.add(last, b.longs(1));
        Value column = b.apply(StandardOp.MIN, b.cast(numbers, OnnxType.INT64), last);
        boolean isMatrix = numbers.rank() == 2;
        Value shape = isMatrix ? b.concat(0, Shapes.size(b, numbers, 0), columns) : columns;
        Value places = b.unsqueeze(column, column.rank());
        if (isMatrix) {
            Value row = b.unsqueeze(FillHandlers.positions(b, Shapes.size(b, numbers, 0)), 1, 2);
            places = b.concat(2, b.expand(row, b.shapeOf(places)), places);
        }
        Value zeros = b.expand(b.like(weights, 0), shape);
        return b.slice(added(b, zeros, places, weights, isBinary), List.of(numbers.rank() - 1L), BELOW_SIZE);
    }

    private static Value added(GraphBuilder b, Value zeros, Value places, Value weights, boolean isBinary) {
        return isBinary
                ? b.apply(StandardOp.SCATTER_ND, zeros, places, Shapes.filledLike(b, weights, 1))
                : b.apply(StandardOp.SCATTER_ND, Attributes.of("reduction", "add"), zeros, places, weights);
    }

    /** Bins of equal width; what is outside of the range counts for the first or last one. */
    private static Value histogram(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = b.reshape(node.input(0), -1);
        Value low = FillHandlers.element(b, node.input(1), 0);
        Value width = b.sub(FillHandlers.element(b, node.input(1), 1), low);
        Value bins = b.cast(node.input(2), OnnxType.DOUBLE);
        Value step = b.div(b.cast(width, OnnxType.DOUBLE), bins);
        Value distance = b.cast(b.sub(b.apply(StandardOp.MAX, x, low), low), OnnxType.DOUBLE);
        Value place = b.apply(StandardOp.MIN, b.div(distance, step), b.sub(bins, b.like(bins, 1)));
        Value index = b.cast(place, OnnxType.INT64);
        OnnxType type = node.hasAttribute("dtype") ? node.type("dtype") : OnnxType.INT32;
        Value ones = b.cast(Shapes.filledLike(b, index, 1), type);
        return counted(b, index, node.input(2), ones, false);
    }
}
