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

/**
 * Times both plans of every spectral cell for an image of 128 pixels, 32 channels and 8 steps, and prints the rows of the
 * table in {@code docs/performance.md}.
 */
@Tag("slow")
class CellSpeedTest {
    /** Seen: 3 to 14, the least for cells of one state, whose faithful plan is cheap. */
    private static final double FASTER = 2;

    private static final int RUNS = 5;

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
        double faithful = milliseconds(weights, config, Plan.FAITHFUL);
        double fused = milliseconds(weights, config, Plan.FUSED);
        System.out.printf("| %s | %.0f | %.1f | %.0f |%n", model, faithful, fused, faithful / fused);
        assertThat(faithful / fused).isGreaterThan(FASTER);
    }

    /** The median of some runs of one image after one to warm up. */
    private static double milliseconds(Checkpoint weights, ModelConfig config, Plan plan) {
        try (ModelGraph graph = ModelGraph.build(weights, config, plan)) {
            float[] input = new float[graph.sampleSize()];
            Random random = new Random(1);
            for (int i = 0; i < input.length; i++) {
                input[i] = (float) random.nextGaussian();
            }
            double[] times = new double[RUNS];
            graph.run(input, List.of(ModelGraph.LOGITS));
            for (int run = 0; run < RUNS; run++) {
                long start = System.nanoTime();
                graph.run(input, List.of(ModelGraph.LOGITS));
                times[run] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(times);
            return times[RUNS / 2];
        }
    }
}
