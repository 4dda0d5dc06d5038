package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ALL;
import static io.portolan.converter.tensorflow.ElementTypes.MOVED;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * Ragged tensors, whose rows differ in length. They are their values, one row after the other, and for each ragged axis a partition, which
 * tells where rows begin and end.
 */
final class RaggedHandlers {
    private static final String SPLITS_TYPE = "Tsplits";

    static final List<OpDefinition> OPS = List.of(
            op("RaggedTensorToTensor", ALL)
                    .reads("row_partition_types")
                    .since(16)
                    .limitedTo("a constant shape")
                    .partwise(RaggedHandlers::dense),
            op("RaggedRange", NUMBERS).reads(SPLITS_TYPE).since(16).as(OpHandler.partwise(RaggedHandlers::range)),
            op("RaggedGather", MOVED)
                    .typedBy("Tvalues")
                    .reads("PARAMS_RAGGED_RANK", SPLITS_TYPE)
                    .since(16)
                    .as(RaggedHandlers::gather));

    /** Where each row of an axis begins, and how long it is: vectors of INT64. */
    private record Rows(Value begins, Value lengths) {}

    private RaggedHandlers() {}

    /** A tensor that is as long as the longest row, or as input 0 says; what no row has is the default value. */
    private static Value dense(NodeContext node) {
        GraphBuilder b = node.builder();
        List<Long> wanted = node.constant(0).shape().length == 0 ? List.of() : node.integers(0);
        List<String> types = node.texts("row_partition_types");
        Value values = node.input(1);
        boolean startsWithCount = types.get(0).equals("FIRST_DIM_SIZE");
        Value count = startsWithCount
                ? b.reshape(b.cast(node.input(3), OnnxType.INT64), 1)
                : b.sub(Shapes.size(b, node.input(3), 0), b.longs(1));
        Value places = rowPlaces(b, count, wanted);
        for (int i = startsWithCount ? 1 : 0, axis = 1; i < types.size(); i++, axis++) {
            Value partition = b.cast(node.input(3 + i), OnnxType.INT64);
            boolean isSplits = types.get(i).equals("ROW_SPLITS");
            Rows rows = isSplits ? ofSplits(b, partition) : ofRowIds(b, partition, count);
            count = isSplits ? last(b, partition) : Shapes.size(b, partition, 0);
            places = placesInRows(b, places, rows, size(wanted, axis), count);
        }
        Value row = b.expand(
                b.cast(node.input(2), values.element()),
                b.concat(0, b.longs(1), Shapes.sizes(b, values, 1, values.rank())));
        return element(b, b.concat(0, values, row), places);
    }

    private static long size(List<Long> wanted, int axis) {
        return axis < wanted.size() ? wanted.get(axis) : -1;
    }

    /** The index of each row; rows that are wanted but not there have the index behind the last. */
    private static Value rowPlaces(GraphBuilder b, Value count, List<Long> wanted) {
        long size = size(wanted, 0);
        Value places = upTo(b, size < 0 ? count : b.longs(size));
        return size < 0 ? places : b.apply(StandardOp.MIN, places, count);
    }

    /**
     * The index of each place in the rows, with one axis more than the rows; places beyond the end of their row have the index behind the last.
     *
     * @param rows the index of each row, or the one behind the last
     * @param size the size of the axis; negative for the longest row
     * @param count the number of all places
     */
    private static Value placesInRows(GraphBuilder b, Value rows, Rows partition, long size, Value count) {
        Value none = b.longs(0);
        Value begins = b.unsqueeze(element(b, b.concat(0, partition.begins(), none), rows), rows.rank());
        Value lengths = b.unsqueeze(element(b, b.concat(0, partition.lengths(), none), rows), rows.rank());
        Value longest = b.apply(
                StandardOp.REDUCE_MAX,
                Attributes.of("keepdims", 1),
                b.concat(0, partition.lengths(), none),
                b.longs(0));
        Value columns = upTo(b, size < 0 ? longest : b.longs(size));
        Value isThere = b.apply(StandardOp.LESS, columns, lengths);
        return b.where(isThere, b.add(begins, columns), count);
    }

    private static Value element(GraphBuilder b, Value rows, Value indices) {
        return b.apply(StandardOp.GATHER, Attributes.of("axis", 0), rows, indices);
    }

    /** 0, 1, 2, ... up to a number, excluded. */
    private static Value upTo(GraphBuilder b, Value number) {
        Value limit = b.squeeze(number, 0);
        return b.apply(StandardOp.RANGE, b.like(limit, 0), limit, b.like(limit, 1));
    }

    private static Rows ofSplits(GraphBuilder b, Value splits) {
        Value begins = b.slice(splits, List.of(0L), List.of(new SliceRange(0, -1, 1)));
        Value ends = b.slice(splits, List.of(0L), List.of(new SliceRange(1, SliceRange.TO_END, 1)));
        return new Rows(begins, b.sub(ends, begins));
    }

