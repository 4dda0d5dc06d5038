package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A recurrence that is unrolled: every step has its own nodes. */
final class UnrolledRecurrence implements Recurrence {
    private final Ops tf;
    private final FeatureMap map;
    private final Operand<TFloat32> outputGate;
    private final StateMixing mixing;
    private final List<SolvedStep> steps = new ArrayList<>();
    private final Map<Operand<TFloat32>, List<Operand<TFloat32>>> gatesByStep = new IdentityHashMap<>();
    private final Map<ComplexTensor, ComplexTensor> flatKernels = new IdentityHashMap<>();

    UnrolledRecurrence(
            Ops tf,
            Precision precision,
            FeatureMap map,
            LinearSystem system,
            Operand<TFloat32> outputGate,
            StepInputs inputs,
            StateMixing mixing) {
        this.tf = tf;
        this.map = map;
        this.outputGate = outputGate;
        this.mixing = mixing;
        List<ComplexTensor> previous = List.of();
        for (List<ComplexTensor> driving : byStep(inputs, precision)) {
            int t = steps.size();
            steps.add(
                    SolvedStep.of(new RecurrenceStep(tf, system, gate -> at(gate, t), this::flat), driving, previous));
            previous = steps.get(t).states();
        }
    }

    @Override
    public ComplexTensor lastOutput() {
        return output(map.steps() - 1);
    }

    @Override
    public ComplexTensor outputs() {
        List<ComplexTensor> outputs =
                IntStream.range(0, map.steps()).mapToObj(this::output).toList();
        return ComplexTensor.stack(tf, outputs, 1);
    }

    @Override
    public List<SolvedStep> steps() {
        return steps;
    }

    private ComplexTensor output(int t) {
        return mixing.output(tf, steps.get(t).states(), at(outputGate, t), UnaryOperator.identity());
    }

    /** The inputs û by step and then by state, {@code (B, C, H·F)} each. */
    private List<List<ComplexTensor>> byStep(StepInputs inputs, Precision precision) {
        List<ComplexTensor> spectra = spectra(inputs);
        List<List<Operand<TFloat32>>> projections =
                inputs.projections().stream().map(this::matrices).toList();
        // Without rotation, all steps of a still image have the same input.
        int distinct = Math.max(spectra.size(), inputs.distinctProjections());
        List<List<ComplexTensor>> steps = new ArrayList<>();
        for (int t = 0; t < distinct; t++) {
            ComplexTensor spectrum = spectra.get(t % spectra.size());
            List<ComplexTensor> ofStep = new ArrayList<>();
            for (List<Operand<TFloat32>> ofState : projections) {
                Operand<TFloat32> matrix = ofState.get(t % ofState.size());
                ofStep.add(spectrum.map(part -> MatrixProduct.of(tf, precision, matrix, part)));
            }
            steps.add(ofStep);
        }
        return IntStream.range(0, map.steps())
                .mapToObj(t -> steps.get(t % distinct))
                .toList();
    }

    private List<ComplexTensor> spectra(StepInputs inputs) {
        if (inputs.hasOneSpectrum()) {
            return List.of(inputs.spectrum());
        }
        int[] flat = {-1, map.steps() * inputs.planes(), map.frequencies()};
        ComplexTensor rows = inputs.spectrum().map(part -> tf.reshape(part, tf.constant(flat)));
        List<Operand<TFloat32>> real = Slices.parts(tf, rows.real(), 1, map.steps());
        List<Operand<TFloat32>> imaginary = Slices.parts(tf, rows.imaginary(), 1, map.steps());
        return IntStream.range(0, map.steps())
                .mapToObj(t -> new ComplexTensor(tf, real.get(t), imaginary.get(t)))
                .toList();
    }

    /** The matrices {@code (m, n)} of a stack {@code (T, m, n)}. */
    private List<Operand<TFloat32>> matrices(Operand<TFloat32> stack) {
        int[] matrix = {
            Math.toIntExact(stack.shape().get(1)), Math.toIntExact(stack.shape().get(2))
        };
        return Slices.parts(tf, stack, 0, Math.toIntExact(stack.shape().get(0))).stream()
                .<Operand<TFloat32>>map(slice -> tf.reshape(slice, tf.constant(matrix)))
                .toList();
    }

    /** A gate at a step, {@code (B, 1, H·F)}. */
    private Operand<TFloat32> at(Operand<TFloat32> gate, int t) {
        return gatesByStep
                .computeIfAbsent(gate, whole -> {
                    int[] shape = {-1, map.steps(), map.frequencies()};
                    return Slices.parts(tf, tf.reshape(whole, tf.constant(shape)), 1, map.steps());
                })
                .get(t);
    }

    private ComplexTensor flat(ComplexTensor kernel) {
        int[] shape = {map.channels(), map.frequencies()};
        return flatKernels.computeIfAbsent(kernel, whole -> whole.map(part -> tf.reshape(part, tf.constant(shape))));
    }
}
