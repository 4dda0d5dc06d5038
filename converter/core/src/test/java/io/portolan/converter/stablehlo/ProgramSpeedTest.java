package io.portolan.converter.stablehlo;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.xla.GoldenSample;
import io.portolan.converter.xla.XlaInputs;
import io.portolan.converter.xla.XlaProgram;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Times converted programs in ONNX Runtime and the same programs as XLA compiles them, in turns, with two threads each, and prints the
 * rows of the table in {@code docs/performance.md}.
 */
@Tag("slow")
class ProgramSpeedTest {
    private static final int THREADS = 2;
    private static final int ROUNDS = 15;
    private static final int BATCH = 32;

    /** Runs in a round last this long in all. */
    private static final long NANOS = 40_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"vit", "cnn_batchnorm", "resnet", "lstm", "decoder", "cssm_transformer"})
    void convertedProgramsKeepUpWithXla(String name) throws Exception {
        GoldenProgram golden = new GoldenProgram(name);
        Program program = ProgramFiles.read(golden.exported(), name);
        Map<String, Elements> frozen =
                new LinkedHashMap<>(GoldenSample.of(golden).inputs());
        Map<String, Elements> given = new LinkedHashMap<>(frozen);
        frozen.keySet().removeIf(path -> !path.startsWith("[0]"));
        given.keySet().removeAll(frozen.keySet());
        OnnxGraph graph = new ProgramImporter(StandardLowerings.registry()).importProgram(program, frozen);
        PassPipeline.standard().run(graph);
        boolean hasOpenBatch = graph.inputs().stream()
                .anyMatch(input -> input.rank() > 0 && !input.shape().dim(0).isKnown());
        List<Elements> inputs = given.values().stream()
                .map(elements -> hasOpenBatch ? repeated(elements) : elements)
                .toList();
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            feeds.put(graph.inputs().get(i).name(), tensor(inputs.get(i)));
        }
        byte[] model = OnnxWriter.write(graph, Map.of()).toByteArray();
        try (XlaProgram xla = new XlaProgram(program, frozen, THREADS);
                XlaInputs compiled = xla.give(inputs);
                OnnxModel onnx =
                        OnnxModel.load(name, model, RuntimeOptions.defaults().withThreads(THREADS))) {
            List<Double> xlaTimes = new ArrayList<>();
            List<Double> onnxTimes = new ArrayList<>();
            time(compiled::runOnly);
            time(() -> onnx.run(feeds));
            for (int round = 0; round < ROUNDS; round++) {
                xlaTimes.add(time(compiled::runOnly));
                onnxTimes.add(time(() -> onnx.run(feeds)));
            }
            double byXla = median(xlaTimes);
            double byOnnx = median(onnxTimes);
            System.out.printf(
                    Locale.ROOT,
                    "| `%s` | %s | %d | %.3f | %.3f | %.2f |%n",
                    name,
                    inputs.get(0).type().dims(),
                    graph.allNodes().count(),
                    byXla / 1e6,
                    byOnnx / 1e6,
                    byOnnx / byXla);
            assertThat(byOnnx).isPositive();
        }
    }

    private static Elements repeated(Elements elements) {
        List<Long> dims = new ArrayList<>(elements.type().dims());
        ByteBuffer one = elements.expanded();
        int count = Math.toIntExact(BATCH / dims.get(0));
        ByteBuffer all = ByteBuffer.allocate(one.remaining() * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            all.put(one.duplicate());
        }
        dims.set(0, dims.get(0) * count);
        return new Elements(new TensorType(elements.type().element(), dims), all.flip());
    }

    private static Tensor tensor(Elements elements) {
        long[] shape =
                elements.type().dims().stream().mapToLong(Long::longValue).toArray();
        ByteBuffer bytes = elements.expanded();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
        ElementType type = switch (elements.type().element()) {
            case F32 -> ElementType.FLOAT;
            case I32 -> ElementType.INT32;
            default -> throw new IllegalArgumentException("no inputs of type " + elements.type());
        };
        return new Tensor(type, shape, direct);
    }

    private interface Run {
        void run() throws Exception;
    }

    /** Nanoseconds of one run, as the mean of a round. */
    private static double time(Run run) throws Exception {
        long start = System.nanoTime();
        int runs = 0;
        do {
            run.run();
            runs++;
        } while (System.nanoTime() - start < NANOS);
        return (System.nanoTime() - start) / (double) runs;
    }

    private static double median(List<Double> times) {
        double[] sorted =
                times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
