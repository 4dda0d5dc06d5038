package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.runtime.GraphOptimization;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs a graph before and after passes, without graph optimisations, on the same random inputs; a dynamic dimension is 2. */
public final class SameResults {
    private static final long OPEN = 2;

    private SameResults() {}

    /**
     * Applies passes and asserts that no result changes by more than the tolerance.
     *
     * @param tolerance largest difference of two elements; 0 where the passes preserve every rounding
     */
    public static void afterwards(OnnxGraph graph, double tolerance, List<Pass> passes) throws Exception {
        Map<String, Tensor> inputs = new HashMap<>();
        Random random = new Random(7);
        for (Value input : graph.inputs()) {
            long[] shape = input.shape().dims().stream()
                    .mapToLong(dim -> dim.size().orElse(OPEN))
                    .toArray();
            float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * 3;
            }
            inputs.put(input.name(), Tensor.of(values, shape));
        }
        Map<String, Tensor> before = run(graph, inputs);
        new PassPipeline(passes).run(graph);
        Map<String, Tensor> after = run(graph, inputs);
        before.forEach((name, expected) -> {
            assertThat(after.get(name).shape()).as(name).isEqualTo(expected.shape());
            float[] values = expected.floats();
            float[] others = after.get(name).floats();
            for (int i = 0; i < values.length; i++) {
                assertThat((double) others[i])
                        .as("%s[%d] is %s, was %s", name, i, others[i], values[i])
                        .isBetween(values[i] - tolerance, values[i] + tolerance);
            }
        });
    }

    private static Map<String, Tensor> run(OnnxGraph graph, Map<String, Tensor> inputs) throws Exception {
        try (OnnxModel model = OnnxModel.load(
                "test",
                OnnxWriter.write(graph, Map.of()).toByteArray(),
                RuntimeOptions.defaults().withOptimization(GraphOptimization.NONE))) {
            return model.run(inputs);
        }
    }
}
