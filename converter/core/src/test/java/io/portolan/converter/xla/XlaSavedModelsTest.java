package io.portolan.converter.xla;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.converter.source.SavedModels;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.programs.GoldenProgram;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** SavedModels by jax2tf of 2026 run in TensorFlow of 2024, with both recorded batch sizes. */
class XlaSavedModelsTest {
    private static final List<String> FILES = List.of(
            "saved_model.pb", "fingerprint.pb", "variables/variables.index", "variables/variables.data-00000-of-00001");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"jax2tf_mlp", "jax2tf_cnn_batchnorm", "jax2tf_gru_constants"})
    void runsWhatJaxComputed(String name) throws Exception {
        for (String file : FILES) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            try (var in = resource(name + "/model/" + file)) {
                Files.copy(in, target);
            }
        }
        Map<String, ArrayData> recorded;
        try (var in = resource(name + "/io.npz")) {
            recorded = NpzArchive.read(in, "io.npz");
        }
        try (TensorFlowModel model = SavedModels.open(folder, List.of("serve"), Optional.empty())) {
            assertFalse(XlaSavedModels.programs(model.session().graph().toGraphDef())
                    .isEmpty());
            for (String run : List.of("0", "1")) {
                ArrayData input = recorded.get("x" + run);
                try (TFloat32 fed = TFloat32.tensorOf(Shape.of(input.shape()), DataBuffers.of(input.toFloats()));
                        Result result = model.session()
                                .runner()
                                .feed(model.inputs().keySet().iterator().next(), fed)
                                .fetch(model.outputs().keySet().iterator().next())
                                .run()) {
                    TFloat32 logits = (TFloat32) result.get(0);
                    float[] got = new float[Math.toIntExact(logits.size())];
                    logits.copyTo(DataBuffers.of(got, false, false));
                    assertArrayEquals(recorded.get("logits" + run).toFloats(), got, 1e-5f);
                }
            }
        }
        assertEquals(FILES.size(), files());
    }

    private long files() throws Exception {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).count();
        }
    }

    private static InputStream resource(String path) {
        return GoldenProgram.class.getResourceAsStream("/golden/jax2tf/" + path);
    }
}
