package io.portolan.converter.tensorflow;

import java.util.List;

/**
 * The body of a function as a graph.
 *
 * @param name the function's name
 * @param arguments the names of its arguments in the graph
 * @param graph the nodes that compute its results
 */
record FunctionBody(String name, List<String> arguments, FlatGraph graph) {
    /** The index of the argument that a tensor is, or -1 if it is none. */
    int argument(TensorName tensor) {
        return tensor.index() == 0 ? arguments.indexOf(tensor.node()) : -1;
    }

    /** The index of the argument that a result returns unchanged, or -1 if it is computed. */
    int argumentOfResult(int result) {
        return argument(graph.origin(graph.results().get(result)));
    }
}
