package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.lowering.Shapes.array;
import static io.portolan.converter.tensorflow.ElementTypes.ALL;
import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.MOVED;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.List;
import java.util.stream.IntStream;

/** Identity ops, and ops that return or change shapes. */
final class ArrayHandlers {
    private static final OpHandler ALIAS = node ->
            IntStream.range(0, node.inputCount()).mapToObj(node::imported).toList();

    static final List<OpDefinition> OPS = List.of(
            op("Identity", ALL).as(ALIAS),
            op("IdentityN", ALL).as(ALIAS),
            op("StopGradient", ALL).as(ALIAS),
            op("PreventGradient", MOVED).as(ALIAS),
            op("Snapshot", MOVED).as(ALIAS),
            op("DeepCopy", ALL).as(ALIAS),
            op("GuaranteeConst", MOVED).as(ALIAS),
            op("CheckNumerics", FLOATING).as(ALIAS),
            op("PlaceholderWithDefault", ALL)
                    .limitedTo("its default")
                    .typedBy("dtype")
                    .as(ALIAS),
            op("EnsureShape", ALL).as(ALIAS),
            op("Shape", ALL).reads("out_type").real(node -> shape(node, 0)),
            op("ShapeN", ALL).reads("out_type").as(ArrayHandlers::shapes),
            op("Size", ALL).reads("out_type").real(ArrayHandlers::size),
            op("Rank", ALL).real(ArrayHandlers::rank),
            op("Reshape", ALL).partwise(node -> node.builder().reshape(node.input(0), node.input(1))),
            op("ExpandDims", ALL).partwise(node -> node.builder().unsqueeze(node.input(0), node.integer(1))),
            op("Squeeze", ALL)
                    .limitedTo("static shapes, if no axes are given")
                    .reads("squeeze_dims")
                    .partwise(ArrayHandlers::squeeze),
            op("BroadcastTo", ALL).partwise(node -> node.builder().expand(node.input(0), node.input(1))),
            op("BroadcastArgs", INTEGERS).real(ArrayHandlers::broadcastArgs),
            op("Transpose", ALL).partwise(ArrayHandlers::transpose),
            op("ConjugateTranspose", ANY).as(ArrayHandlers::conjugateTranspose),
            op("DataFormatDimMap", INTEGERS).reads("src_format", "dst_format").real(ArrayHandlers::dimMap),
            op("DataFormatVecPermute", INTEGERS)
                    .reads("src_format", "dst_format")
                    .real(ArrayHandlers::vecPermute));

    private ArrayHandlers() {}

    private static OnnxType indexType(NodeContext node) {
        return node.hasAttribute("out_type") ? node.type("out_type") : OnnxType.INT32;
    }

    private static Value any(NodeContext node, int index) {
        return node.imported(index) instanceof TranslatedTensor.ComplexValue pair ? pair.re() : node.input(index);
    }

    private static Value shape(NodeContext node, int index) {
        return node.builder().cast(node.builder().shapeOf(any(node, index)), indexType(node));
    }

    private static List<TranslatedTensor> shapes(NodeContext node) {
        return IntStream.range(0, node.inputCount())
                .<TranslatedTensor>mapToObj(i -> new TranslatedTensor.RealValue(shape(node, i)))
                .toList();
    }

    private static Value size(NodeContext node) {
        GraphBuilder b = node.builder();
        Value shape = b.shapeOf(any(node, 0));
        return b.cast(b.reduce(StandardOp.REDUCE_PROD, shape, false, 0), indexType(node));
    }

    private static Value rank(NodeContext node) {
        return node.builder()
                .constant(TensorData.scalar(OnnxType.INT32, any(node, 0).rank()));
    }

    private static Value squeeze(NodeContext node) {
        Value x = node.input(0);
        List<Long> axes = node.integers("squeeze_dims");
        if (!axes.isEmpty()) {
            return node.builder().squeeze(x, array(axes));
        }
        if (!x.shape().isStatic()) {
            throw new IllegalArgumentException("expected axes to squeeze, or a static shape; got " + x.shape());
        }
        return node.builder()
                .squeeze(
                        x,
                        IntStream.range(0, x.rank())
                                .filter(axis -> x.shape().dim(axis).is(1))
                                .asLongStream()
                                .toArray());
    }

    /** The broadcast shape of two shapes given as vectors. */
    private static Value broadcastArgs(NodeContext node) {
        GraphBuilder b = node.builder();
        long rank = Math.max(Shapes.known(node.input(0), 0), Shapes.known(node.input(1), 0));
        Value left = filled(b, node.input(0), rank);
        Value right = filled(b, node.input(1), rank);
        return b.where(b.apply(StandardOp.EQUAL, left, b.like(left, 1)), right, left);
    }

    private static Value filled(GraphBuilder b, Value shape, long rank) {
        return b.pad(shape, List.of(rank - Shapes.known(shape, 0), 0L), b.like(shape, 1));
    }

    private static Value transpose(NodeContext node) {
        return node.builder().transpose(node.input(0), array(node.integers(1)));
    }

    private static List<TranslatedTensor> conjugateTranspose(NodeContext node) {
        TranslatedTensor transposed = OpHandler.partwise(part -> List.of(transpose(part)))
                .convert(node)
                .get(0);
        return List.of(
                transposed instanceof TranslatedTensor.ComplexValue pair
                        ? ComplexArithmetic.conjugate(node.builder(), pair)
                        : transposed);
    }

    /** For each axis of one layout, its index in the other. */
    private static Value dimMap(NodeContext node) {
        String from = node.text("src_format", "NHWC");
        String to = node.text("dst_format", "NCHW");
        long[] positions = from.chars().mapToLong(to::indexOf).toArray();
        GraphBuilder b = node.builder();
        return b.cast(
                b.apply(StandardOp.GATHER, b.longs(positions), node.input(0)),
                node.input(0).element());
    }

    /** Reorders a tensor with one row per axis from one layout to the other. */
    private static Value vecPermute(NodeContext node) {
        String from = node.text("src_format", "NHWC");
        String to = node.text("dst_format", "NCHW");
        Value x = node.input(0);
        if (Shapes.known(x, 0) == from.length() - 2) {
            from = spatial(from);
            to = spatial(to);
        }
        return node.builder()
                .apply(
                        StandardOp.GATHER,
                        x,
                        node.builder().longs(to.chars().mapToLong(from::indexOf).toArray()));
    }

    private static String spatial(String format) {
        return format.replace("N", "").replace("C", "");
    }
}
