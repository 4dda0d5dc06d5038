package io.portolan.converter.stablehlo;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.verify.TensorRuns;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program, run by ONNX Runtime. */
public final class ConvertedProgram {
    private ConvertedProgram() {}

    /** The elements of the first result of a program that is given as text. */
    static double[] run(String text, TensorData... inputs) throws IOException {
        return run(ProgramFiles.read(text.getBytes(StandardCharsets.UTF_8), "program.mlir"), List.of(inputs))
                .doubles();
    }

    /** The first result. */
    public static TensorData run(Program program, List<TensorData> inputs) {
        OnnxGraph graph = new ProgramImporter(StandardLowerings.registry()).importProgram(program, Map.of());
        PassPipeline.standard().run(graph);
        Map<String, TensorData> feeds = new LinkedHashMap<>();
        for (int i = 0; i < graph.inputs().size(); i++) {
            feeds.put(graph.inputs().get(i).name(), inputs.get(i));
        }
        return TensorRuns.onnx(OnnxWriter.write(graph, Map.of()).toByteArray(), feeds)
                .get(0);
    }
}
