package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.ElementTypes.MOVED;
import static io.portolan.converter.tensorflow.ElementTypes.NARROW;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
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
    private static final String EQUAL_SIZES = "elements of equal size";

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
            list("TensorListScatterV2").partwise(ListHandlers::scattered),
            op("TensorListScatterIntoExistingList", ANY.and(NARROW))
                    .typedBy("element_dtype")
                    .partwise(node -> scatter(node.builder(), node.input(0), node.input(1), node.input(2))),
            list("TensorListConcat").limitedTo(EQUAL_SIZES).as(ListHandlers::concat),
            list("TensorListConcatV2").limitedTo(EQUAL_SIZES).as(ListHandlers::concat),
            list("TensorListSplit").limitedTo(EQUAL_SIZES).partwise(ListHandlers::split),
            op("TensorListLength", ANY).untyped().as(ListHandlers::length));

    private ListHandlers() {}

    private static OpDefinition.Draft list(String name) {
        return op(name, MOVED).typedBy("element_dtype");
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
        Value list = withRoomFor(b, node.input(0), b.unsqueeze(element, 0));
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
        Value last = b.unsqueeze(element, 0);
        return b.concat(0, withRoomFor(b, list, last), last);
    }

    /** The list with the size of its elements set to that of others: they have that size already, or the list is empty. */
    private static Value withRoomFor(GraphBuilder b, Value list, Value elements) {
        if (list.rank() != elements.rank()) {
            throw new IllegalArgumentException("expected a list whose element shape has the rank of the elements of "
                    + elements + "; give the list an element shape when it is created");
        }
        boolean fits = true;
        for (int axis = 1; axis < elements.rank(); axis++) {
            fits &= list.shape().dim(axis).sameAs(elements.shape().dim(axis));
        }
        if (fits) {
            return list;
        }
        Value sizes = Shapes.sizes(b, elements, 1, elements.rank());
        Value missing = b.sub(sizes, Shapes.sizes(b, list, 1, list.rank()));
        Value pads = b.concat(0, b.longs(new long[list.rank() + 1]), missing);
        Value padded = b.apply(StandardOp.PAD, list, pads, b.like(list, 0));
        // The sizes of a padded tensor are unknown; those of the elements are known. An empty list leaves no size to be
        // inferred.
        return b.apply(StandardOp.RESHAPE, padded, b.concat(0, Shapes.size(b, list, 0), sizes));
    }

    /** Stores elements at places of a list, which is extended to hold them all. */
    private static Value scatter(GraphBuilder b, Value list, Value elements, Value places) {
        Value indices = b.cast(places, OnnxType.INT64);
        Value roomy = withRoomFor(b, list, elements);
        Value last = b.apply(
                StandardOp.REDUCE_MAX, Attributes.of("keepdims", 1), b.concat(0, indices, b.longs(-1)), b.longs(0));
        Value gap = b.apply(StandardOp.MAX, b.sub(b.add(last, b.longs(1)), Shapes.size(b, list, 0)), b.longs(0));
        Value none = b.longs(new long[roomy.rank()]);
        Value pads = b.concat(0, none, gap, b.longs(new long[roomy.rank() - 1]));
        Value longEnough = b.apply(StandardOp.PAD, roomy, pads, b.like(roomy, 0));
        return b.apply(StandardOp.SCATTER_ND, longEnough, b.unsqueeze(indices, 1), elements);
    }

    /** A list with elements at given places, which has at least as many as input 3 says. */
    private static Value scattered(NodeContext node) {
        GraphBuilder b = node.builder();
        Value elements = node.input(0);
        Value length = b.apply(StandardOp.MAX, b.reshape(b.cast(node.input(3), OnnxType.INT64), 1), b.longs(0));
        Value shape = b.concat(0, length, Shapes.sizes(b, elements, 1, elements.rank()));
        return scatter(b, b.expand(b.like(elements, 0), shape), elements, node.input(1));
    }

    /** All elements along their first axis, and their sizes along it. */
    private static List<TranslatedTensor> concat(NodeContext node) {
        GraphBuilder b = node.builder();
        TranslatedTensor list = node.imported(0);
        Value first = list.parts().get(0);
        if (first.rank() < 2) {
            throw new IllegalArgumentException("expected a list of tensors with at least one axis");
        }
        Value rest = Shapes.sizes(b, first, 2, first.rank());
        Value total = b.mul(Shapes.size(b, first, 0), Shapes.size(b, first, 1));
        List<Value> parts = list.parts().stream()
                .map(part -> b.reshape(part, b.concat(0, total, rest)))
                .toList();
        return List.of(list.of(parts), new RealValue(b.expand(Shapes.size(b, first, 1), Shapes.size(b, first, 0))));
    }

    /** A tensor as a list of its parts along the first axis. */
    private static Value split(NodeContext node) {
        GraphBuilder b = node.builder();
        List<Long> lengths = node.integers(2);
        if (lengths.stream().distinct().count() != 1) {
            throw new IllegalArgumentException("expected parts of equal length, got " + lengths);
        }
        Value tensor = node.input(0);
        Value rest = Shapes.sizes(b, tensor, 1, tensor.rank());
        return b.reshape(tensor, b.concat(0, b.longs(lengths.size(), lengths.get(0)), rest));
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
