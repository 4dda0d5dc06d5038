package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.Collections;
import java.util.List;

/** Type inference of operators that slide a window over the spatial axes of (N,C,spatial...) tensors. */
final class WindowInference {
    private WindowInference() {}

    /** Inputs are x (N,C,...), the kernel (M,C/group,...) and possibly a bias (M). */
    static List<TensorType> conv(List<Value> inputs, Attributes attributes) {
        sameElement(inputs);
        Value x = inputs.get(0);
        Value kernel = inputs.get(1);
        require(x.rank() == kernel.rank() && x.rank() > 2, "x and kernel of one rank above 2", inputs);
        Dim channels = kernel.shape().dim(1).times(Dim.of(attributes.integer("group", 1)));
        require(x.shape().dim(1).canEqual(channels), "x with " + channels + " channels", x);
        List<Long> window = attributes.integers("kernel_shape");
        TensorShape shape =
                spatial(x.shape(), window, attributes).with(1, kernel.shape().dim(0));
        return List.of(x.type().withShape(shape));
    }

    /** Inputs are x (N,C,...) and the kernel (C,M/group,...); sizes grow where those of a convolution shrink. */
    static List<TensorType> convTranspose(List<Value> inputs, Attributes attributes) {
        sameElement(inputs);
        Value x = inputs.get(0);
        Value kernel = inputs.get(1);
        require(x.rank() == kernel.rank() && x.rank() > 2, "x and kernel of one rank above 2", inputs);
        require(
                x.shape().dim(1).canEqual(kernel.shape().dim(0)),
                "x with " + kernel.shape().dim(0) + " channels",
                x);
        TensorShape shape = x.shape().with(1, kernel.shape().dim(1).times(Dim.of(attributes.integer("group", 1))));
        for (int i = 0; i < x.rank() - 2; i++) {
            shape = shape.with(i + 2, grown(x.shape().dim(i + 2), i, attributes));
        }
        return List.of(x.type().withShape(shape));
    }

    private static Dim grown(Dim size, int i, Attributes attributes) {
        List<Long> window = attributes.integers("kernel_shape");
        List<Long> pads = attributes.integers("pads");
        long stride = attributes.integers("strides").get(i);
        long reach = (window.get(i) - 1) * attributes.integers("dilations").get(i) + 1;
        long margin = attributes.integers("output_padding").get(i) + reach - pads.get(i) - pads.get(i + window.size());
        return Quantity.of(size)
                .times(Quantity.of(stride))
                .plus(Quantity.of(margin - stride))
                .dim();
    }

    static List<TensorType> pool(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        return List.of(x.type().withShape(spatial(x.shape(), attributes.integers("kernel_shape"), attributes)));
    }

    /** The output of the pool, and the index in x of each of its elements. */
    static List<TensorType> poolWithPlaces(List<Value> inputs, Attributes attributes) {
        TensorType pooled = pool(inputs, attributes).get(0);
        return List.of(pooled, pooled.withElement(OnnxType.INT64));
    }

    private static TensorShape spatial(TensorShape x, List<Long> window, Attributes attributes) {
        int axes = window.size();
        require(x.rank() == axes + 2, "a window over " + (x.rank() - 2) + " axes", window);
        List<Long> ones = Collections.nCopies(axes, 1L);
        List<Long> strides = attributes.integers("strides", ones);
        List<Long> dilations = attributes.integers("dilations", ones);
        List<Long> pads = attributes.integers("pads", Collections.nCopies(2 * axes, 0L));
        boolean isSame = attributes.text("auto_pad", "NOTSET").equals("SAME_UPPER");
        TensorShape shape = x;
        for (int i = 0; i < axes; i++) {
            Dim size = x.dim(i + 2);
            if (isSame) {
                shape = shape.with(i + 2, slid(size, -1, strides.get(i)));
                continue;
            }
            long reach = (window.get(i) - 1) * dilations.get(i) + 1;
            long padding = pads.get(i) + pads.get(i + axes);
            shape = shape.with(i + 2, slid(size, padding - reach, strides.get(i)));
        }
        return shape;
    }

    private static Dim slid(Dim size, long margin, long stride) {
        require(
                !size.isKnown() || size.coefficient() + margin >= 0,
                "a window that fits",
                "size " + size + " and margin " + margin);
        return Quantity.of(size)
                .plus(Quantity.of(margin + stride))
                .dividedBy(Quantity.of(stride))
                .dim();
    }
}
