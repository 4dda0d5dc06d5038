package io.portolan.converter.tensorflow;

import java.util.Set;

/**
 * The control flow of TensorFlow 1, and of functions that were inlined when a graph was frozen: cycles and switches between single nodes. They
 * become ops that run functions, as TensorFlow 2 has them, before anything else sees the graph.
 */
final class EarlierControlFlow {
    private static final Set<String> OPS =
            Set.of("Merge", "RefMerge", "Switch", "RefSwitch", "_SwitchN", "TensorArrayV3");

    private EarlierControlFlow() {}

    /**
     * A graph with ops that run functions; control edges are left out.
     *
     * @param library takes the functions
     */
    static FlatGraph raised(FlatGraph graph, FunctionLibrary library) {
        FlatGraph raised = graph;
        if (graph.nodes().values().stream().anyMatch(node -> OPS.contains(node.getOp()))) {
            raised = new FlatGraph(TensorArrays.asLists(graph.nodes()), graph.results());
            raised = RaisedLoops.raised(raised, library);
            raised = RaisedBranches.raised(raised, library);
        }
        raised.nodes().replaceAll((name, node) -> Edges.withoutControl(node));
        return raised;
    }
}
