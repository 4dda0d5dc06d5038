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
            op("HistogramFixedWidth", NUMBERS).since(16).reads("dtype").real(CountingHandlers::histogram));

    private CountingHandlers() {}

    /** The weight of each element: ones if the input is empty, which stands for that. */
    private static Value weights(NodeContext node) {
        GraphBuilder b = node.builder();
        Value given = node.input(2);
        boolean isNone = given.shape().dims().stream().anyMatch(dim -> dim.is(0));
        return isNone ? b.expand(b.like(given, 1), b.shapeOf(node.input(0))) : given;
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
        Value sums = isBinary
                ? b.apply(StandardOp.SCATTER_ND, zeros, places, Shapes.filledLike(b, weights, 1))
                : b.apply(StandardOp.SCATTER_ND, Attributes.of("reduction", "add"), zeros, places, weights);
        return b.slice(sums, List.of(numbers.rank() - 1L), List.of(new SliceRange(0, -1, 1)));
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
