package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Gradients of elementwise ops and of ops that move elements, as models have them that compute saliency maps or differential equations. */
final class GradientHandlers {
    /** A gradient with respect to the input of a function, from that of its output and from the input or the output itself. */
    private interface Gradient {
        Value of(GraphBuilder b, Value gradient, Value tensor);
    }

    static final List<OpDefinition> OPS = List.of(
            op("ReluGrad", NUMERIC).real(GradientHandlers::relu),
            op("Relu6Grad", NUMERIC).real(GradientHandlers::relu6),
            op("LeakyReluGrad", FLOATING)
                    .reads("alpha")
                    .real(node -> leakyRelu(node, (float) node.real("alpha", 0.2f))),
            after("EluGrad", (b, dy, y) -> b.where(isNegative(b, y), b.mul(b.add(y, b.like(y, 1)), dy), dy)),
            after("SeluGrad", GradientHandlers::selu),
            after("SoftplusGrad", (b, dy, x) -> b.div(dy, b.add(b.apply(StandardOp.EXP, b.neg(x)), b.like(x, 1)))),
            after("SoftsignGrad", GradientHandlers::softsign),
            before("SigmoidGrad", (b, dy, y) -> b.mul(b.mul(dy, y), b.sub(b.like(y, 1), y))),
            before("TanhGrad", (b, dy, y) -> b.mul(dy, b.sub(b.like(y, 1), b.mul(y, y)))),
            before("SqrtGrad", (b, dy, y) -> b.div(b.mul(dy, b.like(y, 0.5)), y)),
            before("RsqrtGrad", (b, dy, y) -> b.mul(b.mul(b.mul(y, y), y), b.mul(dy, b.like(y, -0.5)))),
            before("ReciprocalGrad", GradientHandlers::reciprocal),
            before("InvGrad", GradientHandlers::reciprocal),
            op("BiasAddGrad", NUMERIC).reads("data_format").real(GradientHandlers::bias),
            op("MirrorPadGrad", NUMBERS)
                    .reads("mode")
                    .limitedTo("constant paddings")
                    .real(GradientHandlers::mirrored),
            op("StridedSliceGrad", NUMBERS.and(COMPLEX))
                    .reads("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
                    .limitedTo("constant strides")
                    .partwise(GradientHandlers::sliced),
            op("BroadcastGradientArgs", INTEGERS)
                    .limitedTo("sizes that are known or equal")
                    .as(GradientHandlers::broadcastAxes),
            op("ConcatOffset", INTEGERS).typedBy("shape_type").as(GradientHandlers::offsets));

    private GradientHandlers() {}

    /** An op that takes the gradient first. */
    private static OpDefinition after(String name, Gradient gradient) {
        return op(name, FLOATING).real(node -> inFloat(node.builder(), node.input(0), node.input(1), gradient));
    }

    /** An op that takes the gradient second, after the output of the function. */
    private static OpDefinition before(String name, Gradient gradient) {
        return op(name, FLOATING).real(node -> inFloat(node.builder(), node.input(1), node.input(0), gradient));
    }

    /** Types of 16 bits are too coarse for the steps. */
    private static Value inFloat(GraphBuilder b, Value dy, Value tensor, Gradient gradient) {
        OnnxType wide = dy.element() == OnnxType.DOUBLE ? OnnxType.DOUBLE : OnnxType.FLOAT;
        return b.cast(gradient.of(b, b.cast(dy, wide), b.cast(tensor, wide)), dy.element());
    }

    private static Value isNegative(GraphBuilder b, Value y) {
        return b.apply(StandardOp.LESS, y, b.like(y, 0));
    }

    private static Value relu(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(1);
        return b.where(b.apply(StandardOp.GREATER, x, b.like(x, 0)), node.input(0), b.like(x, 0));
    }

    private static Value relu6(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(1);
        Value isInside = b.apply(
                StandardOp.AND,
                b.apply(StandardOp.GREATER, x, b.like(x, 0)),
                b.apply(StandardOp.LESS, x, b.like(x, 6)));
        return b.where(isInside, node.input(0), b.like(x, 0));
    }

    private static Value leakyRelu(NodeContext node, float alpha) {
        GraphBuilder b = node.builder();
        Value dy = node.input(0);
        Value isPositive = b.apply(StandardOp.GREATER, node.input(1), b.like(dy, 0));
        return b.where(isPositive, dy, b.mul(dy, b.like(dy, alpha)));
    }

    private static Value selu(GraphBuilder b, Value dy, Value y) {
        Value below = b.mul(dy, b.add(y, b.like(y, UnaryHandlers.SELU_SCALE * UnaryHandlers.SELU_ALPHA)));
        return b.where(isNegative(b, y), below, b.mul(dy, b.like(dy, UnaryHandlers.SELU_SCALE)));
    }

    private static Value softsign(GraphBuilder b, Value dy, Value x) {
        Value root = b.add(b.like(x, 1), b.apply(StandardOp.ABS, x));
        return b.div(dy, b.mul(root, root));
    }

    private static Value reciprocal(GraphBuilder b, Value dy, Value y) {
        return b.mul(b.neg(dy), b.mul(y, y));
    }

    /** The sum over all axes but that of the channels. */
    private static Value bias(NodeContext node) {
        Value dy = node.input(0);
        int channels = node.text("data_format", "NHWC").startsWith("NC") ? 1 : dy.rank() - 1;
        long[] axes =
                LongStream.range(0, dy.rank()).filter(axis -> axis != channels).toArray();
        return node.builder().reduce(StandardOp.REDUCE_SUM, dy, false, axes);
    }

    /** What was mirrored at an edge is added to what it is the image of. */
    private static Value mirrored(NodeContext node) {
        GraphBuilder b = node.builder();
        long skipped = node.text("mode", "").equals("REFLECT") ? 1 : 0;
        List<Long> pads = node.integers(1);
        Value dy = node.input(0);
        for (int axis = 0; axis < dy.rank(); axis++) {
            dy = mirrored(b, dy, axis, skipped, pads.get(2 * axis), pads.get(2 * axis + 1));
        }
        return dy;
    }

    private static Value mirrored(GraphBuilder b, Value dy, int axis, long skipped, long before, long behind) {
        Value size = Shapes.size(b, dy, axis);
        Value inner = b.sub(size, b.longs(before + behind));
        Value sum = range(b, dy, axis, b.longs(before), b.add(b.longs(before), inner), 1);
        if (before > 0) {
            Value image = range(b, dy, axis, b.longs(before - 1), b.longs(Long.MIN_VALUE), -1);
            Value rest = b.sub(inner, b.longs(before + skipped));
            sum = b.add(sum, padded(b, image, axis, b.longs(skipped), rest));
        }
        if (behind > 0) {
            Value image = range(b, dy, axis, b.longs(-1), b.longs(-1 - behind), -1);
            Value rest = b.sub(inner, b.longs(behind + skipped));
            sum = b.add(sum, padded(b, image, axis, rest, b.longs(skipped)));
        }
        return sum;
    }

    private static Value range(GraphBuilder b, Value x, long axis, Value start, Value end, long step) {
        return b.apply(StandardOp.SLICE, x, start, end, b.longs(axis), b.longs(step));
    }

    private static Value padded(GraphBuilder b, Value x, int axis, Value before, Value behind) {
        Value left = b.longs(new long[axis]);
        Value right = b.longs(new long[x.rank() - 1 - axis]);
        return b.pad(x, b.concat(0, left, before, right, left, behind, right), b.like(x, 0));
    }

    /** Zeros with the gradient at the places that were sliced: these are found by slicing the indices of all elements. */
    private static Value sliced(NodeContext node) {
        GraphBuilder b = node.builder();
        Value shape = b.cast(node.input(0), OnnxType.INT64);
        Value dy = node.input(4);
        Value count = b.reduce(StandardOp.REDUCE_PROD, shape, true, 0);
        Value all = b.reshape(FillHandlers.positions(b, count), shape);
        Value places = b.reshape(SlicingHandlers.stridedSlice(node, all, 1), -1);
        Value zeros = b.expand(b.like(dy, 0), count);
        return b.reshape(b.apply(StandardOp.SCATTER_ELEMENTS, zeros, places, b.reshape(dy, -1)), shape);
    }

    /** For tensors of two shapes that are broadcast: the axes along which the gradient of each is the sum. */
    private static List<TranslatedTensor> broadcastAxes(NodeContext node) {
        List<Dim> left = sizes(node, 0);
        List<Dim> right = sizes(node, 1);
        int rank = Math.max(left.size(), right.size());
        List<Long> ofLeft = new ArrayList<>();
        List<Long> ofRight = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            Dim one = aligned(left, axis, rank);
            Dim other = aligned(right, axis, rank);
            if (!one.sameAs(other) && !one.is(1) && !other.is(1)) {
                throw new IllegalArgumentException(
                        "expected sizes that are known or equal, got " + left + " and " + right);
            }
            if (one.is(1)) {
                ofLeft.add((long) axis);
            }
            if (other.is(1)) {
                ofRight.add((long) axis);
            }
        }
        GraphBuilder b = node.builder();
        OnnxType type = node.input(0).element();
        return List.of(new RealValue(b.cast(b.longs(ofLeft), type)), new RealValue(b.cast(b.longs(ofRight), type)));
    }

