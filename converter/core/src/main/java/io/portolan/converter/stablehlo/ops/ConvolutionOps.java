package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Convolutions: batch, features and space may be any axes; ONNX's are batch, features, space. */
final class ConvolutionOps {
    private static final int MOST_SPATIAL = 3;

    static final List<OpLowering> OPS = List.of(
            op("stablehlo.convolution", "Conv, ConvTranspose, Transpose")
                    .except("integers; more than 3 spatial axes")
                    .single(in -> convolution(in, Optional.empty())),
            op("stablehlo.dynamic_conv", "Pad, Conv")
                    .except("integers; more than 3 spatial axes")
                    .single(in -> convolution(in, Optional.of(in.sizesMatrix(2)))));

    private ConvolutionOps() {}

    private static LoweredTensor convolution(OpContext in, Optional<Value> padding) {
        GraphBuilder b = in.b();
        OnnxType type = ElementTypes.computed(in.resultType().element());
        if (in.hasComplex()) {
            return in.result(ComplexArithmetic.bilinear(
                    b, (x, k) -> new Convolution(in, padding).apply(x, k), in.complex(0), in.complex(1)));
        }
        if (!type.isFloating()) {
            throw new IllegalArgumentException("convolutions of integers are not supported");
        }
        return in.result(new Convolution(in, padding).apply(b.cast(in.real(0), type), b.cast(in.real(1), type)));
    }

    /** One convolution of real tensors. */
    private static final class Convolution {
        private final GraphBuilder b;
        private final Operation op;
        private final int spatial;
        private final List<Long> strides;
        private final List<Long> dilation;
        private final List<Long> inputDilation;
        private final List<Long> pads;
        private final Optional<Value> openPads;

        Convolution(OpContext in, Optional<Value> openPads) {
            this.b = in.b();
            this.op = in.op();
            this.openPads = openPads;
            this.spatial = op.integers("input_spatial_dimensions").size();
            if (spatial > MOST_SPATIAL) {
                throw new IllegalArgumentException(spatial + " spatial axes are not supported");
            }
            this.strides = op.integers("window_strides", spatial, 1);
            this.dilation = op.integers("rhs_dilation", spatial, 1);
            this.inputDilation = op.integers("lhs_dilation", spatial, 1);
            this.pads = op.integers("padding", 2 * spatial, 0);
        }

        Value apply(Value input, Value kernel) {
            List<Long> inputOrder = order(
                    op.integer("input_batch_dimension"),
                    op.integer("input_feature_dimension"),
                    op.integers("input_spatial_dimensions"));
            List<Long> kernelOrder = order(
                    op.integer("kernel_output_feature_dimension"),
                    op.integer("kernel_input_feature_dimension"),
                    op.integers("kernel_spatial_dimensions"));
            List<Long> outputOrder = order(
                    op.integer("output_batch_dimension"),
                    op.integer("output_feature_dimension"),
                    op.integers("output_spatial_dimensions"));
            Value x = AxisGroups.transposed(b, input, inputOrder);
            Value k = reversed(AxisGroups.transposed(b, kernel, kernelOrder));
            if (spatial == 0) {
                x = b.unsqueeze(x, 2);
                k = b.unsqueeze(k, 2);
            }
            Value y = batchGroups(x, k);
            y = spatial == 0 ? b.squeeze(y, 2) : y;
            return AxisGroups.transposed(b, y, AxisGroups.inverse(outputOrder));
        }

        private static List<Long> order(long first, long second, List<Long> spatial) {
            return Stream.concat(Stream.of(first, second), spatial.stream()).toList();
        }

        private Value reversed(Value kernel) {
            List<Long> reversal = op.integers("window_reversal", spatial, 0);
            List<Long> axes = IntStream.range(0, spatial)
                    .filter(i -> reversal.get(i) != 0)
                    .mapToObj(i -> i + 2L)
                    .toList();
            return ShapeOps.reversed(b, kernel, axes);
        }

        /** Groups of the batch are convolved with groups of the output features, each with its own. */
        private Value batchGroups(Value x, Value k) {
            long groups = op.integer("batch_group_count", 1);
            if (groups == 1) {
                return convolve(x, k, op.integer("feature_group_count", 1));
            }
            long batch = Shapes.known(x, 0) / groups;
            long features = Shapes.known(k, 0) / groups;
            List<Value> inputs = b.split(x, 0, Collections.nCopies((int) groups, batch));
            List<Value> kernels = b.split(k, 0, Collections.nCopies((int) groups, features));
            Value[] outputs = new Value[(int) groups];
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = convolve(inputs.get(i), kernels.get(i), 1);
            }
            return b.concat(1, outputs);
        }

