package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.config.CellType;
import io.portolan.graphs.config.ModelConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.SplittableRandom;

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

    private final ModelConfig config;
    private final SplittableRandom seeds;

    private Initialization(ModelConfig config, long seed) {
        this.config = config;
        this.seeds = new SplittableRandom(seed);
    }

    /** Creates initial weights for a model, without epoch and step. */
    public static Checkpoint of(ModelConfig config, long seed) {
        RecordedShapes shapes = RecordedShapes.of(config);
        Initialization initialization = new Initialization(config, seed);
        return new Checkpoint(
                initialization.fill(shapes.parameters()),
                initialization.fill(shapes.statistics()),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Map.of());
    }

    private ParameterTree fill(SortedMap<String, long[]> shapes) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        shapes.forEach((path, shape) -> arrays.put(path, ArrayData.ofFloats(shape, values(path, shape))));
        return ParameterTree.of(arrays);
    }

    private float[] values(String path, long[] shape) {
        Random random = new Random(seeds.nextLong());
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "bias", "mean" -> {}
            case "scale", "var" -> Arrays.fill(values, 1);
            case "pos_embed" -> normal(random, values, SMALL);
            case "kernel", "k_exc", "k_inh" -> {
                if (shape.length == SPECTRAL_RANK) {
                    spectral(random, values, shape);
                } else {
                    truncatedNormal(random, values, fanIn(shape));
                }
            }
            default -> throw new IllegalStateException("no initialiser is known for '" + path + "'");
        }
        return values;
    }

    /** Initialises a spectral kernel (C, s, s), for which flax takes both fans to be C·s. */
    private void spectral(Random random, float[] values, long[] shape) {
        if (config.cell() == CellType.GATED) {
            normal(random, values, SMALL);
        } else {
            truncatedNormal(random, values, (double) shape[0] * shape[1]);
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
