package io.portolan.converter.tensorflow;

import java.util.List;

/**
 * A function in the form of a graph.
 *
 * @param name the function's name
 * @param arguments names that stand for the tensors it is called with
 * @param graph what computes its results
 */
record FunctionBody(String name, List<String> arguments, FlatGraph graph) {
    /** Which argument a tensor is, or -1 if it is none. */
    int argument(TensorName tensor) {
        return tensor.index() == 0 ? arguments.indexOf(tensor.node()) : -1;
    }

    /** The argument that a result is handed on from, or -1 if it is computed. */
    int argumentOfResult(int result) {
        return argument(graph.origin(graph.results().get(result)));
    }
}
