package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.StepValues;
import io.portolan.graphs.cells.StepVariable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/** Reads what the steps of a module add up, and what that contributes to a class's logit. */
final class StepProbe {
    private final Ops tf;
    private final List<StepVariable> variables;
    private final List<Operand<TFloat32>> maps = new ArrayList<>();
    private final LogitGradients gradients;

    /**
     * Builds gradients, from a function of what is fetched of them.
     *
     * @see LogitGradients
     */
    interface Builder {
        LogitGradients build(UnaryOperator<List<Operand<TFloat32>>> made);
    }

    /**
     * @param readOut what the module gives after each step, {@code (B, T, C, H, W)}
     * @param builder makes the gradients by all {@link #parts} of the variables
     */
    StepProbe(Ops tf, List<StepVariable> variables, Operand<TFloat32> readOut, Builder builder) {
        this.tf = tf;
        this.variables = variables;
        for (StepVariable variable : variables) {
            maps.add(variable.values().maps(tf));
            variable.terms().forEach(term -> maps.add(term.values().maps(tf)));
        }
        maps.add(readOut);
        this.gradients = builder.build(this::fetched);
    }

    /** The tensors that variables are made of: by variable, then by step. */
    static List<Operand<TFloat32>> parts(List<StepVariable> variables) {
        return variables.stream()
                .flatMap(variable -> parts(variable.values()).stream())
                .toList();
    }

    private static List<Operand<TFloat32>> parts(StepValues values) {
        return IntStream.range(0, values.steps())
                .boxed()
                .flatMap(t -> values.parts(t).stream())
                .toList();
    }

    /** The contributions of all terms by step, then all maps. */
    private List<Operand<TFloat32>> fetched(List<Operand<TFloat32>> byParts) {
        List<Operand<TFloat32>> fetched = new ArrayList<>();
        int first = 0;
        for (StepVariable variable : variables) {
            int count = parts(variable.values()).size();
            List<Operand<TFloat32>> byVariable = byParts.subList(first, first + count);
            variable.terms().forEach(term -> fetched.add(contributions(byVariable, term.values())));
            first += count;
        }
        fetched.addAll(maps);
        return fetched;
    }

    /** For each step Σ (∂logit/∂variable) · term. */
    private Operand<TFloat32> contributions(List<Operand<TFloat32>> gradient, StepValues term) {
        Iterator<Operand<TFloat32>> factors = gradient.iterator();
        List<Operand<TFloat32>> sums = new ArrayList<>();
        for (int t = 0; t < term.steps(); t++) {
            sums.add(term.parts(t).stream()
                    .<Operand<TFloat32>>map(part -> sum(tf.math.mul(factors.next(), part)))
                    .reduce(tf.math::add)
                    .orElseThrow());
        }
        return tf.stack(sums, Stack.axis(0L));
    }

    private Operand<TFloat32> sum(Operand<TFloat32> x) {
        return tf.sum(x, tf.constant(IntStream.range(0, x.rank()).toArray()));
    }

    StepTerms of(float[] sample, int chosenClass) {
        List<float[]> values = gradients.of(sample, chosenClass).gradients();
        Iterator<float[]> contributions = values.iterator();
        int terms =
                variables.stream().mapToInt(variable -> variable.terms().size()).sum();
        Iterator<Operand<TFloat32>> shapes = maps.iterator();
        Iterator<float[]> ofMaps = values.subList(terms, values.size()).iterator();
        List<StepTerms.State> states = new ArrayList<>();
        for (StepVariable variable : variables) {
            StepTerms.Maps whole = maps(shapes, ofMaps);
            states.add(new StepTerms.State(
                    variable.symbol(),
                    whole,
                    variable.terms().stream()
                            .map(term -> new StepTerms.Term(
                                    term.source(), term.symbol(), maps(shapes, ofMaps), doubles(contributions.next())))
                            .toList()));
        }
        return new StepTerms(states, maps(shapes, ofMaps));
    }

    private static StepTerms.Maps maps(Iterator<Operand<TFloat32>> shapes, Iterator<float[]> values) {
        Shape shape = shapes.next().shape();
        float[] ofSample = values.next();
        int height = Math.toIntExact(shape.get(3));
        int width = Math.toIntExact(shape.get(4));
        int channels = Math.toIntExact(shape.get(2));
        return new StepTerms.Maps(ofSample.length / (channels * height * width), channels, height, width, ofSample);
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
