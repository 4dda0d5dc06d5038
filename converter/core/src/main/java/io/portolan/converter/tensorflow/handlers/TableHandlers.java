package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.OpDefinition.op;
import static io.portolan.converter.tensorflow.TableNode.KEY_TYPES;

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
import java.util.stream.LongStream;

/** Lookup tables: what they hold when the model is loaded becomes constants. */
final class TableHandlers {
    private static final String CONTENTS = "keys that are integers or texts, values that are numbers or texts";

    static final List<OpDefinition> OPS = List.of(
            op("HashTableV2", KEY_TYPES)
                    .typedBy(TableNode.KEY_TYPE)
                    .reads(TableNode.VALUE_TYPE)
                    .limitedTo(CONTENTS)
                    .single(NodeContext::table),
            op("MutableHashTableV2", KEY_TYPES)
                    .typedBy(TableNode.KEY_TYPE)
                    .reads(TableNode.VALUE_TYPE)
                    .limitedTo(CONTENTS)
                    .single(NodeContext::table),
            op("LookupTableFindV2", KEY_TYPES).typedBy("Tin").real(TableHandlers::found),
            op("LookupTableSizeV2", KEY_TYPES).untyped().real(TableHandlers::size));

    private TableHandlers() {}

    /** The value of each key; the default for keys that the table lacks. */
    private static Value found(NodeContext node) {
        GraphBuilder b = node.builder();
        TableValue table = node.table(0);
        Value wanted = node.input(1);
        long count = Shapes.known(table.keys(), 0);
        if (count == 0) {
            return b.expand(node.input(2), b.shapeOf(wanted));
        }
        return wanted.element() == OnnxType.STRING
                ? ofText(b, table, wanted, node.input(2))
                : ofInteger(b, table, wanted, node.input(2), count);
    }

    private static Value ofText(GraphBuilder b, TableValue table, Value wanted, Value otherwise) {
        List<String> keys = table.keys().data().orElseThrow().texts();
        if (table.values().element() == OnnxType.INT64 && otherwise.isConstant() && otherwise.rank() == 0) {
            TensorData values = table.values().data().orElseThrow();
            return TextTables.encoded(
                    b,
                    wanted,
                    keys,
                    values.longList(),
                    otherwise.data().orElseThrow().longAt(0));
        }
        List<Long> places = LongStream.range(0, keys.size()).boxed().toList();
        Value place = TextTables.encoded(b, wanted, keys, places, -1);
        Value isFound = b.apply(StandardOp.GREATER_OR_EQUAL, place, b.like(place, 0));
        Value value = b.apply(StandardOp.GATHER, table.values(), b.apply(StandardOp.MAX, place, b.like(place, 0)));
        return b.where(isFound, value, otherwise);
    }

    /** Keys are found by bisection. */
    private static Value ofInteger(GraphBuilder b, TableValue table, Value wanted, Value otherwise, long count) {
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