    private static Rows ofRowIds(GraphBuilder b, Value rowIds, Value count) {
        Value lengths = SegmentHandlers.counts(b, rowIds, count);
        return new Rows(
                b.apply(StandardOp.CUM_SUM, Attributes.of("exclusive", 1), lengths, b.constant(zero())), lengths);
    }

    private static TensorData zero() {
        return TensorData.scalar(OnnxType.INT64, 0);
    }

    private static Value last(GraphBuilder b, Value vector) {
        return b.reshape(b.slice(vector, List.of(0L), List.of(new SliceRange(-1, SliceRange.TO_END, 1))), 1);
    }

    /** The splits of rows in the type that a node wants. */
    private static Value typed(NodeContext node, Value splits) {
        return node.hasAttribute(SPLITS_TYPE) ? node.builder().cast(splits, node.type(SPLITS_TYPE)) : splits;
    }

    private static Value splits(GraphBuilder b, Value lengths) {
        return b.concat(0, b.longs(0), b.apply(StandardOp.CUM_SUM, lengths, b.constant(zero())));
    }

    /** The row of each place: as many rows as have ended before it. */
    private static Value rowIds(GraphBuilder b, Value splits) {
        Value total = last(b, splits);
        Value ends = b.slice(splits, List.of(0L), List.of(new SliceRange(1, SliceRange.TO_END, 1)));
        Value ended = SegmentHandlers.counts(b, ends, b.add(total, b.longs(1)));
        Value before = b.slice(ended, List.of(0L), List.of(new SliceRange(0, -1, 1)));
        return b.apply(StandardOp.CUM_SUM, before, b.constant(zero()));
    }

    /** The indices of all places of rows, one row after the other, as if rows began elsewhere. */
    private static Value indices(GraphBuilder b, Value begins, Value splits) {
        Value rows = rowIds(b, splits);
        Value columns = b.sub(upTo(b, last(b, splits)), element(b, splits, rows));
        return b.add(element(b, begins, rows), columns);
    }

    /** Arithmetic sequences, one row for each: splits and values. */
    private static List<Value> range(NodeContext node) {
        GraphBuilder b = node.builder();
        OnnxType type = node.input(0).element();
        Value starts = b.reshape(node.input(0), -1);
        Value limits = b.reshape(node.input(1), -1);
        Value deltas = b.reshape(node.input(2), -1);
        Value lengths = b.apply(StandardOp.MAX, length(b, b.sub(limits, starts), deltas), b.longs(0));
        // Any of the three may be a scalar.
        Value splits = splits(b, lengths);
        Value rows = rowIds(b, splits);
        Value columns = b.cast(b.sub(upTo(b, last(b, splits)), element(b, splits, rows)), type);
        Value values = b.add(rowValue(b, starts, lengths, rows), b.mul(columns, rowValue(b, deltas, lengths, rows)));
        return List.of(typed(node, splits), values);
    }

    private static Value rowValue(GraphBuilder b, Value perRow, Value lengths, Value rows) {
        return element(b, b.expand(perRow, b.shapeOf(lengths)), rows);
    }

    /** The number of steps: the quotient, rounded up. */
    private static Value length(GraphBuilder b, Value span, Value delta) {
        OnnxType type = span.element();
        if (!type.isInteger()) {
            return b.cast(b.apply(StandardOp.CEIL, b.div(span, delta)), OnnxType.INT64);
        }
        // ONNX divides towards zero: a remainder means one step more, if span and delta have the same sign.
        Value quotient = b.div(span, delta);
        Value rest = b.sub(span, b.mul(quotient, delta));
        Value isMore = b.apply(StandardOp.GREATER, b.mul(rest, delta), b.like(rest, 0));
        return b.add(b.cast(quotient, OnnxType.INT64), b.cast(isMore, OnnxType.INT64));
    }

    /** Rows by their indices: the splits of all ragged axes, and the values. */
    private static List<TranslatedTensor> gather(NodeContext node) {
        GraphBuilder b = node.builder();
        int ragged = (int) node.integer("PARAMS_RAGGED_RANK", 1);
        Value indices = b.cast(node.input(ragged + 1), OnnxType.INT64);
        List<TranslatedTensor> results = new ArrayList<>();
        if (indices.rank() != 1) {
            throw new IllegalArgumentException("expected a vector of indices, got " + indices);
        }
        for (int axis = 0; axis < ragged; axis++) {
            Rows rows = ofSplits(b, b.cast(node.input(axis), OnnxType.INT64));
            Value splits = splits(b, element(b, rows.lengths(), indices));
            results.add(new RealValue(typed(node, splits)));
            indices = indices(b, element(b, rows.begins(), indices), splits);
        }
        TranslatedTensor values = node.imported(ragged);
        Value places = indices;
        results.add(values.of(
                values.parts().stream().map(part -> element(b, part, places)).toList()));
        return results;
    }
}
