package io.portolan.graphs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.ops.CpuSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

class SavedModelFolderTest {
    @ParameterizedTest
    @EnumSource(Plan.class)
    void tensorFlowLoadsItAndComputesTheSame(Plan plan, @TempDir Path parent) throws IOException {
        GoldenCase golden = GoldenCase.named("transformer_temporal_t1_36");
        float[] input = golden.tensor("input").toFloats();
        Path folder = parent.resolve("saved");
        float[] expected;
        try (ModelGraph model = ModelGraph.build(golden.checkpoint(), GoldenModel.config(golden), plan)) {
            expected = model.run(input, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
            SavedModelFolder.write(model, folder);
            assertThatIOException()
                    .isThrownBy(() -> SavedModelFolder.write(model, folder))
                    .withMessageContaining("exists already");
        }
        assertThat(parent).isDirectoryNotContaining("glob:**.part");

        try (SavedModelBundle bundle = SavedModelBundle.loader(folder.toString())
                        .withTags("serve")
                        .withConfigProto(CpuSession.unoptimizedConfiguration())
                        .load();
                TFloat32 tensor = TFloat32.tensorOf(Shape.of(2, 36, 36, 3), DataBuffers.of(input));
                Result result = bundle.call(Map.of("input", tensor))) {
            float[] logits = new float[expected.length];
            ((TFloat32) result.get("logits").orElseThrow()).copyTo(DataBuffers.of(logits));
            assertThat(logits).containsExactly(expected);
        }
    }
}