        private Value convolve(Value x, Value k, long groups) {
            boolean isDilated = inputDilation.stream().anyMatch(size -> size != 1);
            if (isDilated && groups == 1 && isTransposed(k)) {
                return transposed(x, k);
            }
            boolean mustPad = openPads.isPresent() || isDilated || pads.stream().anyMatch(pad -> pad < 0);
            Value padded = mustPad ? padded(x) : x;
            Attributes attributes = Attributes.of("kernel_shape", kernelShape(k))
                    .with("strides", atLeastOne(strides))
                    .with("group", groups);
            attributes =
                    dilation.stream().anyMatch(size -> size != 1) ? attributes.with("dilations", dilation) : attributes;
            boolean isPadded = !mustPad && pads.stream().anyMatch(pad -> pad != 0);
            attributes = isPadded
                    ? attributes.with("pads", Stream.concat(lows(), highs()).toList())
                    : attributes;
            return b.apply(StandardOp.CONV, attributes, padded, k);
        }

        private Stream<Long> lows() {
            return IntStream.range(0, spatial).mapToObj(i -> pads.get(2 * i));
        }

        private Stream<Long> highs() {
            return IntStream.range(0, spatial).mapToObj(i -> pads.get(2 * i + 1));
        }

        private static List<Long> atLeastOne(List<Long> sizes) {
            return sizes.isEmpty() ? List.of(1L) : sizes;
        }

        private List<Long> kernelShape(Value k) {
            return IntStream.range(2, k.rank())
                    .mapToObj(axis -> Shapes.known(k, axis))
                    .toList();
        }

        private Value padded(Value x) {
            if (openPads.isPresent()) {
                List<Value> sizes = new ArrayList<>();
                for (int side = 0; side < 2; side++) {
                    sizes.add(b.longs(0, 0));
                    sizes.add(b.reshape(
                            b.slice(openPads.get(), List.of(1L), List.of(new SliceRange(side, side + 1L, 1))),
                            spatial));
                }
                return b.apply(StandardOp.PAD, x, b.concat(0, sizes.toArray(Value[]::new)), b.like(x, 0));
            }
            return PadOps.padded(
                    b,
                    x,
                    Stream.concat(Stream.of(0L, 0L), lows()).toList(),
                    Stream.concat(Stream.of(0L, 0L), highs()).toList(),
                    Stream.concat(Stream.of(0L, 0L), inputDilation.stream().map(size -> size - 1))
                            .toList(),
                    b.constant(TensorData.scalar(x.element(), 0)));
        }

        /** Whether a convolution of a dilated input is ConvTranspose: of stride 1, and with pads that are not larger than its own. */
        private boolean isTransposed(Value k) {
            boolean isUnit = strides.stream().allMatch(stride -> stride == 1);
            return isUnit
                    && openPads.isEmpty()
                    && LongStream.concat(
                                    transposedPads(k, 0).stream().mapToLong(pad -> pad),
                                    transposedPads(k, 1).stream().mapToLong(pad -> pad))
                            .allMatch(pad -> pad >= 0);
        }

        private List<Long> transposedPads(Value k, int side) {
            return IntStream.range(0, spatial)
                    .mapToObj(i -> (Shapes.known(k, i + 2) - 1) * dilation.get(i) - pads.get(2 * i + side))
                    .toList();
        }

        private Value transposed(Value x, Value k) {
            List<Long> axes = LongStream.range(2, k.rank()).boxed().toList();
            Value flipped = ShapeOps.reversed(b, k, axes);
            List<Long> order = Stream.concat(Stream.of(1L, 0L), axes.stream()).toList();
            Attributes attributes = Attributes.of("kernel_shape", kernelShape(k))
                    .with("strides", inputDilation)
                    .with("dilations", dilation)
                    .with("output_padding", Collections.nCopies(spatial, 0L))
                    .with(
                            "pads",
                            Stream.concat(transposedPads(k, 0).stream(), transposedPads(k, 1).stream())
                                    .toList());
            return b.apply(StandardOp.CONV_TRANSPOSE, attributes, x, AxisGroups.transposed(b, flipped, order));
        }
    }
}
