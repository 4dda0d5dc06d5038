package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.List;

/**
 * Discrete Fourier transforms of real signals, in numpy's normalisation: the forward transform is a plain sum, the
 * inverse divides by the number of points. Complex tensors are two values, real and imaginary part. ONNX does not know
 * these operators; a pass replaces them before a model is written.
 */
public enum FourierOp implements Op {
    /** Real (...,W) to complex (...,W/2+1). */
    RFFT("RFFT", 1, (inputs, attributes) -> forward(inputs, 1)),
    /** Real (...,H,W) to complex (...,H,W/2+1). */
    RFFT2D("RFFT2D", 1, (inputs, attributes) -> forward(inputs, 2)),
    /** Complex (...,W/2+1) to real (...,W); attribute {@code width} is W, whose parity the input does not tell. */
    IRFFT("IRFFT", 2, (inputs, attributes) -> inverse(inputs, attributes, 1)),
    /**
     * Complex (...,H,W/2+1) to real (...,H,W); attribute {@code width} is W. The input need not be Hermitian: a complex
     * inverse transform along H comes first, then one along W which takes column 0, and column W/2 of even W, for real.
     */
    IRFFT2D("IRFFT2D", 2, (inputs, attributes) -> inverse(inputs, attributes, 2));

    /** The attribute of the inverse transforms that holds the size of the last axis of the output. */
    public static final String WIDTH = "width";

    private final String opName;
    private final int inputs;
    private final Inference inference;

    FourierOp(String opName, int inputs, Inference inference) {
        this.opName = opName;
        this.inputs = inputs;
        this.inference = inference;
    }

    /** The number of columns that the spectrum of {@code width} real points has. */
    public static long columns(long width) {
        return width / 2 + 1;
    }

    /** Whether the transform also runs along the last axis but one. */
    public boolean isTwoDimensional() {
        return this == RFFT2D || this == IRFFT2D;
    }

    private static List<TensorType> forward(List<Value> inputs, int axes) {
        Value x = inputs.get(0);
        requireSizes(x, axes);
        long columns = columns(x.shape().dim(-1).coefficient());
        TensorType part = x.type().withShape(x.shape().with(-1, Dim.of(columns)));
        return List.of(part, part);
    }

    private static List<TensorType> inverse(List<Value> inputs, Attributes attributes, int axes) {
        Value re = inputs.get(0);
        sameElement(inputs);
        requireSizes(re, axes);
        require(re.shape().dims().equals(inputs.get(1).shape().dims()), "parts of one shape", inputs);
        long width = attributes.integer(WIDTH);
        require(re.shape().dim(-1).is(columns(width)), columns(width) + " columns for width " + width, re);
        return List.of(re.type().withShape(re.shape().with(-1, Dim.of(width))));
    }

    private static void requireSizes(Value x, int axes) {
        require(x.element() == OnnxType.FLOAT || x.element() == OnnxType.DOUBLE, "FLOAT or DOUBLE", x);
        List<Dim> sizes = x.shape().dims().subList(Math.max(0, x.rank() - axes), x.rank());
        boolean known = sizes.size() == axes && sizes.stream().allMatch(dim -> dim.isKnown() && !dim.is(0));
        require(known, "known sizes of the last " + axes + " axes", x);
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
    public int minInputs() {
        return inputs;
    }

    @Override
    public int maxInputs() {
        return inputs;
    }

    @Override
    public List<TensorType> infer(List<Value> inputs, Attributes attributes) {
        return inference.infer(inputs, attributes);
    }
}
