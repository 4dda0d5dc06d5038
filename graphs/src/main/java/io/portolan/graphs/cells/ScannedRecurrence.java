package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.CountedLoop;
import io.portolan.graphs.ops.CountedLoop.Iteration;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A recurrence whose steps are the iterations of one loop. */
final class ScannedRecurrence implements Recurrence {
    private static final int TIME = 1;

    private final Ops tf;
    private final Precision precision;
    private final FeatureMap map;
    private final LinearSystem system;
    private final Operand<TFloat32> outputGate;
    private final StepInputs inputs;
    private final StateMixing mixing;
    private final Map<Operand<TFloat32>, Operand<TFloat32>> flat = new IdentityHashMap<>();

    ScannedRecurrence(
            Ops tf,
            Precision precision,
            FeatureMap map,
            LinearSystem system,
            Operand<TFloat32> outputGate,
            StepInputs inputs,
            StateMixing mixing) {
        this.tf = tf;
        this.precision = precision;
        this.map = map;
        this.system = system;
        this.outputGate = outputGate;
        this.inputs = inputs;
        this.mixing = mixing;
    }

    @Override
    public ComplexTensor lastOutput() {
        List<ComplexTensor> last = complex(tf, loop(false).carried());
        Operand<TInt32> step = tf.math.sub(map.stepsOf(tf, outputGate), tf.constant(1));
        Operand<TFloat32> gate = tf.gather(flatGate(outputGate), step, tf.constant(TIME));
        return mixing.output(tf, last, gate, UnaryOperator.identity());
    }

    @Override
    public ComplexTensor outputs() {
        int[] batchFirst = {1, 0, 2, 3};
        return complex(tf, loop(true).emitted()).get(0).map(part -> tf.linalg.transpose(part, tf.constant(batchFirst)));
    }

    private Iteration loop(boolean emitsOutput) {
        Operand<TFloat32> zeros = zeros();
        List<Operand<TFloat32>> emitted = emitsOutput ? List.of(zeros, zeros) : List.of();
        List<Operand<TFloat32>> initial = new ArrayList<>();
        for (int i = 0; i < 2 * inputs.projections().size(); i++) {
            initial.add(zeros);
        }
        return new CountedLoop(tf, map.stepsOf(tf, outputGate)).run(initial, emitted, (in, t, carried, captured) -> {
            UnaryOperator<Operand<TFloat32>> gates =
                    gate -> in.gather(captured.apply(flatGate(gate)), t, in.constant(TIME));
            RecurrenceStep step = new RecurrenceStep(
                    in, system, gates, kernel -> within(in, kernel, part -> captured.apply(flatKernel(part))));
            List<ComplexTensor> states = step.next(driving(in, t, captured), complex(in, carried));
            return new Iteration(
                    parts(states),
                    emitsOutput
                            ? parts(List.of(mixing.output(in, states, gates.apply(outputGate), captured)))
                            : List.of());
        });
    }

    /** The input û of each state at a step, {@code (B, C, H·F)}. */
    private List<ComplexTensor> driving(Ops in, Operand<TInt32> t, UnaryOperator<Operand<TFloat32>> captured) {
        ComplexTensor spectrum = within(
                in,
                inputs.spectrum(),
                inputs.hasOneSpectrum() ? captured : part -> in.gather(captured.apply(part), t, in.constant(TIME)));
        return inputs.projections().stream()
                .map(projection -> inputs.distinctProjections() == 1
                        ? captured.apply(reshaped(projection, inputs.channels(), inputs.planes()))
                        : in.gather(captured.apply(projection), t, in.constant(0)))
                .map(matrix -> spectrum.map(part -> MatrixProduct.of(in, precision, matrix, part)))
                .toList();
    }

    /** The states before the first step, {@code (B, C, H·F)}. */
    private Operand<TFloat32> zeros() {
        Operand<TInt32> batch =
                tf.slice(tf.shape(inputs.spectrum().real()), tf.constant(new int[] {0}), tf.constant(new int[] {1}));
        Operand<TInt32> shape =
                tf.concat(List.of(batch, tf.constant(new int[] {map.channels(), map.frequencies()})), tf.constant(0));
        return tf.reshape(
                tf.fill(shape, tf.constant(0f)), tf.constant(new int[] {-1, map.channels(), map.frequencies()}));
    }

    /** The gate as {@code (B, T, 1, H·F)}, so that one step of it is {@code (B, 1, H·F)}. */
    private Operand<TFloat32> flatGate(Operand<TFloat32> gate) {
        return flat.computeIfAbsent(gate, whole -> tf.reshape(whole, map.perStep(tf, whole, 1, map.frequencies())));
    }

    private Operand<TFloat32> flatKernel(Operand<TFloat32> part) {
        return reshaped(part, map.channels(), map.frequencies());
    }

    private Operand<TFloat32> reshaped(Operand<TFloat32> x, int... shape) {
        return flat.computeIfAbsent(x, whole -> tf.reshape(whole, tf.constant(shape)));
    }

    /** The tensor {@code outer} as seen from inside another graph. */
    private static ComplexTensor within(Ops in, ComplexTensor outer, UnaryOperator<Operand<TFloat32>> captured) {
        return new ComplexTensor(in, captured.apply(outer.real()), captured.apply(outer.imaginary()));
    }

    private static List<ComplexTensor> complex(Ops tf, List<Operand<TFloat32>> parts) {
        List<ComplexTensor> numbers = new ArrayList<>();
        for (int i = 0; i < parts.size(); i += 2) {
            numbers.add(new ComplexTensor(tf, parts.get(i), parts.get(i + 1)));
        }
        return numbers;
    }

    private static List<Operand<TFloat32>> parts(List<ComplexTensor> numbers) {
        List<Operand<TFloat32>> parts = new ArrayList<>();
        numbers.forEach(number -> parts.addAll(List.of(number.real(), number.imaginary())));
        return parts;
    }
}
