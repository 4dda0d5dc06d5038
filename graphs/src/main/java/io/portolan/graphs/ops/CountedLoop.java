package io.portolan.graphs.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.StatelessWhile;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A loop with a given number of iterations, built as TensorFlow's While. Its body is a function, which cannot see the
 * graph around it: operands that it captures become arguments. TensorFlow Java has no gradient for it.
 */
public final class CountedLoop {
    /** Builds one iteration. */
    @FunctionalInterface
    public interface Body {
        /**
         * @param tf builder of the body's ops
         * @param index index of the iteration, from 0
         * @param carried the values carried over from the previous iteration
         * @param captured maps an operand of the graph around the loop to its counterpart in the body
         */
        Iteration run(
                Ops tf,
                Operand<TInt32> index,
                List<Operand<TFloat32>> carried,
                UnaryOperator<Operand<TFloat32>> captured);
    }

    /**
     * The results of an iteration.
     *
     * @param carried the values carried over to the next iteration
     * @param emitted the values collected from every iteration
     */
    public record Iteration(List<Operand<TFloat32>> carried, List<Operand<TFloat32>> emitted) {}

    private final Ops tf;
    private final Operand<TInt32> iterations;

    /**
     * @param iterations the number of iterations, a scalar
     */
    public CountedLoop(Ops tf, Operand<TInt32> iterations) {
        this.tf = tf;
        this.iterations = iterations;
    }

    /**
     * Appends the loop.
     *
     * @param initial the carried values of the first iteration
     * @param likeEmitted tensors with the shapes of an iteration's emitted values
     * @return the carried values of the last iteration, and the emitted values of all, stacked along a new first axis
     */
    public Iteration run(List<Operand<TFloat32>> initial, List<Operand<TFloat32>> likeEmitted, Body body) {
        List<Operand<?>> variables = new ArrayList<>(List.of(tf.constant(0), iterations));
        variables.addAll(initial);
        likeEmitted.forEach(emitted -> variables.add(stackOfZeros(emitted)));
        int own = variables.size();
        try (ConcreteFunction iteration =
                        ConcreteFunction.create(inside -> iteration(inside, variables, initial.size(), body));
                ConcreteFunction condition = ConcreteFunction.create(inside -> condition(inside, variables))) {
            List<Operand<TFloat32>> results = new ArrayList<>();
            for (Output<?> result : StatelessWhile.create(tf.scope(), variables, condition, iteration)
                    .output()
                    .subList(2, own)) {
                results.add(result.expect(TFloat32.class));
            }
            return new Iteration(results.subList(0, initial.size()), results.subList(initial.size(), results.size()));
        }
    }

    /**
     * A tensor with a slot for each iteration. It replaces TensorFlow's tensor lists, which TensorFlow Java cannot pass to
     * functions.
     */
    private Operand<TFloat32> stackOfZeros(Operand<TFloat32> emitted) {
        Operand<TInt32> shape = tf.concat(
                List.of(tf.reshape(iterations, tf.constant(new int[] {1})), tf.shape(emitted)), tf.constant(0));
        return tf.fill(shape, tf.constant(0f));
    }

    /** The body function. Captured operands are appended to the variables and passed on unchanged. */
    private static Signature iteration(Ops inside, List<Operand<?>> variables, int carriedCount, Body body) {
        List<Operand<?>> arguments = new ArrayList<>();
        variables.forEach(variable -> arguments.add(argument(inside, variable)));
        List<Operand<TFloat32>> carried = new ArrayList<>();
        arguments
                .subList(2, 2 + carriedCount)
                .forEach(argument -> carried.add(argument.asOutput().expect(TFloat32.class)));
        Operand<TInt32> count = arguments.get(0).asOutput().expect(TInt32.class);
        Map<Operand<TFloat32>, Operand<TFloat32>> captured = new LinkedHashMap<>();
        Iteration iteration = body.run(
                inside,
                count,
                carried,
                outer -> captured.computeIfAbsent(
                        outer, value -> argument(inside, value).asOutput().expect(TFloat32.class)));

        List<Operand<?>> results =
                new ArrayList<>(List.of(inside.math.add(count, inside.constant(1)), arguments.get(1)));
        results.addAll(iteration.carried());
        Operand<TInt32> place = inside.reshape(count, inside.constant(new int[] {1, 1}));
        for (int i = 0; i < iteration.emitted().size(); i++) {
            Operand<TFloat32> stack =
                    arguments.get(2 + carriedCount + i).asOutput().expect(TFloat32.class);
            Operand<TFloat32> emitted = inside.expandDims(iteration.emitted().get(i), inside.constant(0));
            results.add(inside.tensorScatterNdUpdate(stack, place, emitted));
        }
        captured.forEach((outer, inner) -> {
            variables.add(outer);
            arguments.add(inner);
            results.add(inner);
        });
        return signature(arguments, results);
    }

    private static Signature condition(Ops inside, List<Operand<?>> variables) {
        List<Operand<?>> arguments = new ArrayList<>();
        variables.forEach(variable -> arguments.add(argument(inside, variable)));
        return signature(
                arguments,
                List.of(inside.math.less(
                        arguments.get(0).asOutput().expect(TInt32.class),
                        arguments.get(1).asOutput().expect(TInt32.class))));
    }

    /** A placeholder for an operand. */
    private static Operand<?> argument(Ops inside, Operand<?> outer) {
        return inside.scope()
                .opBuilder(Placeholder.OP_NAME, "argument")
                .setAttr("dtype", outer.asOutput().dataType())
                .setAttr("shape", outer.asOutput().shape())
                .build()
                .output(0);
    }

    private static Signature signature(List<Operand<?>> arguments, List<Operand<?>> results) {
        Signature.Builder signature = Signature.builder();
        for (int i = 0; i < arguments.size(); i++) {
            signature.input("argument" + i, arguments.get(i));
        }
        for (int i = 0; i < results.size(); i++) {
            signature.output("result" + i, results.get(i));
        }
        return signature.build();
    }
}
