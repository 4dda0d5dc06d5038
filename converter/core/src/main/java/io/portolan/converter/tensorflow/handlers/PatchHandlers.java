package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.SMALL;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Ops that slide a window over an image and are neither a convolution nor a plain pool. */
final class PatchHandlers {
    private static final ElementTypes GATHERED = NUMBERS.and(SMALL);

    static final List<OpDefinition> OPS = List.of(
            op("ExtractImagePatches", GATHERED)
                    .reads("ksizes", "strides", "rates", "padding")
                    .real(node -> flattened(
                            node,
                            Patches.of(
                                    node.integers("ksizes"),
                                    node.integers("strides"),
                                    node.integers("rates"),
                                    node.text("padding", "")))),
            op("ExtractVolumePatches", GATHERED)
                    .reads("ksizes", "strides", "padding")
                    .real(node -> flattened(
                            node,
                            Patches.of(
                                    node.integers("ksizes"),
                                    node.integers("strides"),
                                    node.integers("ksizes").stream()
                                            .map(size -> 1L)
                                            .toList(),
                                    node.text("padding", "")))),
            op("Dilation2D", FLOATS).reads("strides", "rates", "padding").real(PatchHandlers::dilation),
            op("MaxPoolWithArgmax", FLOATS)
                    .reads("ksize", "strides", "padding", "include_batch_in_index", "Targmax")
                    .as(PatchHandlers::poolWithPlaces));

    private PatchHandlers() {}

    /** The elements of each patch along the last axis. */
    private static Value flattened(NodeContext node, Patches patches) {
        GraphBuilder b = node.builder();
        long elements = patches.sizes().stream().reduce(Shapes.known(node.input(0), -1), Math::multiplyExact);
        int axes = patches.sizes().size();
        return Shapes.reshapeFrom(b, patches.of(b, node.input(0), 0), axes + 1, elements);
    }

    /** The largest sum of a patch and the filter. What the window sees beyond the image does not count. */
    private static Value dilation(NodeContext node) {
        GraphBuilder b = node.builder();
        Value filter = node.input(1);
        Patches patches = Patches.of(
                List.of(1L, Shapes.known(filter, 0), Shapes.known(filter, 1), 1L),
                node.integers("strides"),
                node.integers("rates"),
                node.text("padding", ""));
        Value sums = b.add(patches.of(b, node.input(0), Double.NEGATIVE_INFINITY), filter);
        return b.reduce(StandardOp.REDUCE_MAX, sums, false, 3, 4);
    }

    /**
     * The largest elements and their places. ONNX counts (image, channel, y, x), TensorFlow (y, x, channel), in each image or in the
     * whole batch.
     */
    private static List<TranslatedTensor> poolWithPlaces(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = b.transpose(node.input(0), 0, 3, 1, 2);
        List<Long> window = node.integers("ksize");
        List<Long> strides = node.integers("strides");
        boolean isSame = node.text("padding", "").equals("SAME");
        Attributes attributes = Attributes.of("kernel_shape", window.subList(1, 3))
                .with("strides", strides.subList(1, 3))
                .with("auto_pad", isSame ? "SAME_UPPER" : "VALID");
        List<Value> found = b.node(StandardOp.MAX_POOL_WITH_PLACES, attributes, x);
        Value pixels = b.mul(Shapes.size(b, x, 2), Shapes.size(b, x, 3));
        Value channels = Shapes.size(b, x, 1);
        Value channel = b.unsqueeze(FillHandlers.positions(b, channels), 1, 2);
        Value place = b.add(b.mul(b.apply(StandardOp.MOD, found.get(1), pixels), channels), channel);
        if (node.flag("include_batch_in_index")) {
            Value image = b.unsqueeze(FillHandlers.positions(b, Shapes.size(b, x, 0)), 1, 2, 3);
            place = b.add(place, b.mul(image, b.mul(pixels, channels)));
        }
        OnnxType type = node.hasAttribute("Targmax") ? node.type("Targmax") : OnnxType.INT64;
        return List.of(
                new RealValue(b.transpose(found.get(0), 0, 2, 3, 1)),
                new RealValue(b.cast(b.transpose(place, 0, 2, 3, 1), type)));
    }
}
