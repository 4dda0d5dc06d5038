package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The factors of a recurrence's inputs û: a projection and a spectrum, either of which may be the same at every step.
 *
 * @param spectrum {@code (B, T, planes, H·F)}, or {@code (B, planes, H·F)} if it is the same at every step
 * @param projections for each state, {@code (T, C, planes)}, or {@code (1, C, planes)} if it is the same at every step
 */
record StepInputs(ComplexTensor spectrum, List<Operand<TFloat32>> projections) {
    boolean hasOneSpectrum() {
        return spectrum.real().rank() == 3;
    }

    int distinctProjections() {
        return Math.toIntExact(projections.get(0).shape().get(0));
    }

    int channels() {
        return Math.toIntExact(projections.get(0).shape().get(1));
    }

    int planes() {
        return Math.toIntExact(projections.get(0).shape().get(2));
    }
}
