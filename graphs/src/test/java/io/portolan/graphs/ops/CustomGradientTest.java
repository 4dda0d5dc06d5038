package io.portolan.graphs.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Checks every custom gradient rule against finite differences along random directions. */
class CustomGradientTest {
    /**
     * A central difference of float32 values over 1e-2: 1e-7 of rounding in each, and the third derivative times 1e-4.
     */
    private static final double TOLERANCE = 2e-3;

    private interface Function extends BiFunction<Ops, List<Operand<TFloat32>>, List<Operand<TFloat32>>> {}

    static Stream<Arguments> functions() {
        Function rfft2 = (tf, in) -> new Fft(tf, 6, 10).rfft2(in.get(0)).parts();
        Function rfft2Odd = (tf, in) -> new Fft(tf, 7, 5).rfft2(in.get(0)).parts();
        Function irfft2 = (tf, in) -> List.of(new Fft(tf, 6, 10).irfft2(ComplexTensor.ofParts(tf, in)));
        Function irfft2Odd = (tf, in) -> List.of(new Fft(tf, 7, 5).irfft2(ComplexTensor.ofParts(tf, in)));
        // Values around 3, so that the differences reach neither the floor nor the branch cut of the phase.
        Function toGoom = (tf, in) -> new Goom(tf)
                .toGoom(ComplexTensor.ofParts(tf, in).times(tf.constant(0.3f)).plusReal(tf.constant(3f)))
                .parts();
        Function fromGoom =
                (tf, in) -> new Goom(tf).fromGoom(ComplexTensor.ofParts(tf, in)).parts();
        Function logAddExp = (tf, in) -> new Goom(tf)
                .logAddExp(
                        ComplexTensor.ofParts(tf, in).times(tf.constant(0.3f)),
                        ComplexTensor.ofParts(tf, in.subList(2, 4)).times(tf.constant(0.3f)))
                .parts();
        Function add = (tf, in) -> List.of(PerChannel.add(tf, in.get(0), in.get(1)));
        Function multiply = (tf, in) -> List.of(PerChannel.multiply(tf, in.get(0), in.get(1)));
        return Stream.of(
                Arguments.of("rfft2, even", rfft2, List.of(Shape.of(2, 6, 10))),
                Arguments.of("rfft2, odd", rfft2Odd, List.of(Shape.of(2, 7, 5))),
                Arguments.of("irfft2, even", irfft2, List.of(Shape.of(2, 6, 6), Shape.of(2, 6, 6))),
                Arguments.of("irfft2, odd", irfft2Odd, List.of(Shape.of(2, 7, 3), Shape.of(2, 7, 3))),
                Arguments.of("toGoom", toGoom, List.of(Shape.of(5), Shape.of(5))),
                Arguments.of("fromGoom", fromGoom, List.of(Shape.of(5), Shape.of(5))),
                Arguments.of("logAddExp", logAddExp, List.of(Shape.of(5), Shape.of(5), Shape.of(5), Shape.of(5))),
                Arguments.of("add per channel", add, List.of(Shape.of(2, 3, 4), Shape.of(4))),
                Arguments.of("multiply per channel", multiply, List.of(Shape.of(2, 3, 4), Shape.of(4))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void theRuleIsTheDerivative(String name, Function function, List<Shape> shapes) {
        try (DirectionalCheck check = new DirectionalCheck(function, shapes)) {
            for (int seed = 0; seed < 3; seed++) {
                assertThat(check.error(seed)).isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void aFlippedSignIsFound() {
        Function wrong = (tf, in) -> CustomVjp.attach(
                tf,
                in,
                List.of(tf.math.sin(in.get(0))),
                (at, gradients) -> List.of(at.math.neg(at.math.mul(gradients.get(0), at.math.cos(in.get(0))))));
        Function right = (tf, in) -> CustomVjp.attach(
                tf,
                in,
                List.of(tf.math.sin(in.get(0))),
                (at, gradients) -> List.of(at.math.mul(gradients.get(0), at.math.cos(in.get(0)))));
        try (DirectionalCheck flipped = new DirectionalCheck(wrong, List.of(Shape.of(5)));
                DirectionalCheck sound = new DirectionalCheck(right, List.of(Shape.of(5)))) {
            assertThat(flipped.error(1)).isGreaterThan(1);
            assertThat(sound.error(1)).isLessThan(TOLERANCE);
        }
    }

    /** More rules than TensorFlow Java allows registrations. */
    @Test
    void anyNumberOfRulesFitsAGraph() {
        Function chain = (tf, in) -> {
            Operand<TFloat32> x = in.get(0);
            for (int i = 0; i < 25; i++) {
                int factor = i % 2 == 0 ? 2 : -1;
                x = CustomVjp.attach(
                                tf,
                                List.of(x),
                                List.of(tf.math.mul(x, tf.constant((float) factor))),
                                (at, gradients) -> List.of(at.math.mul(gradients.get(0), at.constant((float) factor))))
                        .get(0);
            }
            return List.of(tf.math.mul(x, tf.constant(1e-4f)));
        };
        try (DirectionalCheck check = new DirectionalCheck(chain, List.of(Shape.of(3)))) {
            assertThat(check.error(1)).isLessThan(TOLERANCE);
        }
    }

    /** A weighted sum of a function's outputs, its gradient, and the same slope by a finite difference. */
    private static final class DirectionalCheck implements AutoCloseable {
        private static final float STEP = 1e-2f;

        private final Graph graph = new Graph();
        private final Session session = new Session(graph);
        private final List<Shape> shapes;
        private final List<Operand<TFloat32>> inputs = new ArrayList<>();
        private final Operand<TFloat32> scalar;
        private final List<Operand<TFloat32>> gradients;

        DirectionalCheck(Function function, List<Shape> shapes) {
            this.shapes = shapes;
            Ops tf = Ops.create(graph);
            shapes.forEach(shape -> inputs.add(tf.placeholder(TFloat32.class, Placeholder.shape(shape))));
            List<Operand<TFloat32>> terms = new ArrayList<>();
            Random random = new Random(7);
            for (Operand<TFloat32> output : function.apply(tf, inputs)) {
                Operand<TFloat32> weights = tf.constant(output.shape(), DataBuffers.of(normal(random, output.shape())));
                Operand<TFloat32> flat = tf.reshape(tf.math.mul(output, weights), tf.constant(new int[] {-1}));
                terms.add(tf.sum(flat, tf.constant(0)));
            }
            scalar = tf.math.addN(terms);
            gradients = Gradients.of(graph, scalar, inputs);
        }

        /** Difference of the two slopes, relative to the larger. */
        double error(long seed) {
            Random random = new Random(seed);
            List<float[]> at =
                    shapes.stream().map(shape -> normal(random, shape)).toList();
            List<float[]> direction =
                    shapes.stream().map(shape -> normal(random, shape)).toList();
            List<float[]> slopes = run(at, gradients);
            double slope = 0;
            for (int i = 0; i < slopes.size(); i++) {
                for (int k = 0; k < slopes.get(i).length; k++) {
                    slope += slopes.get(i)[k] * direction.get(i)[k];
                }
            }
            double up = run(moved(at, direction, STEP), List.of(scalar)).get(0)[0];
            double down = run(moved(at, direction, -STEP), List.of(scalar)).get(0)[0];
            double difference = (up - down) / (2 * STEP);
            return Math.abs(slope - difference) / Math.max(Math.abs(slope), Math.abs(difference));
        }

        private List<float[]> run(List<float[]> values, List<Operand<TFloat32>> fetches) {
            Session.Runner runner = session.runner();
            fetches.forEach(runner::fetch);
            List<TFloat32> fed = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                fed.add(TFloat32.tensorOf(shapes.get(i), DataBuffers.of(values.get(i))));
                runner.feed(inputs.get(i), fed.get(i));
            }
            try (Result result = runner.run()) {
                List<float[]> fetched = new ArrayList<>();
                result.forEach(entry -> {
                    TFloat32 tensor = (TFloat32) entry.getValue();
                    float[] numbers = new float[(int) tensor.size()];
                    tensor.copyTo(DataBuffers.of(numbers, false, false));
                    fetched.add(numbers);
                });
                return fetched;
            } finally {
                fed.forEach(TFloat32::close);
            }
        }

        private static List<float[]> moved(List<float[]> at, List<float[]> direction, float step) {
            List<float[]> moved = new ArrayList<>();
            for (int i = 0; i < at.size(); i++) {
                float[] values = at.get(i).clone();
                for (int k = 0; k < values.length; k++) {
                    values[k] += step * direction.get(i)[k];
                }
                moved.add(values);
            }
            return moved;
        }

        private static float[] normal(Random random, Shape shape) {
            float[] values = new float[(int) shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }

        @Override
        public void close() {
            session.close();
            graph.close();
            Gradients.forget(graph);
        }
    }
}
