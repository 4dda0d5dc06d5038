package io.portolan.converter.verify;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Random inputs to run a model on. Few models accept any numbers and any sizes, and a graph does not tell which it accepts: so there
 * are several kinds of numbers and several sizes, to be tried one after the other.
 */
final class RandomInputs {
    /** More than one, because a batch of one could hide a wrong broadcast. */
    private static final long BATCH = 2;

    /** Sizes of dynamic axes other than the first: windows and strides must fit, and audio frames are long. */
    private static final long[] OPEN_SIZES = {32, 128, 224, 513, 2048, 16000};

    private static final int LARGEST = 1 << 24;

    /** The distribution of the numbers. */
    private enum Kind {
        NORMAL("random numbers", Random::nextGaussian, random -> random.nextInt(2)),
        /** For logarithms, roots and probabilities. */
        NON_NEGATIVE(
                "random non-negative numbers", random -> Math.abs(random.nextGaussian()), random -> random.nextInt(2)),
        /** For indices of any element type, and for sizes, which are not 0. */
        SMALL_INTEGERS("small positive integers", random -> 1 + random.nextInt(2), random -> 1 + random.nextInt(2));

        private final String label;
        private final ToDoubleFunction<Random> floating;
        private final ToDoubleFunction<Random> integer;

        Kind(String label, ToDoubleFunction<Random> floating, ToDoubleFunction<Random> integer) {
            this.label = label;
            this.floating = floating;
            this.integer = integer;
        }

        double next(OnnxType type, Random random) {
            return type == OnnxType.BOOL
                    ? random.nextInt(2)
                    : (type.isFloating() ? floating : integer).applyAsDouble(random);
        }
    }

    private RandomInputs() {}

    /** Samples in the order in which to try them; those that would take too much memory are left out. */
    static List<InputSample> candidates(List<Value> inputs, long seed) {
        boolean open = inputs.stream()
                .anyMatch(input -> input.shape().dims().stream()
                        .skip(1)
                        .anyMatch(dim -> dim.size().isEmpty()));
        List<InputSample> candidates = new ArrayList<>();
        for (long size : open ? OPEN_SIZES : new long[] {OPEN_SIZES[0]}) {
            if (inputs.stream().allMatch(input -> elements(shape(input, size)) <= LARGEST)) {
                for (Kind kind : Kind.values()) {
                    candidates.add(sample(inputs, kind, size, open, seed));
                }
            }
        }
        return candidates;
    }

    private static InputSample sample(List<Value> inputs, Kind kind, long size, boolean open, long seed) {
        Random random = new Random(seed);
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (Value input : inputs) {
            long[] shape = shape(input, size);
            double[] elements = new double[(int) elements(shape)];
            Arrays.setAll(elements, i -> kind.next(input.element(), random));
            tensors.put(
                    input.name(),
                    input.element() == OnnxType.STRING
                            ? texts(elements, shape)
                            : TensorData.ofDoubles(input.element(), elements, shape));
        }
        return new InputSample(open ? kind.label + ", open sizes " + size : kind.label, tensors);
    }

    /** Whole numbers as texts, which may stand for words and for numbers. */
    private static TensorData texts(double[] numbers, long[] shape) {
        return TensorData.ofTexts(
                Arrays.stream(numbers)
                        .mapToObj(number -> Long.toString((long) number))
                        .toList(),
                shape);
    }

    private static long[] shape(Value input, long size) {
        List<Dim> dims = input.shape().dims();
        long[] shape = new long[dims.size()];
        Arrays.setAll(shape, axis -> dims.get(axis).size().orElse(axis == 0 ? BATCH : size));
        return shape;
    }

    private static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            // An overflow is far above the limit.
            elements = size != 0 && elements > Long.MAX_VALUE / size ? Long.MAX_VALUE : elements * size;
        }
        return elements;
    }
}
