package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.TensorName;
import java.util.List;
import java.util.Set;
import org.tensorflow.Session;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * The nodes that fill the tables of a graph without a signature, which names the node that does.
 *
 * @param nodes their names
 */
record TableFillers(List<String> nodes) {
    /** Ops that give tables their contents. */
    private static final Set<String> FILLERS =
            Set.of("InitializeTable", "InitializeTableV2", "LookupTableImport", "LookupTableImportV2");

    /** Those of the tables which the outputs depend on. */
    static TableFillers of(GraphDef graph, GraphEnds ends) {
        Set<String> needed = GraphParts.ancestors(graph, ends.outputs().keySet());
        return new TableFillers(graph.getNodeList().stream()
                .filter(node -> FILLERS.contains(node.getOp()) && node.getInputCount() > 0)
                .filter(node ->
                        needed.contains(TensorName.parse(node.getInput(0)).node()))
                .map(NodeDef::getName)
                .toList());
    }

    /** Loads the part of a graph between its ends, and fills the tables. */
    TensorFlowModel load(ModelGraph graph, GraphEnds ends) {
        return graph.load(ends.inputs(), ends.outputs(), nodes, this::fill);
    }

    private void fill(Session session) {
        try {
            for (String filler : nodes) {
                session.runner().addTarget(filler).run().close();
            }
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    "The tables of the graph cannot be initialised: " + failure.getMessage(), failure);
        }
    }
}
