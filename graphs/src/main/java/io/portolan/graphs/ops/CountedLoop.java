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
 * A loop of so many turns, as TensorFlow's While. Its body is a function, which sees nothing of the graph around it: what it
 * uses of that becomes an argument. TensorFlow Java has no gradient of it.
 */
public final class CountedLoop {
    /** One turn. */
    @FunctionalInterface
    public interface Body {
        /**
         * @param tf builds the body
         * @param turn counts from 0
         * @param carried what the turn before handed on
         * @param captured from an operand of the graph around the loop to the same in the body
         */
        Turn run(
                Ops tf,
                Operand<TInt32> turn,
                List<Operand<TFloat32>> carried,
                UnaryOperator<Operand<TFloat32>> captured);
    }

    /**
     * What a turn makes.
     *
     * @param carried what it hands on to the next turn
     * @param emitted what it leaves behind
     */
    public record Turn(List<Operand<TFloat32>> carried, List<Operand<TFloat32>> emitted) {}

    private final Ops tf;
    private final Operand<TInt32> turns;

    /**
     * @param turns a scalar
     */
    public CountedLoop(Ops tf, Operand<TInt32> turns) {
        this.tf = tf;
        this.turns = turns;
    }

    /**
     * Appends the loop.
     *
     * @param initial what the first turn is handed
     * @param likeEmitted tensors of the shapes of what a turn leaves behind
     * @return what the last turn hands on, and what all left behind, stacked along a new first axis
     */
    public Turn run(List<Operand<TFloat32>> initial, List<Operand<TFloat32>> likeEmitted, Body body) {
        List<Operand<?>> variables = new ArrayList<>(List.of(tf.constant(0), turns));
        variables.addAll(initial);
        likeEmitted.forEach(emitted -> variables.add(stackOfZeros(emitted)));
        int own = variables.size();
        try (ConcreteFunction turn = ConcreteFunction.create(inside -> turn(inside, variables, initial.size(), body));
                ConcreteFunction condition = ConcreteFunction.create(inside -> condition(inside, variables))) {
            List<Operand<TFloat32>> results = new ArrayList<>();
            for (Output<?> result : StatelessWhile.create(tf.scope(), variables, condition, turn)
                    .output()
                    .subList(2, own)) {
                results.add(result.expect(TFloat32.class));
            }
            return new Turn(results.subList(0, initial.size()), results.subList(initial.size(), results.size()));
        }
    }

    /** A place for each turn. Not one of TensorFlow's lists: TensorFlow Java cannot hand those to functions. */
    private Operand<TFloat32> stackOfZeros(Operand<TFloat32> emitted) {
        Operand<TInt32> shape =
                tf.concat(List.of(tf.reshape(turns, tf.constant(new int[] {1})), tf.shape(emitted)), tf.constant(0));
        return tf.fill(shape, tf.constant(0f));
    }

    /** The body. What it captures is appended to the variables, which it hands on as they are. */
    private static Signature turn(Ops inside, List<Operand<?>> variables, int carriedCount, Body body) {
        List<Operand<?>> arguments = new ArrayList<>();
        variables.forEach(variable -> arguments.add(argument(inside, variable)));
        List<Operand<TFloat32>> carried = new ArrayList<>();
        arguments
                .subList(2, 2 + carriedCount)
                .forEach(argument -> carried.add(argument.asOutput().expect(TFloat32.class)));
        Operand<TInt32> count = arguments.get(0).asOutput().expect(TInt32.class);
        Map<Operand<TFloat32>, Operand<TFloat32>> captured = new LinkedHashMap<>();
        Turn turn = body.run(
                inside,
                count,
                carried,
                outer -> captured.computeIfAbsent(
                        outer, value -> argument(inside, value).asOutput().expect(TFloat32.class)));

        List<Operand<?>> results =
                new ArrayList<>(List.of(inside.math.add(count, inside.constant(1)), arguments.get(1)));
        results.addAll(turn.carried());
        Operand<TInt32> place = inside.reshape(count, inside.constant(new int[] {1, 1}));
        for (int i = 0; i < turn.emitted().size(); i++) {
            Operand<TFloat32> stack =
                    arguments.get(2 + carriedCount + i).asOutput().expect(TFloat32.class);
            Operand<TFloat32> emitted = inside.expandDims(turn.emitted().get(i), inside.constant(0));
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
