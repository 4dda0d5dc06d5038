package io.portolan.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.TensorFlowModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The comparison finds inputs that a model accepts, and does not reject correct models. */
class GraphParityTest {
    @TempDir
    private Path folder;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);

    @AfterEach
    void close() {
        graph.close();
    }

    private Placeholder<TFloat32> floats(long... shape) {
        return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
    }

    private ConversionReport convert(Operand<?> output, InputSample... samples) throws Exception {
        String tensor = output.asOutput().op().name();
        try (Session session = new Session(graph)) {
            return new TensorFlowConverter()
                    .convert(
                            TensorFlowModel.of(session, inputs(), Map.of(tensor, "y")),
                            folder.resolve("model.onnx"),
                            ConversionOptions.defaults().withSamples(List.of(samples)));
        }
    }

    private Map<String, String> inputs() {
        return graph.operation("n") == null ? Map.of("x", "x") : Map.of("x", "x", "n", "n");
    }

    @Test
    void idsThatAreFloatsAreTriedAsSmallIntegers() throws Exception {
        Operand<TFloat32> table = tf.constant(new float[][] {{1, 2}, {3, 4}, {5, 6}});
        ConversionReport report =
                convert(tf.gather(table, tf.dtypes.cast(floats(-1, 4), TInt32.class), tf.constant(0)));
        assertThat(report.parity())
                .singleElement()
                .satisfies(row -> assertThat(row.inputs()).isEqualTo("random non-negative numbers"));
    }

    @Test
    void sizesAreNotZero() throws Exception {
        Placeholder<TInt32> size = tf.withName("n").placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
        ConversionReport report = convert(tf.fill(size, tf.reduceSum(floats(3), tf.constant(0))));
        // A tensor without elements is accepted, but tells nothing.
        assertThat(report.parity())
                .singleElement()
                .satisfies(row -> assertThat(row.rows()).isPositive());
    }

    @Test
    void anOpenAxisIsTriedWithLargerSizes() throws Exception {
        Operand<TFloat32> x = floats(-1, -1);
        Operand<TFloat32> frames = tf.slice(x, tf.constant(new int[] {0, 100}), tf.constant(new int[] {-1, 20}));
        assertThat(convert(tf.math.tanh(frames)).parity())
                .singleElement()
                .satisfies(row -> assertThat(row.inputs()).isEqualTo("random numbers, open sizes 128"));
    }

    @Test
    void whatNoNumberMakesANumberOfIsComparedAllTheSame() throws Exception {
        Operand<TFloat32> negative = tf.math.neg(tf.math.add(tf.math.square(floats(4)), tf.constant(1f)));
        assertThat(convert(tf.math.log(negative)).parity().get(0).inputs()).isEqualTo("random numbers");
    }

    @Test
    void numbersOfWhichTheModelMakesNumbersArePreferred() throws Exception {
        Operand<TFloat32> smallest = tf.min(floats(64), tf.constant(0));
        assertThat(convert(tf.math.log(smallest)).parity().get(0).inputs()).isEqualTo("random non-negative numbers");
    }

    @Test
    void aSaturatedSigmoidIsHeldToWhatRuntimesComputeItTo() throws Exception {
        Operand<TFloat32> far = tf.math.sub(floats(-1, 8), tf.constant(20f));
        ConversionReport report = convert(tf.math.sigmoid(far));
        assertThat(report.parity())
                .singleElement()
                .satisfies(row -> assertThat(row.tolerance()).isBetween(1e-7, 3e-7));
    }

    @Test
    void noiseOfTheWeightsCounts() throws Exception {
        float[][] weights = new float[8][8];
        for (int i = 0; i < 64; i++) {
            weights[i / 8][i % 8] = (float) Math.sin(i * i);
        }
        Operand<TFloat32> product = tf.linalg.matMul(floats(-1, 8), tf.constant(weights));
        // A difference of nearly equal numbers.
        Operand<TFloat32> difference = tf.math.sub(tf.math.add(product, tf.constant(1e3f)), tf.constant(999f));
        assertThat(convert(difference).parity())
                .singleElement()
                .satisfies(row -> assertThat(row.noise()).isGreaterThan(1e-5));
    }

    @Test
    void ownSamplesAreComparedAndNamed() throws Exception {
        InputSample one = new InputSample("one.npz", Map.of("x", TensorData.of(new float[] {1, 2}, 1, 2)));
        InputSample two = new InputSample("two.npz", Map.of("x", TensorData.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2)));
        Operand<TFloat32> y = tf.math.exp(floats(-1, 2));
        assertThat(convert(y, one, two).parity())
                .extracting(OutputParity::inputs)
                .containsExactly("one.npz", "two.npz");
    }

    @Test
    void samplesThatDoNotFitAreRefusedByName() {
        Operand<TFloat32> y = tf.math.exp(floats(-1, 2));
        InputSample unknown = new InputSample("a.npz", Map.of("z", TensorData.of(new float[] {1, 2}, 1, 2)));
        InputSample narrow = new InputSample("b.npz", Map.of("x", TensorData.of(new float[] {1, 2, 3}, 1, 3)));
        InputSample integers =
                new InputSample("c.npz", Map.of("x", TensorData.ofDoubles(OnnxType.INT32, new double[2], 1, 2)));
        for (InputSample sample : List.of(unknown, narrow, integers)) {
            assertThatExceptionOfType(ConversionException.class)
                    .isThrownBy(() -> convert(y, sample))
                    .withMessageStartingWith(sample.name())
                    .withMessageContaining("expected")
                    .withMessageContaining("x");
        }
    }
}
