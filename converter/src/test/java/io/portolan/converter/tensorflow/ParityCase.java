package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * A small TensorFlow graph whose conversion must compute the same.
 *
 * @param name what is tested
 * @param inputs its placeholders
 * @param tolerance the largest error allowed in each element, relative to its size or to 1, whichever is larger
 * @param body makes the outputs from the placeholders
 */
record ParityCase(String name, List<Feed> inputs, double tolerance,
                  BiFunction<RawOps, List<Output<?>>, List<Output<?>>> body) {
    /** A few roundings of float32, as two libraries may sum and approximate in different orders. */
    static final double FLOAT_ROUNDING = 2e-6;

    /** One placeholder and what is fed into it; a size of -1 is open and takes the batch. */
    record Feed(DataType type, ToDoubleFunction<Random> element, long... shape) {
        TensorData sample(Random random, long batch) {
            long[] sizes = Arrays.stream(shape).map(size -> size < 0 ? batch : size).toArray();
            double[] elements = new double[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
            Arrays.setAll(elements, i -> element.applyAsDouble(random));
            return TensorData.ofDoubles(TensorFlowTypes.element(type), elements, sizes);
        }
    }

    /** Normally distributed floats. */
    static Feed normal(long... shape) {
        return new Feed(DataType.DT_FLOAT, Random::nextGaussian, shape);
    }

    /** Floats spread evenly between bounds. */
    static Feed between(double low, double high, long... shape) {
        return new Feed(DataType.DT_FLOAT, random -> low + (high - low) * random.nextDouble(), shape);
    }

    /** One of the values given, for each element. */
    static Feed oneOf(DataType type, double[] values, long... shape) {
        return new Feed(type, random -> values[random.nextInt(values.length)], shape);
    }

    static Feed truth(long... shape) {
        return oneOf(DataType.DT_BOOL, new double[] {0, 1}, shape);
    }

    /** A case with one input and one output. */
    static ParityCase of(String name, Feed input, BiFunction<RawOps, Output<?>, Output<?>> body) {
        return new ParityCase(name, List.of(input), FLOAT_ROUNDING,
                (tf, inputs) -> List.of(body.apply(tf, inputs.get(0))));
    }

    /** A case with two inputs and one output. */
    static ParityCase of(String name, Feed left, Feed right, Binary body) {
        return new ParityCase(name, List.of(left, right), FLOAT_ROUNDING,
                (tf, inputs) -> List.of(body.apply(tf, inputs.get(0), inputs.get(1))));
    }

    /** Makes one output from two inputs. */
    interface Binary {
        Output<?> apply(RawOps tf, Output<?> left, Output<?> right);
    }

    /** The same case with another tolerance. */
    ParityCase within(double other) {
        return new ParityCase(name, inputs, other, body);
    }

    /** Placeholders {@code x0}, {@code x1}, ... and the outputs in a graph. */
    List<Output<?>> build(Graph graph) {
        RawOps tf = new RawOps(graph);
        List<Output<?>> placeholders = new ArrayList<>();
        for (Feed feed : inputs) {
            placeholders.add(tf.placeholder("x" + placeholders.size(), feed.type(), feed.shape()));
        }
        return body.apply(tf, placeholders);
    }

    @Override
    public String toString() {
        return name;
    }
}
