package io.portolan.converter.stablehlo;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.verify.TensorRuns;
import io.portolan.programs.files.ProgramFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A program as text, run by ONNX Runtime. */
final class ConvertedText {
    private ConvertedText() {}

    /** The elements of its first result. */
    static double[] run(String text, TensorData... inputs) throws IOException {
        OnnxGraph graph = new ProgramImporter(StandardLowerings.registry())
                .importProgram(ProgramFiles.read(text.getBytes(StandardCharsets.UTF_8), "program.mlir"), Map.of());
        PassPipeline.standard().run(graph);
        Map<String, TensorData> feeds = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            feeds.put(graph.inputs().get(i).name(), inputs[i]);
        }
        return TensorRuns.onnx(OnnxWriter.write(graph, Map.of()).toByteArray(), feeds)
                .get(0)
                .doubles();
    }
}
