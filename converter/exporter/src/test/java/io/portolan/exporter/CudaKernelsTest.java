package io.portolan.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.converter.ExportOptions;
import io.portolan.converter.WeightType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.Normalization;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.ModelSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A GPU gets the whole model: a session with CUDA refuses one of which a node would go to the CPU. That takes a kernel for every
 * node, and no node that computes shapes, for those ONNX Runtime moves to the CPU.
 */
class CudaKernelsTest {
    private static final GoldenCase BUNDLED = GoldenCase.named("pathfinder_64");

    private static CudaKernels kernels;

    @BeforeAll
    static void readTheTable() throws Exception {
        assumeTrue(
                ModelChecker.isAvailable(),
                "the versions of operators come from the ONNX checker's library, which is not there");
        kernels = CudaKernels.read();
    }

    static Stream<GoldenCase> models() {
        return Stream.of(GoldenCase.small(), GoldenCase.full(), List.of(BUNDLED))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyNodeOfAFusedModelHasAKernel(GoldenCase golden) throws Exception {
        assertThat(kernels.missing(export(golden, Plan.FUSED, WeightType.FLOAT32, Opset.DEFAULT)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void soHasEveryNodeWithSmallerWeights(WeightType weights) throws Exception {
        assertThat(kernels.missing(export(BUNDLED, Plan.FUSED, weights, Opset.DEFAULT)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 17})
    void soHasEveryNodeInOlderOpsets(int opset) throws Exception {
        assertThat(kernels.missing(export(BUNDLED, Plan.FUSED, WeightType.FLOAT32, new Opset(opset))))
                .isEmpty();
    }

    /** The list is older than ONNX Runtime 1.29, which may have these kernels; this was not tested. */
    @ParameterizedTest
    @CsvSource({"19, Pad 19", "20, Pad 19 ReduceMax 20", "21, Pad 21 ReduceMax 20", "22, Pad 21 ReduceMax 20"})
    void newerOpsetsLackKernels(int opset, String lacking) throws Exception {
        assertThat(String.join(" ", kernels.missing(export(BUNDLED, Plan.FUSED, WeightType.FLOAT32, new Opset(opset)))))
                .isEqualTo(lacking);
    }

    @Test
    void theFaithfulPlanComputesShapes() throws Exception {
        assertThat(kernels.missing(export(BUNDLED, Plan.FAITHFUL, WeightType.FLOAT32, Opset.DEFAULT)))
                .contains("Shape 15");
    }

    private static ModelProto export(GoldenCase golden, Plan plan, WeightType weights, Opset opset) throws Exception {
        ModelConfig config = golden == BUNDLED
                ? ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.of(GoldenModel.description(golden)))
                : GoldenModel.config(golden);
        ModelMetadata metadata = new ModelMetadata(
                "test",
                "fused",
                "float32",
                config.toJson(),
                new ModelSource("checkpoint.pkl", "0".repeat(64)),
                Normalization.IMAGENET,
                ModelMetadata.PATHFINDER_LABELS,
                config.input());
        try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), config, plan)) {
            return ModelProto.parseFrom(ExportedBytes.of(
                    graph,
                    List.of("logits"),
                    metadata,
                    ExportOptions.defaults().with(weights).in(opset)));
        }
    }
}
