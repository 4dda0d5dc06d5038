package io.portolan.graphs.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ActivationType;
import io.portolan.graphs.config.CellType;
import io.portolan.graphs.config.FrameReadout;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.NormType;
import io.portolan.graphs.config.Options;
import io.portolan.graphs.config.Pooling;
import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.model.ModelGraph;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's logits on weights given by a formula, for options and shapes that no recorded checkpoint has. */
class GoldenVectorTest {
    /** The reference's logits are given to seven digits; seen: at most 6e-7. */
    private static final double TOLERANCE = 2e-6;

    static Stream<Arguments> vectors() {
        return Stream.of(
                Arguments.of("transformer", image(CellType.TRANSFORMER, 5), new float[] {
                    0.3517318f, -0.4024214f, 0.3987771f, -0.3602620f
                }),
                Arguments.of("transformer, kernel larger than the map", image(CellType.TRANSFORMER, 15), new float[] {
                    0.3488811f, -0.4744987f, 0.3886987f, -0.4369776f
                }),
                Arguments.of("hgru_bi", image(CellType.HGRU_BI, 5), new float[] {
                    0.9595081f, 0.2832146f, 0.9584655f, 0.3304355f
                }),
                Arguments.of(
                        "gated", image(CellType.GATED, 5), new float[] {-0.5305734f, 0.2547682f, -0.5159079f, 0.1966059f
                        }),
                Arguments.of(
                        "transformer, depth 2, batch norm, gelu, all frames, max pooling, temporal positions",
                        new SimpleCssmConfig(
                                CellType.TRANSFORMER,
                                8,
                                2,
                                5,
                                2,
                                NormType.BATCH,
                                PositionMode.TEMPORAL,
                                ActivationType.GELU,
                                Pooling.MAX,
                                FrameReadout.ALL,
                                3,
                                InputForm.IMAGE,
                                32,
                                32,
                                Options.DEFAULTS),
                        new float[] {-1.116614f, 0.4874192f, -1.019622f, 0.5864683f}),
                Arguments.of(
                        "transformer, relu, learnable positions, 8x9 map, video",
                        new SimpleCssmConfig(
                                CellType.TRANSFORMER,
                                6,
                                1,
                                5,
                                2,
                                NormType.LAYER,
                                PositionMode.LEARNABLE,
                                ActivationType.RELU,
                                Pooling.MEAN,
                                FrameReadout.LAST,
                                5,
                                InputForm.VIDEO,
                                30,
                                34,
                                Options.DEFAULTS),
                        new float[] {0.1317448f, -0.01545981f}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void logitsMatch(String name, ModelConfig config, float[] expected) {
        try (ModelGraph graph = ModelGraph.build(SyntheticModel.checkpoint(config), config, Plan.FAITHFUL)) {
            int samples = expected.length / config.classes();
            float[] input = SyntheticModel.input(samples * graph.sampleSize());
            float[] logits = graph.run(input, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
            assertThat(Closeness.between(logits, expected).maxAbsolute()).isLessThan(TOLERANCE);
        }
    }

    private static ModelConfig image(CellType cell, int kernelSize) {
        return new SimpleCssmConfig(
                cell,
                8,
                1,
                kernelSize,
                2,
                NormType.LAYER,
                PositionMode.SPATIOTEMPORAL,
                ActivationType.SOFTPLUS,
                Pooling.MEAN,
                FrameReadout.LAST,
                8,
                InputForm.IMAGE,
                32,
                32,
                Options.DEFAULTS);
    }
}
