package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Times both plans of every spectral cell for an image of 128 pixels, 32 channels and 8 steps, and prints the rows of the
 * table in {@code docs/performance.md}: the fastest of some runs that take turns, for each plan, and for the fused plan's
 * stem, which no plan for a cell can make faster.
 */
@Tag("slow")
class CellSpeedTest {
    /** Seen: 4 to 15, the least for the cell that has to transform every step forth and back. */
    private static final double FASTER = 2.5;

    private static final int RUNS = 15;

    private enum Model {
        transformer(Map.of()),
        hgru_bi(Map.of()),
        gated(Map.of()),
        spectral_mamba(Map.of()),
        no_gate(Map.of()),
        add_kqv(Map.of()),
        add_kqv_2(Map.of()),
        add_kqv_1(Map.of()),
        add_delta(Map.of()),
        deltanet(Map.of()),
        deltanet_matrix(Map.of("delta_key_dim", "2")),
        gdn(Map.of()),
        gdn_int(Map.of()),
        mult_transformer(Map.of()),
        g_transformer(Map.of()),
        mg_transformer(Map.of()),
        spectral_transformer(Map.of()),
        gdn_published(Map.of(
                "cssm_type",
                "gdn",
                "embed_dim",
                "64",
                "qkv_conv_size",
                "5",
                "delta_key_dim",
                "4",
                "gate_type",
                "factored",
                "pool_type",
                "max",
                "pos_embed",
                "mrope",
                "norm_type",
                "global_layer",
                "stem_layers",
                "1")),
        spectral_mamba_published(Map.of(
                "cssm_type",
                "spectral_mamba",
                "embed_dim",
                "64",
                "gate_type",
                "factored",
                "pool_type",
                "max",
                "pos_embed",
                "mrope",
                "norm_type",
                "global_layer",
                "stem_layers",
                "1"));

        private final Map<String, String> options;

        Model(Map<String, String> options) {
            this.options = options;
        }

        ModelConfig config() {
            Map<String, String> all =
                    new LinkedHashMap<>(Map.of("cssm_type", name(), "embed_dim", "32", "kernel_size", "11"));
            all.putAll(options);
            return ConfigResolver.fromScratch(all, Optional.empty(), new ImageSize(128, 128));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFusedPlanIsFaster(Model model) {
        ModelConfig config = model.config();
        Checkpoint weights = Initialization.of(config, 1);
        try (ModelGraph faithful = ModelGraph.build(weights, config, Plan.FAITHFUL);
                ModelGraph fused = ModelGraph.build(weights, config, Plan.FUSED)) {
            float[] image = noise(fused.sampleSize());
            Operand<TFloat32> stem = ofStem(fused);
            List<Runnable> timed = List.of(
                    () -> faithful.run(image, List.of(ModelGraph.LOGITS)),
                    () -> fused.run(image, List.of(ModelGraph.LOGITS)),
                    () -> fused.run(image, Map.of(), List.of(stem)));
            double[] fastest = fastest(timed);
            System.out.printf(
                    "| %s | %.0f | %.1f | %.1f | %.1f | %.0f |%n",
                    model, fastest[0], fastest[1], fastest[2], fastest[0] / fastest[1], fastest[0] / fastest[2]);
            assertThat(fastest[0] / fastest[1]).isGreaterThan(FASTER);
        }
    }

    /** The largest value of each channel of the last norm before the pool: the stem's work, and little to fetch. */
    private static Operand<TFloat32> ofStem(ModelGraph graph) {
        String last = graph.outputs().containsKey("norm2") ? "norm2" : "norm1";
        Ops tf = graph.scope().tf();
        return tf.max(graph.outputs().get(last), tf.constant(new int[] {1, 2}));
    }

    private static float[] noise(int length) {
        float[] values = new float[length];
        Random random = new Random(1);
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The milliseconds of the fastest run of each, after two to warm up. */
    private static double[] fastest(List<Runnable> timed) {
        double[] fastest = new double[timed.size()];
        Arrays.fill(fastest, Double.MAX_VALUE);
        for (int run = -2; run < RUNS; run++) {
            for (int i = 0; i < fastest.length; i++) {
                long start = System.nanoTime();
                timed.get(i).run();
                if (run >= 0) {
                    fastest[i] = Math.min(fastest[i], (System.nanoTime() - start) / 1e6);
                }
            }
        }
        return fastest;
    }
}
