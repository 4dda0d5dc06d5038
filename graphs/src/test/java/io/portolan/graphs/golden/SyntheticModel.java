package io.portolan.graphs.golden;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Mode;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Weights;
import io.portolan.graphs.model.Model;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A checkpoint for any configuration, filled by a linear congruential generator as the reference's golden vectors were:
 * leaf number k, in sorted order, starts from seed k.
 */
final class SyntheticModel {
    private static final double AMPLITUDE = 0.25;
    private static final double STATISTICS_AMPLITUDE = 0.5;
    private static final long STATISTICS_SEED = 1000;

    private SyntheticModel() {}

    static Checkpoint checkpoint(ModelConfig config) {
        Shapes shapes = new Shapes();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Model model = Model.of(config, Plan.FAITHFUL);
            model.logits(
                    ModuleScope.root(tf, shapes, Mode.EVALUATION),
                    tf.placeholder(TFloat32.class, Placeholder.shape(model.inputShape())));
        }
        return new Checkpoint(
                fill(shapes.parameters, 0, AMPLITUDE),
                fill(shapes.statistics, STATISTICS_SEED, STATISTICS_AMPLITUDE),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Map.of());
    }

    /** Numbers in [-2, 2). */
    static float[] input(int size) {
        Lcg lcg = new Lcg(999);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (4 * lcg.next() - 2);
        }
        return values;
    }

    private static ParameterTree fill(TreeMap<String, long[]> shapes, long firstSeed, double amplitude) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        long seed = firstSeed;
        for (Map.Entry<String, long[]> leaf : shapes.entrySet()) {
            Lcg lcg = new Lcg(++seed);
            boolean aroundOne =
                    leaf.getKey().endsWith("/scale") || leaf.getKey().endsWith("/var");
            long[] shape = leaf.getValue();
            float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            for (int i = 0; i < values.length; i++) {
                double value = amplitude * (2 * lcg.next() - 1);
                values[i] = (float) (aroundOne ? 1 + value : value);
            }
            arrays.put(leaf.getKey(), ArrayData.ofFloats(shape, values));
        }
        return ParameterTree.of(arrays);
    }

    private static final class Lcg {
        private long state;

        Lcg(long seed) {
            state = seed;
        }

        double next() {
            state = 6364136223846793005L * state + 1442695040888963407L;
            return (state >>> 40) * 0x1p-24;
        }
    }

    /** Records the shape of every array that a model requests, and returns placeholders. */
    private static final class Shapes implements Weights {
        private final TreeMap<String, long[]> parameters = new TreeMap<>();
        private final TreeMap<String, long[]> statistics = new TreeMap<>();

        @Override
        public Operand<TFloat32> parameter(Ops tf, String path, Initializer initializer, long... shape) {
            parameters.put(path, shape);
            return placeholder(tf, shape);
        }

        @Override
        public Operand<TFloat32> statistic(Ops tf, String path, long... shape) {
            statistics.put(path, shape);
            return placeholder(tf, shape);
        }

        private static Operand<TFloat32> placeholder(Ops tf, long[] shape) {
            return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
        }
    }
}