    private static List<Dim> sizes(NodeContext node, int index) {
        Value shape = node.input(index);
        return shape.contents().orElseThrow(() -> new IllegalArgumentException("expected a shape, got " + shape));
    }

    /** The size of an axis of the broadcast tensor; 1 for one that the shape lacks. */
    private static Dim aligned(List<Dim> sizes, int axis, int rank) {
        int own = axis - rank + sizes.size();
        return own < 0 ? Dim.ONE : sizes.get(own);
    }

    /** Where each of several tensors begins in their concatenation. */
    private static List<TranslatedTensor> offsets(NodeContext node) {
        GraphBuilder b = node.builder();
        int rank = Math.toIntExact(Shapes.known(node.input(1), 0));
        int axis = Math.floorMod(node.integer(0), rank);
        OnnxType type = node.input(1).element();
        Value left = b.constant(TensorData.ofLongs(type, new long[axis], axis));
        Value right = b.constant(TensorData.ofLongs(type, new long[rank - 1 - axis], rank - 1L - axis));
        Value begin = b.constant(TensorData.ofLongs(type, new long[1], 1));
        List<TranslatedTensor> offsets = new ArrayList<>();
        for (Value shape : node.inputs(1, node.inputCount())) {
            offsets.add(new RealValue(b.concat(0, left, begin, right)));
            begin = b.add(begin, FillHandlers.element(b, shape, axis));
        }
        return offsets;
    }
}
