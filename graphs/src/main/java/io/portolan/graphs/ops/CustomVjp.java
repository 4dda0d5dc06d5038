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
 * Gives a composite of ops a rule of differentiation of our own: a vector-Jacobian product.
 *
 * <p>The outputs pass a {@code StopGradient}, and then an {@code IdentityN} together with the inputs. TensorFlow has no
 * gradient for the latter, so one of ours is registered, for the process and for this op alone; it looks up the rule of
 * the node at hand. That makes any number of rules out of the ten registrations that TensorFlow Java 1.1.0 can hold.
 */
final class CustomVjp {
    private static final String CARRIER = "IdentityN";
    private static final Map<ExecutionEnvironment, Map<String, Attached>> RULES = new ConcurrentHashMap<>();

    static {
        TensorFlow.registerCustomGradient(CARRIER, CustomVjp::differentiate);
    }

    private CustomVjp() {}

    /**
     * The rule of a function with real inputs and outputs.
     */
    @FunctionalInterface
    interface Rule {
        /**
         * @param tf where to build; shapes and types of operands must not be asked for here, TensorFlow Java would
         *     wait for itself forever
         * @param gradients the loss differentiated by each output
         * @return the loss differentiated by each input
         */
        List<Operand<TFloat32>> apply(Ops tf, List<Operand<TFloat32>> gradients);
    }

    private record Attached(int outputs, int inputs, Rule rule) {}

    /**
     * Attaches a rule.
     *
     * @param inputs what the function depends on
     * @param outputs the function's values
     * @return the values, differentiable by the rule alone
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

    /** Drops the rules of a graph that will not be differentiated again. */
    static void forget(ExecutionEnvironment graph) {
        RULES.remove(graph);
    }

    private static List<Operand<?>> differentiate(Ops tf, GraphOperation carrier, List<Output<?>> gradients) {
        Attached attached = RULES.getOrDefault(carrier.env(), Map.of()).get(carrier.name());
        if (attached == null) {
            throw new IllegalStateException("no rule of differentiation is attached to " + carrier.name());
        }
        List<Operand<TFloat32>> outer = new ArrayList<>();
        for (int i = 0; i < attached.outputs; i++) {
            @SuppressWarnings("unchecked")
            Output<TFloat32> gradient = (Output<TFloat32>) gradients.get(i);
            outer.add(gradient);
        }
        // Behind the carried outputs the gradient stops; zeros, because TensorFlow Java takes no null for that.
        List<Operand<?>> all = new ArrayList<>();
        outer.forEach(gradient -> all.add(tf.zerosLike(gradient)));
        all.addAll(attached.rule.apply(tf, outer));
        return all;
    }
}
