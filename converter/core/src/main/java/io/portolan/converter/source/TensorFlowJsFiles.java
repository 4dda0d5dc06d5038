package io.portolan.converter.source;

import io.portolan.converter.source.tfjs.TensorFlowJsModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads graph models of TensorFlow.js: {@code model.json} and the files of weights beside it. */
public final class TensorFlowJsFiles {
    private TensorFlowJsFiles() {}

    /**
     * Reads a model.
     *
     * @param inputs tensors, {@code node} or {@code node:1}: what computes them is left out; if there are neither inputs nor outputs, those
     *     of the signature; without a signature, as in a GraphDef
     * @param outputs tensors
     * @throws IOException if a file cannot be read, or is not what the model needs
     * @throws io.portolan.converter.lowering.ConversionException if inputs or outputs are not in the graph, or none were found
     */
    public static TensorFlowModel open(Path file, List<String> inputs, List<String> outputs) throws IOException {
        TensorFlowJsModel model = TensorFlowJsModel.read(file);
        boolean bySignature =
                inputs.isEmpty() && outputs.isEmpty() && !model.outputs().isEmpty();
        GraphEnds ends = bySignature
                ? new GraphEnds(model.inputs(), model.outputs())
                : GraphEnds.of(file.toString(), model.graph(), inputs, outputs);
        return ModelGraph.of(file.toString(), model.graph(), Map.of())
                .load(ends.inputs(), ends.outputs(), List.of(), session -> {});
    }
}
