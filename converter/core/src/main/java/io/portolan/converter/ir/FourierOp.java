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

    /** The attribute of {@link Kind#TO_REAL} transforms that holds the size of the output's last axis. */
    public static final String WIDTH = "width";

    /** The largest supported prime factor of a size: the matrices of a transform grow with its square, to 128 MiB for this one. */
    public static final int LARGEST_FACTOR = 4096;

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
        Value x = inputs.get(0);
        sameElement(inputs);
        requireSizes(x);
        require(inputs.stream().allMatch(input -> input.shape().canEqual(x.shape())), "parts of one shape", inputs);
        return switch (kind) {
            case COMPLEX -> List.of(x.type(), x.type());
            case FROM_REAL -> {
                TensorType part = withLast(x, columns(x.shape().dim(-1).coefficient()));
                yield List.of(part, part);
            }
            case TO_REAL -> {
                long width = attributes.integer(WIDTH);
                require(x.shape().dim(-1).is(columns(width)), columns(width) + " columns for width " + width, x);
                yield List.of(withLast(x, width));
            }
        };
    }

    private static TensorType withLast(Value x, long size) {
        return x.type().withShape(x.shape().with(-1, Dim.of(size)));
    }

    private void requireSizes(Value x) {
        require(x.element() == OnnxType.FLOAT || x.element() == OnnxType.DOUBLE, "FLOAT or DOUBLE", x);
        List<Dim> sizes = x.shape().dims().subList(Math.max(0, x.rank() - axes), x.rank());
        boolean known = sizes.size() == axes && sizes.stream().allMatch(dim -> dim.isKnown() && !dim.is(0));
        require(known, "known sizes of the last " + axes + " axes", x);
        require(
                sizes.stream().allMatch(dim -> largestPrimeFactor(dim.coefficient()) <= LARGEST_FACTOR),
                "sizes with prime factors up to " + LARGEST_FACTOR,
                x);
    }

    private static long largestPrimeFactor(long size) {
        long rest = size;
        for (long factor = 2; factor * factor <= rest; factor++) {
            while (rest % factor == 0 && rest > factor) {
                rest /= factor;
            }
        }
        return rest;
    }

    @Override
    public String opName() {
        return opName;
    }

    @Override
    public String domain() {
        return "portolan";
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
        return minInputs();
    }
}
