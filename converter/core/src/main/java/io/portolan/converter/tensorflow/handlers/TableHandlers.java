package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor.TableValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import io.portolan.converter.tensorflow.TableNode;
import java.util.List;

/** Lookup tables: what they hold when the model is loaded becomes constants. */
final class TableHandlers {
    private static final String NUMBERS_ONLY = "keys that are integers, values that are numbers";

    static final List<OpDefinition> OPS = List.of(
            op("HashTableV2", INTEGERS)
                    .typedBy(TableNode.KEY_TYPE)
                    .reads(TableNode.VALUE_TYPE)
                    .limitedTo(NUMBERS_ONLY)
                    .single(NodeContext::table),
            op("MutableHashTableV2", INTEGERS)
                    .typedBy(TableNode.KEY_TYPE)
                    .reads(TableNode.VALUE_TYPE)
                    .limitedTo(NUMBERS_ONLY)
                    .single(NodeContext::table),
            op("LookupTableFindV2", INTEGERS).typedBy("Tin").real(TableHandlers::found),
            op("LookupTableSizeV2", INTEGERS).untyped().real(TableHandlers::size));

    private TableHandlers() {}

    /** The value of each key; the default for keys that the table lacks. Keys are found by bisection. */
    private static Value found(NodeContext node) {
        GraphBuilder b = node.builder();
        TableValue table = node.table(0);
        Value wanted = node.input(1);
        Value otherwise = b.expand(node.input(2), b.shapeOf(wanted));
        long count = Shapes.known(table.keys(), 0);
        if (count == 0) {
            return otherwise;
        }
        Value last = b.constant(TensorData.scalar(OnnxType.INT64, count - 1));
        Value place = b.cast(Shapes.filledLike(b, wanted, 0), OnnxType.INT64);
        for (long step = Long.highestOneBit(count); step > 0; step /= 2) {
            Value next = b.apply(StandardOp.MIN, b.add(place, b.like(place, step)), last);
            Value isReached = b.apply(StandardOp.LESS_OR_EQUAL, b.apply(StandardOp.GATHER, table.keys(), next), wanted);
            place = b.where(isReached, next, place);
        }
        Value isFound = b.apply(StandardOp.EQUAL, b.apply(StandardOp.GATHER, table.keys(), place), wanted);
        return b.where(isFound, b.apply(StandardOp.GATHER, table.values(), place), otherwise);
    }

    private static Value size(NodeContext node) {
        return node.builder().squeeze(node.builder().shapeOf(node.table(0).keys()), 0);
    }
}
