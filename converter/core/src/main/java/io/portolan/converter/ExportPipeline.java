package io.portolan.converter;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.StagedModel;
import io.portolan.converter.tensorflow.ConversionListener;
import io.portolan.converter.tensorflow.TensorFlowImporter;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.proto.GraphDef;

/** The steps of every export: imports a graph, runs the passes, writes a staged model and runs the ONNX checker on it. */
public final class ExportPipeline {
    private final Stages stages;
    private final ExportOptions options;

    public ExportPipeline(Stages stages, ExportOptions options) {
        this.stages = stages;
        this.options = options;
    }

    /**
     * A TensorFlow graph without variables.
     *
     * @param inputs placeholder to ONNX name, in the order of the ONNX inputs
     * @param outputs tensor ({@code node} or {@code node:1}) to ONNX name, in order
     */
    public record Source(GraphDef graph, Map<String, String> inputs, Map<String, String> outputs) {}

    /** Exports a graph without a listener. */
    public StagedExport export(Source source, Map<String, String> metadata, Destination destination)
            throws IOException {
        return export(source, metadata, destination, ConversionListener.NONE);
    }

    /**
     * Exports a graph.
     *
     * @param metadata texts to store in the model
     * @param listener notified of what each node becomes
     * @return the checked model, not yet published
     * @throws io.portolan.converter.tensorflow.UnsupportedOpsException with all ops that cannot be converted
     * @throws io.portolan.converter.lowering.ConversionException if a node cannot be converted
     * @throws io.portolan.converter.onnx.OpsetException if the opset lacks operators that the model needs
     * @throws io.portolan.converter.TargetException if the target runtime lacks some
     * @throws io.portolan.converter.onnx.InvalidModelException if the checker rejects the result
     * @throws IOException if the files cannot be written
     */
    public StagedExport export(
            Source source, Map<String, String> metadata, Destination destination, ConversionListener listener)
            throws IOException {
        return export(
                () -> new TensorFlowImporter(StandardHandlers.registry())
                        .withBatch(options.batch())
                        .withListener(listener)
                        .importGraph(source.graph(), source.inputs(), source.outputs()),
                metadata,
                destination);
    }

    /** Exports what an importer makes of any source. */
    StagedExport export(Supplier<OnnxGraph> importer, Map<String, String> metadata, Destination destination)
            throws IOException {
        OnnxGraph graph = stages.run(
                "import graph", importer::get, imported -> imported.allNodes().count() + " ONNX nodes");
        stages.run(
                "simplify",
                () -> options.simplify(graph),
                steps -> graph.allNodes().count() + " nodes left");
        Opset opset = options.opsetOf(graph);
        StagedModel staged = stages.run(
                "serialise",
                () -> StagedModel.write(
                        graph, metadata, opset, destination.file(), destination.replace(), destination.externalData()),
                StagedModel::describe);
        try {
            ModelChecker.Result checked =
                    stages.run("check", () -> staged.check(opset), result -> result.describe(opset));
            return new StagedExport(graph, staged, opset, checked);
        } catch (IOException | RuntimeException refused) {
            staged.close();
            throw refused;
        }
    }
}
