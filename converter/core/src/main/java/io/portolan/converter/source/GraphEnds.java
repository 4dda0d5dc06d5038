package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.GraphDef;

/**
 * Where a graph without a signature begins and ends. ONNX names are those of the tensors, without {@code :0}.
 *
 * @param inputs tensor to ONNX name
 * @param outputs tensor to ONNX name
 */
record GraphEnds(Map<String, String> inputs, Map<String, String> outputs) {
    /**
     * The ends of a graph.
     *
     * @param source how messages name the graph
     * @param inputs tensors; if empty, all with which data enters the graph and that the outputs depend on
     * @param outputs tensors; if empty, those of the nodes that depend on an input and have no consumers
     * @throws ConversionException if an output is not in the graph, or none was found
     */
    static GraphEnds of(String source, GraphDef graph, List<String> inputs, List<String> outputs) {
        EndSearch search = new EndSearch(graph);
        List<String> results = outputs.isEmpty() ? search.sinks(inputs) : search.existing(outputs);
        if (results.isEmpty()) {
            throw new ConversionException(
                    source + ": no node of the graph depends on a placeholder; name the outputs",
                    ConversionException.Remedy.NAME_OUTPUTS);
        }
        return new GraphEnds(names(inputs.isEmpty() ? search.sources(results) : inputs), names(results));
    }

    private static Map<String, String> names(List<String> tensors) {
        Map<String, String> names = new LinkedHashMap<>();
        tensors.forEach(tensor -> names.put(tensor, tensor.replaceFirst(":0$", "")));
        return names;
    }
}
