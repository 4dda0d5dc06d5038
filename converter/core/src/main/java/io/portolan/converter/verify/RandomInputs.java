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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Random inputs to run a model on. Few models accept any numbers and any sizes, and a graph does not tell which it accepts: so there
 * are several kinds of numbers and several sizes, to be tried one after the other.
 */
final class RandomInputs {
    /** More than one, because a batch of one could hide a wrong broadcast. */
    private static final long BATCH = 2;

    /** The batch of models that take texts, as few of these have much to do with each other. */
    private static final long BATCH_OF_TEXTS = 16;

    /** Sizes of dynamic axes other than the first: windows and strides must fit, and audio frames are long. */
    private static final long[] OPEN_SIZES = {32, 128, 224, 513, 2048, 16000};

    private static final int LARGEST = 1 << 24;

    /** The distribution of the numbers. */
    private enum Kind {
        NORMAL("random numbers", Random::nextGaussian, random -> random.nextInt(2), SampleTexts::any),
        /** For logarithms, roots and probabilities. */
        NON_NEGATIVE(
                "random non-negative numbers",
                random -> Math.abs(random.nextGaussian()),
                random -> random.nextInt(2),
                SampleTexts::known),
        /** For indices of any element type, and for sizes, which are not 0. */
        SMALL_INTEGERS(
                "small positive integers",
                random -> 1 + random.nextInt(2),
                random -> 1 + random.nextInt(2),
                (texts, random) -> SampleTexts.number(random));

        private final String label;
        private final ToDoubleFunction<Random> floating;
        private final ToDoubleFunction<Random> integer;
        private final BiFunction<SampleTexts, Random, String> text;

        Kind(
                String label,
                ToDoubleFunction<Random> floating,
                ToDoubleFunction<Random> integer,
                BiFunction<SampleTexts, Random, String> text) {
            this.label = label;
            this.floating = floating;
            this.integer = integer;
            this.text = text;
        }

        double next(OnnxType type, Random random) {
            return type == OnnxType.BOOL
                    ? random.nextInt(2)
                    : (type.isFloating() ? floating : integer).applyAsDouble(random);
        }
    }

    private RandomInputs() {}

    /**
     * Samples in the order in which to try them; those that would take too much memory are left out.
     *
     * @param texts what inputs of texts are drawn from
     */
    static List<InputSample> candidates(List<Value> inputs, SampleTexts texts, long seed) {
        boolean open = inputs.stream()
                .anyMatch(input -> input.shape().dims().stream()
                        .skip(1)
                        .anyMatch(dim -> dim.size().isEmpty()));
        boolean hasTexts = inputs.stream().anyMatch(input -> input.element() == OnnxType.STRING);
        long batch = hasTexts ? BATCH_OF_TEXTS : BATCH;
        List<InputSample> candidates = new ArrayList<>();
        for (long size : open ? OPEN_SIZES : new long[] {OPEN_SIZES[0]}) {
            if (inputs.stream().allMatch(input -> elements(shape(input, batch, size)) <= LARGEST)) {
                for (Kind kind : Kind.values()) {
                    candidates.add(new InputSample(
                            open ? kind.label + ", open sizes " + size : kind.label,
                            tensors(inputs, input -> shape(input, batch, size), kind, texts, new Random(seed))));
                }
            }
        }
        return candidates;
    }

    private static Map<String, TensorData> tensors(
            List<Value> inputs, Function<Value, long[]> shapes, Kind kind, SampleTexts texts, Random random) {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (Value input : inputs) {
            long[] shape = shapes.apply(input);
            int count = (int) elements(shape);
            tensors.put(
                    input.name(),
                    input.element() == OnnxType.STRING
                            ? TensorData.ofTexts(
                                    Stream.generate(() -> kind.text.apply(texts, random))
                                            .limit(count)
                                            .toList(),
                                    shape)
                            : TensorData.ofDoubles(
                                    input.element(),
                                    DoubleStream.generate(() -> kind.next(input.element(), random))
                                            .limit(count)
                                            .toArray(),
                                    shape));
        }
        return tensors;
    }

    private static long[] shape(Value input, long batch, long size) {
        List<Dim> dims = input.shape().dims();
        long[] shape = new long[dims.size()];
        Arrays.setAll(shape, axis -> dims.get(axis).size().orElse(axis == 0 ? batch : size));
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
