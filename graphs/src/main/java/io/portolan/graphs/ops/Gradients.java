package io.portolan.graphs.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Adds gradients to graphs that contain the ops of this package. */
public final class Gradients {
    private Gradients() {}

    /**
     * Adds the derivatives of a scalar to its graph.
     *
     * @return for each input the gradient, in the input's shape; zeros where the scalar does not depend on the input
     */
    public static List<Operand<TFloat32>> of(Graph graph, Operand<TFloat32> scalar, List<Operand<TFloat32>> inputs) {
        Ops tf = Ops.create(graph).withSubScope("no_gradient");
        Set<GraphOperation> reached = graph.subgraphTo(Set.of(scalar));
        List<Operand<TFloat32>> used =
                inputs.stream().filter(input -> reached.contains(input.op())).toList();
        Output<?>[] gradients = graph.addGradients(
                scalar.asOutput(), used.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
        List<Operand<TFloat32>> all = new ArrayList<>();
        for (Operand<TFloat32> input : inputs) {
            int index = used.indexOf(input);
            all.add(index < 0 ? tf.zerosLike(input) : typed(gradients[index]));
        }
        return all;
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloat32> typed(Output<?> gradient) {
        return (Output<TFloat32>) gradient;
    }

    /** Releases the gradient rules of a graph. To be called when the graph is closed. */
    public static void forget(Graph graph) {
        CustomVjp.forget(graph);
    }
}
