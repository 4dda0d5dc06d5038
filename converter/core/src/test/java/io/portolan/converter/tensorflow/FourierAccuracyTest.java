package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every Fourier transform, as ONNX Runtime computes it, against its definition in double precision. */
class FourierAccuracyTest {
    static final int[] LENGTHS = {1, 2, 7, 8, 14, 56, 100, 128};

    /** Relative to the norm of the result: entries of matrices are rounded, and sums of up to 256 products, axis by axis. */
    private static final double FLOATS = 8 * 0x1p-24;
    /** The definition itself is evaluated in doubles, and rounds as much as what it is compared with. */
    private static final double DOUBLES = 12 * 0x1p-53;

    /** Seen: 2e-13; for other numbers of points than powers of two it transforms twice. */
    private static final double OPERATOR = 1e-12;

    @ParameterizedTest
    @EnumSource(FourierOp.class)
    void transformsAreAccurateToRounding(FourierOp op) {
        for (int length : LENGTHS) {
            assertThat(relativeError(op, length, OnnxType.FLOAT))
                    .as("%s of %d floats", op, length)
                    .isLessThan(FLOATS);
            assertThat(relativeError(op, length, OnnxType.DOUBLE))
                    .as("%s of %d doubles", op, length)
                    .isLessThan(DOUBLES);
        }
    }

    /** Longer ones are split: into equal parts, unequal ones, and into several. Primes are not. */
    @ParameterizedTest
    @EnumSource(names = {"FFT", "IFFT", "RFFT", "IRFFT"})
    void longTransformsAreAccurateToRounding(FourierOp op) {
        for (int length : new int[] {600, 1024, 1155, 1021 * 2, 4800}) {
            assertThat(relativeError(op, length, OnnxType.FLOAT))
                    .as("%s of %d floats", op, length)
                    .isLessThan(2 * FLOATS);
            assertThat(relativeError(op, length, OnnxType.DOUBLE))
                    .as("%s of %d doubles", op, length)
                    .isLessThan(2 * DOUBLES);
        }
    }

    /** Axes of open size are left to ONNX's operator, in doubles: they are not summed in floats. */
    @ParameterizedTest
    @EnumSource(FourierOp.class)
    void transformsOfOpenSizesAreAccurateToRounding(FourierOp op) {
        for (int length : op.axes() == 1 ? new int[] {1, 2, 7, 64, 441} : new int[] {1, 7, 10}) {
            assertThat(relativeError(op, length, OnnxType.FLOAT, true))
                    .as("%s of %d floats", op, length)
                    .isLessThan(FLOATS);
            assertThat(relativeError(op, length, OnnxType.DOUBLE, true))
                    .as("%s of %d doubles", op, length)
                    .isLessThan(OPERATOR);
        }
    }

    /** The matrix of a prime this large would not fit the file. */
    @Test
    void largePrimesAreLeftToTheOperator() {
        assertThat(relativeError(FourierOp.RFFT, 4099, OnnxType.FLOAT)).isLessThan(FLOATS);
    }

    static double relativeError(FourierOp op, int length, OnnxType type) {
        return relativeError(op, length, type, false);
    }

    /** The norm of the error over the norm of the result. The axis in the middle of three has 3 points, the others the length. */
    private static double relativeError(FourierOp op, int length, OnnxType type, boolean isOpen) {
        int[] points = switch (op.axes()) {
            case 1 -> new int[] {2, length};
            case 2 -> new int[] {2, length, length};
            default -> new int[] {2, length, 3, length};
        };
        int[] shape = points.clone();
        if (op.kind() == FourierOp.Kind.TO_REAL) {
            shape[shape.length - 1] = (int) FourierOp.columns(length);
        }
        Random random = new Random(length);
        TensorData re = random(random, type, shape);
        TensorData im = random(random, type, shape);
        List<double[]> expected = switch (op.kind()) {
            case COMPLEX ->
                parts(new ReferenceDft(re.doubles(), im.doubles(), shape).transformed(op.axes(), op.isInverse()));
            case FROM_REAL ->
                parts(new ReferenceDft(re.doubles(), new double[re.size()], shape).halfSpectrum(op.axes()));
            case TO_REAL -> List.of(new ReferenceDft(re.doubles(), im.doubles(), shape).realPoints(op.axes(), length));
        };
        List<TensorData> actual = run(op, length, op.minInputs() == 1 ? List.of(re) : List.of(re, im), isOpen);
        double error = 0;
        double size = 0;
        for (int part = 0; part < expected.size(); part++) {
            double[] want = expected.get(part);
            double[] have = actual.get(part).doubles();
            for (int i = 0; i < want.length; i++) {
                error += (have[i] - want[i]) * (have[i] - want[i]);
                size += want[i] * want[i];
            }
        }
        return Math.sqrt(error / size);
    }

    private static List<double[]> parts(ReferenceDft spectrum) {
        return List.of(spectrum.re(), spectrum.im());
    }

    private static TensorData random(Random random, OnnxType type, int[] shape) {
        long[] sizes = IntStream.of(shape).asLongStream().toArray();
        double[] elements = new double[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
        // Rounded once, so that both sides transform the same numbers.
        IntStream.range(0, elements.length).forEach(i -> elements[i] = (float) random.nextGaussian());
        return TensorData.ofDoubles(type, elements, sizes);
    }

    private static List<TensorData> run(FourierOp op, int length, List<TensorData> inputs, boolean isOpen) {
        OnnxGraph graph = new OnnxGraph("transform");
        GraphBuilder builder = new GraphBuilder(graph);
        Map<String, TensorData> feeds = new LinkedHashMap<>();
        inputs.forEach(input -> feeds.put("x" + feeds.size(), input));
        List<Value> values = new ArrayList<>(feeds.entrySet().stream()
                .map(feed -> graph.addInput(feed.getKey(), type(feed.getValue(), isOpen)))
                .toList());
        boolean hasWidth = op.kind() == FourierOp.Kind.TO_REAL;
        if (hasWidth && isOpen) {
            feeds.put("width", TensorData.ofLongs(length));
            values.add(graph.addInput("width", type(feeds.get("width"), false)));
        }
        Attributes attributes = hasWidth && !isOpen ? Attributes.of(FourierOp.WIDTH, length) : Attributes.NONE;
        List<Value> outputs = builder.node(op, attributes, values.toArray(Value[]::new));
        IntStream.range(0, outputs.size()).forEach(i -> graph.bindOutput("y" + i, outputs.get(i)));
        PassPipeline.standard().run(graph);
        return TensorRuns.onnx(OnnxWriter.write(graph, Map.of()).toByteArray(), feeds);
    }

    private static TensorType type(TensorData data, boolean isOpen) {
        TensorShape shape = TensorShape.of(data.shape());
        TensorShape open = new TensorShape(IntStream.range(0, shape.rank())
                .mapToObj(axis -> Dim.symbol("size_" + axis))
                .toList());
        return new TensorType(data.type(), isOpen ? open : shape);
    }
}
