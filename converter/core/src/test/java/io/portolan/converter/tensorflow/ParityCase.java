package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * A small TensorFlow graph whose conversion must compute the same, with every element type that its op is supported for.
 *
 * @param name what is tested; the first word is the op
 * @param only the element types it is run with, as far as the op has them; if empty, all that the op has, or one if no input
 *     goes by the type
 * @param inputs its placeholders
 * @param tolerance the largest error allowed in each float, relative to its size or to 1, whichever is larger; for doubles it is
 *     as many units in the last place, and integers are to be the same
 * @param body makes the outputs from the placeholders
 * @param reference makes what they should be, if TensorFlow cannot run the op itself
 */
record ParityCase(
        String name,
        Optional<ElementTypes> only,
        List<Feed> inputs,
        double tolerance,
        BiFunction<RawOps, List<Output<?>>, List<Output<?>>> body,
        Optional<BiFunction<RawOps, List<Output<?>>, List<Output<?>>>> reference) {
    /** A few roundings of float32, as two libraries may sum and approximate in different orders. */
    static final double FLOAT_ROUNDING = 2e-6;

    /**
     * One placeholder and what is fed into it.
     *
     * @param type the element type; null for the one that the case is run with
     * @param integerScale what numbers are multiplied by before they are rounded to integers
     * @param shape a size of -1 is open and takes the batch
     */
    record Feed(DataType type, ToDoubleFunction<Random> element, double integerScale, long... shape) {
        /** The same, whatever type the case is run with. */
        Feed of(DataType fixed) {
            return new Feed(fixed, element, integerScale, shape);
        }

        TensorData sample(OnnxType as, Random random, long batch) {
            long[] sizes =
                    Arrays.stream(shape).map(size -> size < 0 ? batch : size).toArray();
            double[] elements = new double[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
            Arrays.setAll(elements, i -> rounded(as, element.applyAsDouble(random)));
            return TensorData.ofDoubles(as, elements, sizes);
        }

        private double rounded(OnnxType as, double number) {
            if (as == OnnxType.BOOL) {
                return number > 0 ? 1 : 0;
            }
            return as.isInteger() ? Math.rint(number * integerScale) : number;
        }
    }

    /** Normally distributed numbers. */
    static Feed normal(long... shape) {
        return new Feed(null, Random::nextGaussian, 3, shape);
    }

    /** Numbers spread evenly between bounds. */
    static Feed between(double low, double high, long... shape) {
        return new Feed(null, random -> low + (high - low) * random.nextDouble(), 1, shape);
    }

    /** One of the values given, for each element. */
    static Feed oneOf(double[] values, long... shape) {
        return oneOf(null, values, shape);
    }

    /** One of the values given, for each element, whatever type the case is run with. */
    static Feed oneOf(DataType type, double[] values, long... shape) {
        return new Feed(type, random -> values[random.nextInt(values.length)], 1, shape);
    }

    static Feed truth(long... shape) {
        return oneOf(DataType.DT_BOOL, new double[] {0, 1}, shape);
    }

    /** A case with one input and one output. */
    static ParityCase of(String name, Feed input, BiFunction<RawOps, Output<?>, Output<?>> body) {
        return many(name, List.of(input), (tf, inputs) -> List.of(body.apply(tf, inputs.get(0))));
    }

    /** A case with two inputs and one output. */
    static ParityCase of(String name, Feed left, Feed right, Binary body) {
        return many(name, List.of(left, right), (tf, inputs) -> List.of(body.apply(tf, inputs.get(0), inputs.get(1))));
    }

    /** A case with any number of inputs and outputs. */
    static ParityCase many(String name, List<Feed> inputs, BiFunction<RawOps, List<Output<?>>, List<Output<?>>> body) {
        return new ParityCase(name, Optional.empty(), inputs, FLOAT_ROUNDING, body, Optional.empty());
    }

    /** Makes one output from two inputs. */
    interface Binary {
        Output<?> apply(RawOps tf, Output<?> left, Output<?> right);
    }

    /** The same case with another tolerance. */
    ParityCase within(double other) {
        return new ParityCase(name, only, inputs, other, body, reference);
    }

    /** The same case with these element types only. */
    ParityCase on(ElementTypes others) {
        return new ParityCase(name, Optional.of(others), inputs, tolerance, body, reference);
    }

    /** The same case of an op for which TensorFlow has no kernel on a CPU; other ops make what its output should be. */
    ParityCase insteadOf(BiFunction<RawOps, Output<?>, Output<?>> other) {
        return new ParityCase(
                name,
                only,
                inputs,
                tolerance,
                body,
                Optional.of((tf, given) -> List.of(other.apply(tf, given.get(0)))));
    }

    /** The op that is tested. */
    String op() {
        return name.split("[ ,]", 2)[0];
    }

    @Override
    public String toString() {
        return name;
    }
}
