package io.portolan.graphs.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Attaches a custom gradient to a composite of ops: a vector-Jacobian product.
 *
 * <p>The outputs pass through a {@code StopGradient}, and then through an {@code IdentityN} together with the inputs.
 * TensorFlow has no gradient for the latter, so this class registers one for the process, for this op only, which looks
 * up the rule of the node. One registration thus serves any number of rules; TensorFlow Java 1.1.0 allows ten
 * registrations.
 */
final class CustomVjp {
    private static final String CARRIER = "IdentityN";
    private static final Map<ExecutionEnvironment, Map<String, Attached>> RULES = new ConcurrentHashMap<>();

    static {
        TensorFlow.registerCustomGradient(CARRIER, CustomVjp::differentiate);
    }

    private CustomVjp() {}

    /** The gradient rule of a function with real inputs and outputs. */
    @FunctionalInterface
    interface Rule {
        /**
         * @param tf builder of the rule's ops; querying shapes or types of operands here would deadlock TensorFlow Java
         * @param gradients the gradient of the loss by each output
         * @return the gradient of the loss by each input
         */
        List<Operand<TFloat32>> apply(Ops tf, List<Operand<TFloat32>> gradients);
    }

    private record Attached(int outputs, int inputs, Rule rule) {}

    /**
     * Attaches a gradient rule.
     *
     * @param inputs what the function depends on
     * @param outputs the function's values
     * @return the values, differentiable by the rule only
     */
    static List<Operand<TFloat32>> attach(
            Ops tf, List<Operand<TFloat32>> inputs, List<Operand<TFloat32>> outputs, Rule rule) {
        List<Output<?>> carried = new ArrayList<>();
        outputs.forEach(output -> carried.add(tf.stopGradient(output).asOutput()));
        inputs.forEach(input -> carried.add(input.asOutput()));
        OperationBuilder builder = tf.scope().opBuilder(CARRIER, "with_vjp");
        Operation carrier =
                builder.addInputList(carried.toArray(Output<?>[]::new)).build();
        RULES.computeIfAbsent(tf.scope().env(), env -> new ConcurrentHashMap<>())
                .put(carrier.name(), new Attached(outputs.size(), inputs.size(), rule));
        List<Operand<TFloat32>> values = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            values.add(carrier.<TFloat32>output(i));
        }
        return values;
    }

    /** Removes the rules of a graph that will not be differentiated again. */
    static void forget(ExecutionEnvironment graph) {
        RULES.remove(graph);
    }

    private static List<Operand<?>> differentiate(Ops tf, GraphOperation carrier, List<Output<?>> gradients) {
        Attached attached = RULES.getOrDefault(carrier.env(), Map.of()).get(carrier.name());
        if (attached == null) {
            throw new IllegalStateException("no gradient rule is attached to " + carrier.name());
        }
        List<Operand<TFloat32>> outer = new ArrayList<>();
        for (int i = 0; i < attached.outputs; i++) {
            @SuppressWarnings("unchecked")
            Output<TFloat32> gradient = (Output<TFloat32>) gradients.get(i);
            outer.add(gradient);
        }
        // The gradient stops at the outputs; it is given as zeros, because TensorFlow Java does not accept null.
        List<Operand<?>> all = new ArrayList<>();
        outer.forEach(gradient -> all.add(tf.zerosLike(gradient)));
        all.addAll(attached.rule.apply(tf, outer));
        return all;
    }
}
