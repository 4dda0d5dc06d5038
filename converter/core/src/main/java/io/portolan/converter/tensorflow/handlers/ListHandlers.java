package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Lists of tensors. A list is one tensor with a leading axis over the elements; while a list with an unknown element shape is empty,
 * the unknown sizes are 0; the first element that is set determines them.
 */
final class ListHandlers {
    static final List<OpDefinition> OPS = List.of(
            list("TensorListReserve").reads("element_dtype").single(ListHandlers::reserve),
            list("EmptyTensorList")
                    .reads("element_dtype")
                    .single(node -> zeros(node, node.builder().longs(0))),
            list("TensorListFromTensor").partwise(node -> node.input(0)),
            list("TensorListStack").partwise(node -> node.input(0)),
            list("TensorListGetItem").partwise(node -> gather(node, node.input(1))),
            list("TensorListGather").partwise(node -> gather(node, node.input(1))),
            list("TensorListSetItem").reads("resize_if_index_out_of_bounds").partwise(ListHandlers::setItem),
            list("TensorListPushBack").partwise(node -> pushBack(node.builder(), node.input(0), node.input(1))),
            list("TensorListPopBack").as(OpHandler.partwise(ListHandlers::popBack)),
            op("TensorListLength", ANY).untyped().as(ListHandlers::length));

    private ListHandlers() {}

    private static OpDefinition.Draft list(String name) {
        return op(name, ANY).typedBy("element_dtype");
    }

    private static TranslatedTensor reserve(NodeContext node) {
        GraphBuilder b = node.builder();
        return zeros(node, b.reshape(b.cast(node.input(1), OnnxType.INT64), 1));
    }

    /** A list with a given number of elements; input 0 is their shape, with -1 for unknown sizes, or a single -1 for an unknown rank. */
    private static TranslatedTensor zeros(NodeContext node, Value length) {
        GraphBuilder b = node.builder();
        long[] element = node.constant(0).longs();
        for (int axis = 0; axis < element.length; axis++) {
            element[axis] = Math.max(0, element[axis]);
        }
        Value shape = b.concat(0, length, b.longs(element));
        OnnxType type = node.type("element_dtype");
        UnaryOperator<Value> zeros = sizes -> b.expand(b.cast(b.longs(0), type), sizes);
        return node.isComplexType("element_dtype")
                ? new ComplexValue(zeros.apply(shape), zeros.apply(shape))
                : new RealValue(zeros.apply(shape));
    }

    private static Value gather(NodeContext node, Value index) {
        return node.builder().apply(StandardOp.GATHER, Attributes.of("axis", 0), node.input(0), index);
    }

    private static Value setItem(NodeContext node) {
        GraphBuilder b = node.builder();
        Value element = node.input(2);
        Value place = b.reshape(b.cast(node.input(1), OnnxType.INT64), 1);
        Value list = withRoomFor(b, node.input(0), element);
        return node.hasAttribute("resize_if_index_out_of_bounds") && node.flag("resize_if_index_out_of_bounds")
                ? grown(b, list, place, element)
                : b.apply(StandardOp.SCATTER_ND, list, b.reshape(place, 1, 1), b.unsqueeze(element, 0));
    }

    /** A list that is extended to hold an index, if needed; elements in between are zeros, like those of a TensorArray. */
    private static Value grown(GraphBuilder b, Value list, Value place, Value element) {
        Value before = b.apply(StandardOp.SLICE, list, b.longs(0), place, b.longs(0), b.longs(1));
        Value gap = b.apply(StandardOp.MAX, b.sub(place, Shapes.size(b, list, 0)), b.longs(0));
        Value zeros = b.expand(b.like(element, 0), b.concat(0, gap, b.shapeOf(element)));
        Value after = b.apply(
                StandardOp.SLICE, list, b.add(place, b.longs(1)), b.longs(Long.MAX_VALUE), b.longs(0), b.longs(1));
        return b.concat(0, before, zeros, b.unsqueeze(element, 0), after);
    }

    private static Value pushBack(GraphBuilder b, Value list, Value element) {
        return b.concat(0, withRoomFor(b, list, element), b.unsqueeze(element, 0));
    }

    /** The list with the size of its elements set to that of an element: they have that size already, or the list is empty. */
    private static Value withRoomFor(GraphBuilder b, Value list, Value element) {
        if (list.rank() != element.rank() + 1) {
            throw new IllegalArgumentException("expected a list whose element shape has the rank of " + element
                    + "; give the list an element shape when it is created");
        }
        List<Dim> sizes = list.shape().dims().subList(1, list.rank());
        boolean fits = true;
        for (int axis = 0; axis < element.rank(); axis++) {
            fits &= sizes.get(axis).sameAs(element.shape().dim(axis));
        }
        if (fits) {
            return list;
        }
        Value missing = b.sub(b.shapeOf(element), Shapes.sizes(b, list, 1, list.rank()));
        Value pads = b.concat(0, b.longs(new long[list.rank() + 1]), missing);
        Value padded = b.apply(StandardOp.PAD, list, pads, b.like(list, 0));
        // The sizes of a padded tensor are unknown; those of the element are known.
        return b.reshape(padded, b.concat(0, Shapes.size(b, list, 0), b.shapeOf(element)));
    }

    private static List<Value> popBack(NodeContext node) {
        GraphBuilder b = node.builder();
        Value list = node.input(0);
        Value rest = b.slice(list, List.of(0L), List.of(new SliceRange(0, -1, 1)));
        Value last = b.slice(list, List.of(0L), List.of(new SliceRange(-1, SliceRange.TO_END, 1)));
        return List.of(rest, b.squeeze(last, 0));
    }

    private static List<TranslatedTensor> length(NodeContext node) {
        GraphBuilder b = node.builder();
        Value list = node.imported(0).parts().get(0);
        return List.of(new RealValue(b.cast(b.squeeze(Shapes.size(b, list, 0), 0), OnnxType.INT32)));
    }
}
