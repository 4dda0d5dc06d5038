package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.List;

/**
 * Discrete Fourier transforms over the last one, two or three axes, in numpy's normalisation: the forward transform is a plain
 * sum, the inverse divides by the number of points. Complex tensors are two values, real and imaginary part. These are not ONNX
 * operators; a pass lowers them before a model is written.
 */
public enum FourierOp implements Op {
    FFT("FFT", Kind.COMPLEX, 1),
    FFT2D("FFT2D", Kind.COMPLEX, 2),
    FFT3D("FFT3D", Kind.COMPLEX, 3),
    IFFT("IFFT", Kind.COMPLEX, 1),
    IFFT2D("IFFT2D", Kind.COMPLEX, 2),
    IFFT3D("IFFT3D", Kind.COMPLEX, 3),
    RFFT("RFFT", Kind.FROM_REAL, 1),
    RFFT2D("RFFT2D", Kind.FROM_REAL, 2),
    RFFT3D("RFFT3D", Kind.FROM_REAL, 3),
    IRFFT("IRFFT", Kind.TO_REAL, 1),
    IRFFT2D("IRFFT2D", Kind.TO_REAL, 2),
    IRFFT3D("IRFFT3D", Kind.TO_REAL, 3);

    /** The element kinds of a transform's input and output. */
    public enum Kind {
        /** Complex to complex of the same shape. */
        COMPLEX,
        /** Real (...,W) to complex (...,W/2+1): the other half of the spectrum is its mirror image. */
        FROM_REAL,
        /**
         * Complex (...,W/2+1) to real (...,W); attribute {@code width} is W, as the input does not determine its parity. The input
         * need not be Hermitian: complex inverse transforms along the other axes come first, then one along the last axis that
         * ignores the imaginary parts of column 0, and of column W/2 if W is even.
         */
        TO_REAL
    }

    /**
     * The attribute of {@link Kind#TO_REAL} transforms that holds the size of the output's last axis; if it is known only at run time, it
     * is the last input, a vector of one integer.
     */
    public static final String WIDTH = "width";

    private final String opName;
    private final Kind kind;
    private final int axes;

    FourierOp(String opName, Kind kind, int axes) {
        this.opName = opName;
        this.kind = kind;
        this.axes = axes;
    }

    /** The number of columns of the spectrum of {@code width} real points. */
    public static long columns(long width) {
        return width / 2 + 1;
    }

    /** The number of columns of the spectrum of as many real points as a size. */
    private static Dim columns(Dim width) {
        return Quantity.of(width).dividedBy(Quantity.of(2)).plus(Quantity.ONE).dim();
    }

    /** The element kinds of input and output. */
    public Kind kind() {
        return kind;
    }

    /** The number of last axes that are transformed. */
    public int axes() {
        return axes;
    }

    /** Whether it is an inverse transform. */
    public boolean isInverse() {
        return opName.startsWith("I");
    }

    @Override
    public List<TensorType> infer(List<Value> inputs, Attributes attributes) {
        List<Value> parts = inputs.subList(0, minInputs());
        Value x = parts.get(0);
        sameElement(parts);
        requireSizes(x);
        require(parts.stream().allMatch(part -> part.shape().canEqual(x.shape())), "parts of one shape", inputs);
        return switch (kind) {
            case COMPLEX -> List.of(x.type(), x.type());
            case FROM_REAL -> {
                TensorType part = withLast(x, columns(x.shape().dim(-1)));
                yield List.of(part, part);
            }
            case TO_REAL -> {
                Dim width = width(inputs, attributes);
                Dim columns = columns(width);
                require(x.shape().dim(-1).canEqual(columns), columns + " columns for width " + width, x);
                yield List.of(withLast(x, width));
            }
        };
    }

    private static Dim width(List<Value> inputs, Attributes attributes) {
        if (inputs.size() == 2) {
            return Dim.of(attributes.integer(WIDTH));
        }
        Value width = inputs.get(2);
        require(width.element() == OnnxType.INT64 && width.shape().sameAs(TensorShape.of(1)), "one width", width);
        return width.contents().map(dims -> dims.get(0)).orElse(Dim.UNKNOWN);
    }

    private static TensorType withLast(Value x, Dim size) {
        return x.type().withShape(x.shape().with(-1, size));
    }

    private void requireSizes(Value x) {
        require(x.element() == OnnxType.FLOAT || x.element() == OnnxType.DOUBLE, "FLOAT or DOUBLE", x);
        List<Dim> sizes = x.shape().dims().subList(Math.max(0, x.rank() - axes), x.rank());
        require(
                sizes.size() == axes && sizes.stream().noneMatch(dim -> dim.is(0)),
                "elements along the last " + axes + " axes",
                x);
    }

    @Override
    public String opName() {
        return opName;
    }

    @Override
    public String domain() {
        return Opset.OWN_DOMAIN;
    }

    @Override
    public List<AttributeSpec> attributes() {
        return kind == Kind.TO_REAL ? List.of(AttributeSpec.integer(WIDTH)) : List.of();
    }

    @Override
    public int minInputs() {
        return kind == Kind.FROM_REAL ? 1 : 2;
    }

    @Override
    public int maxInputs() {
        return kind == Kind.TO_REAL ? minInputs() + 1 : minInputs();
    }
}
