package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.Imported;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Ops that make, name or rearrange tensors. */
final class ArrayHandlers {
    private static final OpHandler ALIAS = node ->
            IntStream.range(0, node.inputCount()).mapToObj(node::imported).toList();

    private ArrayHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        table.add("Const", OpHandler.single(node -> node.tensor("value")))
                .add("Identity", ALIAS)
                .add("IdentityN", ALIAS)
                .add("StopGradient", ALIAS)
                .add("PreventGradient", ALIAS)
                .add("Snapshot", ALIAS)
                .add("PlaceholderWithDefault", ALIAS)
                .add("Shape", OpHandler.single(ArrayHandlers::shape))
                .partwise("Reshape", ArrayHandlers::reshape)
                .partwise("Transpose", ArrayHandlers::transpose)
                .partwise("ExpandDims", node -> node.builder().unsqueeze(node.input(0), node.integer(1)))
                .partwise("Squeeze", ArrayHandlers::squeeze)
                .partwise("ConcatV2", ArrayHandlers::concat)
                .partwise("Pack", ArrayHandlers::pack)
                .add("Unpack", OpHandler.partwise(ArrayHandlers::unpack))
                .add("Split", OpHandler.partwise(ArrayHandlers::split))
                .add("SplitV", OpHandler.partwise(ArrayHandlers::splitV))
                .partwise("GatherV2", ArrayHandlers::gather)
                .partwise("Tile", node -> node.builder().apply(StandardOp.TILE, node.input(0), int64(node, 1)))
                .partwise("Pad", node -> pad(node, node.builder().like(node.input(0), 0)))
                .partwise("PadV2", node -> pad(node, node.input(2)))
                .partwise("BroadcastTo", node -> node.builder().expand(node.input(0), node.input(1)))
                .partwise("Fill", node -> node.builder().expand(node.input(1), node.input(0)))
                .partwise("ZerosLike", node -> filledLike(node, 0))
                .real("OnesLike", node -> filledLike(node, 1));
    }

    private static Value int64(NodeContext node, int index) {
        return node.builder().cast(node.input(index), OnnxType.INT64);
    }

    private static Imported shape(NodeContext node) {
        Value of = node.imported(0) instanceof Imported.ComplexValue pair ? pair.re() : node.input(0);
        OnnxType wanted = node.hasAttribute("out_type") ? node.type("out_type") : OnnxType.INT32;
        return new Imported.RealValue(node.builder().cast(node.builder().shapeOf(of), wanted));
    }

    /** A shape with at most one open size is written as a constant with -1 there, which needs no shape arithmetic. */
    private static Value reshape(NodeContext node) {
        Value x = node.input(0);
        Value shape = node.input(1);
        List<Dim> dims = shape.contents().orElse(null);
        if (dims == null || dims.stream().filter(dim -> !dim.isKnown()).count() > 1 || dims.contains(Dim.of(0))) {
            return node.builder().reshape(x, shape);
        }
        long[] sizes = dims.stream().mapToLong(dim -> dim.isKnown() ? dim.coefficient() : -1).toArray();
        return node.builder().reshape(x, sizes);
    }

    private static Value transpose(NodeContext node) {
        return node.builder().transpose(node.input(0), array(node.integers(1)));
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
        return node.builder().squeeze(x, IntStream.range(0, x.rank()).filter(axis -> x.shape().dim(axis).is(1))
                .asLongStream().toArray());
    }

    private static Value concat(NodeContext node) {
        int last = node.inputCount() - 1;
        Value[] parts = node.inputs(0, last).toArray(Value[]::new);
        return node.builder().concat(parts[0].shape().axis(node.integer(last)), parts);
    }

    private static Value pack(NodeContext node) {
        GraphBuilder b = node.builder();
        long axis = TensorShape.unknown(node.input(0).rank() + 1).axis(node.integer("axis", 0));
        return b.concat((int) axis, node.inputs(0, node.inputCount()).stream().map(part -> b.unsqueeze(part, axis))
                .toArray(Value[]::new));
    }

    private static List<Value> unpack(NodeContext node) {
        Value x = node.input(0);
        int axis = x.shape().axis(node.integer("axis", 0));
        int count = (int) node.integer("num", 0);
        return node.builder().split(x, axis, Collections.nCopies(count, 1L)).stream()
                .map(part -> node.builder().squeeze(part, axis)).toList();
    }

    private static List<Value> split(NodeContext node) {
        Value x = node.input(1);
        int axis = x.shape().axis(node.integer(0));
        int parts = (int) node.integer("num_split", 1);
        Dim size = x.shape().dim(axis).dividedBy(Dim.of(parts));
        if (parts > 1 && !size.isKnown()) {
            throw new IllegalArgumentException("expected axis " + axis + " of " + x + " to be a multiple of " + parts);
        }
        return parts == 1 ? List.of(x)
                : node.builder().split(x, axis, Collections.nCopies(parts, size.coefficient()));
    }

    private static List<Value> splitV(NodeContext node) {
        Value x = node.input(0);
        int axis = x.shape().axis(node.integer(2));
        List<Long> sizes = new ArrayList<>(node.integers(1));
        if (sizes.contains(-1L)) {
            // The sum counts the -1 itself, hence the 1 taken back.
            long others = sizes.stream().mapToLong(Long::longValue).sum() + 1;
            long total = x.shape().dim(axis).size().orElseThrow(
                    () -> new IllegalArgumentException("expected a known size at axis " + axis + ", got " + x));
            sizes.set(sizes.indexOf(-1L), total - others);
        }
        return node.builder().split(x, axis, sizes);
    }

    private static Value gather(NodeContext node) {
        Value x = node.input(0);
        if (node.integer("batch_dims", 0) != 0) {
            throw new IllegalArgumentException("expected batch_dims 0, got " + node.integer("batch_dims", 0));
        }
        int axis = node.inputCount() > 2 ? x.shape().axis(node.integer(2)) : 0;
        return node.builder().apply(StandardOp.GATHER, Attributes.of("axis", axis), x,
                node.input(1));
    }

    /** TensorFlow pairs before and behind for each axis, ONNX has all before and then all behind. */
    private static Value pad(NodeContext node, Value fill) {
        long[] pairs = node.constant(1).longs();
        List<Long> pads = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            for (int axis = 0; axis < pairs.length / 2; axis++) {
                pads.add(pairs[2 * axis + side]);
            }
        }
        return node.builder().pad(node.input(0), pads, fill);
    }

    private static Value filledLike(NodeContext node, double number) {
        GraphBuilder b = node.builder();
        return b.expand(b.like(node.input(0), number), b.shapeOf(node.input(0)));
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
