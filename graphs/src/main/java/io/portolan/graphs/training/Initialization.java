package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.Initializer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/**
 * Initial weights for training. The distributions are those of the reference and of flax, but the random numbers are
 * not, because JAX's generator is not reproduced. The same configuration and seed give the same weights.
 */
public final class Initialization {
    /** Standard deviation of a standard normal distribution truncated at ±2. */
    private static final double TRUNCATED_DEVIATION = 0.87962566103423978;

    private static final double CUT = 2;
    private static final double SMALL = 0.02;
    private static final int SPECTRAL_RANK = 3;

    private final SplittableRandom seeds;

    private Initialization(long seed) {
        this.seeds = new SplittableRandom(seed);
    }

    /** Creates initial weights for a model, without epoch and step. */
    public static Checkpoint of(ModelConfig config, long seed) {
        RecordedShapes shapes = RecordedShapes.of(config);
        Initialization initialization = new Initialization(seed);
        return new Checkpoint(
                initialization.fill(shapes.parameters(), shapes.initializers()),
                initialization.fill(shapes.statistics(), Map.of()),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Map.of());
    }

    private ParameterTree fill(SortedMap<String, long[]> shapes, Map<String, Initializer> initializers) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        shapes.forEach((path, shape) -> arrays.put(
                path,
                ArrayData.ofFloats(shape, values(path, shape, initializers.getOrDefault(path, Initializer.BY_NAME)))));
        return ParameterTree.of(arrays);
    }

    private float[] values(String path, long[] shape, Initializer initializer) {
        Random random = new Random(seeds.nextLong());
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        if (initializer instanceof Initializer.Constant constant) {
            Arrays.fill(values, (float) constant.value());
        } else if (initializer instanceof Initializer.Normal normal) {
            normal(random, values, normal.deviation());
        } else if (initializer instanceof Initializer.Uniform range) {
            fill(values, i -> range.low() + (range.high() - range.low()) * random.nextDouble());
        } else if (initializer instanceof Initializer.LogUniform range) {
            double low = Math.log(range.low());
            fill(values, i -> low + (Math.log(range.high()) - low) * random.nextDouble());
        } else if (initializer instanceof Initializer.LogOfUniform range) {
            fill(
                    values,
                    i -> range.factor() * Math.log(range.low() + (range.high() - range.low()) * random.nextDouble()));
        } else if (initializer instanceof Initializer.Glorot) {
            double bound = Math.sqrt(6 / (fanIn(shape) + fanOut(shape)));
            fill(values, i -> bound * (2 * random.nextDouble() - 1));
        } else if (initializer instanceof Initializer.Symmetric symmetric) {
            return symmetrised(values(path, shape, symmetric.of()), Math.toIntExact(shape[shape.length - 1]));
        } else if (initializer instanceof Initializer.Gabor) {
            gabor(values, Math.toIntExact(shape[0]), Math.toIntExact(shape[3]));
        } else if (initializer instanceof Initializer.OfIndex index) {
            int last = Math.toIntExact(shape[shape.length - 1]);
            fill(values, i -> index.value().applyAsDouble(i % last));
        } else {
            byName(random, path, values, shape);
        }
        return values;
    }

    /** The mean of each square matrix and its transpose. */
    private static float[] symmetrised(float[] values, int size) {
        float[] symmetric = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int inMatrix = i % (size * size);
            int transposed = i - inMatrix + inMatrix % size * size + inMatrix / size;
            symmetric[i] = (values[i] + values[transposed]) / 2;
        }
        return symmetric;
    }

    /** A grating of two periods under a Gaussian a quarter of the filter wide, of zero mean and unit length. */
    private static void gabor(float[] values, int side, int channels) {
        double middle = (side - 1) / 2.0;
        for (int channel = 0; channel < channels; channel++) {
            double angle = Math.PI * channel / channels;
            double phase = channel % 2 * Math.PI / 2;
            double[] filter = new double[side * side];
            for (int i = 0; i < filter.length; i++) {
                double y = i / side - middle;
                double x = i % side - middle;
                double along = x * Math.cos(angle) + y * Math.sin(angle);
                double bell = Math.exp(-(x * x + y * y) / (2 * side * side / 16.0));
                filter[i] = bell * Math.cos(4 * Math.PI * along / side + phase);
            }
            double mean = Arrays.stream(filter).average().orElse(0);
            double length = Math.sqrt(Arrays.stream(filter)
                    .map(value -> (value - mean) * (value - mean))
                    .sum());
            for (int i = 0; i < filter.length; i++) {
                values[i * channels + channel] = (float) ((filter[i] - mean) / length);
            }
        }
    }

    /** Everything that one input goes into. */
    private static double fanOut(long[] shape) {
        return (double) shape[shape.length - 1]
                * Arrays.stream(shape, 0, Math.max(0, shape.length - 2)).reduce(1, Math::multiplyExact);
    }

    private static void fill(float[] values, IntToDoubleFunction value) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
    }

    private static void byName(Random random, String path, float[] values, long[] shape) {
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "bias", "mean" -> {}
            case "scale", "var" -> Arrays.fill(values, 1);
            case "pos_embed" -> normal(random, values, SMALL);
            case "kernel", "kernel_q", "kernel_k", "kernel_v", "k_exc", "k_inh", "attn_kernel", "q_conv_kernel" -> {
                if (shape.length == SPECTRAL_RANK && !path.contains("conv")) {
                    // A spectral kernel (C, s, s), whose fans flax takes to be C·s both.
                    truncatedNormal(random, values, (double) shape[0] * shape[1]);
                } else {
                    truncatedNormal(random, values, fanIn(shape));
                }
            }
            default -> throw new IllegalStateException("no initialiser is known for '" + path + "'");
        }
    }

    /** Number of inputs of one output, for a Dense layer (in, out) or a convolution (h, w, in, out). */
    private static double fanIn(long[] shape) {
        return Arrays.stream(shape, 0, shape.length - 1).reduce(1, Math::multiplyExact);
    }

    private static void normal(Random random, float[] values, double deviation) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
    }

    /**
     * Draws from a truncated normal distribution of variance 1 / fan, as flax's lecun_normal and glorot_normal do; both
     * correct for the truncation.
     */
    private static void truncatedNormal(Random random, float[] values, double fan) {
        double deviation = Math.sqrt(1 / fan) / TRUNCATED_DEVIATION;
        for (int i = 0; i < values.length; i++) {
            double value = random.nextGaussian();
            while (Math.abs(value) > CUT) {
                value = random.nextGaussian();
            }
            values[i] = (float) (deviation * value);
        }
    }
}
