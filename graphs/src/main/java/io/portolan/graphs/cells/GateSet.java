package io.portolan.graphs.cells;

import io.portolan.graphs.config.GateType;
import io.portolan.graphs.ops.ComplexTensor;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell's gates in every form ({@code docs/model.md}, section 2.4). Some forms look at the maps besides their mean, and
 * some let the gates of inputs and outputs act in space: an input's before its transform, an output's after the inverse.
 */
final class GateSet {
    private static final int SIDE = 5;

    private final CellBuilder in;
    private final Ops tf;
    private final FeatureSequence x;
    private final Operand<TFloat32> context;
    private final GateType form;

    /**
     * @param x what the gates look at
     * @param context its mean, {@code (B, T or 1, C)}, and what is added to it
     */
    GateSet(CellBuilder in, FeatureSequence x, Operand<TFloat32> context, GateType form) {
        this.in = in;
        this.tf = in.tf();
        this.x = x;
        this.context = context;
        this.form = form;
    }

    /** A coupling of states, in (0, 1), {@code (B, T or 1, C or 1, H or 1, F or 1)}. */
    Operand<TFloat32> coupling(String name) {
        return coupling(name, in.map().channels());
    }

    /** A coupling of which {@link GateType#CHANNEL} has one for each head. */
    Operand<TFloat32> coupling(String name, int heads) {
        return switch (form) {
            case CONV -> recorded(name, perChannel(in.mean(convolved(name, in.rotated(x), SIDE))));
            case SPECTRAL_CONV -> ofAmplitudes(name);
            case DENSE_DECAY -> gates(GateType.DENSE).sigmoid(name);
            case DENSE_IO -> gates(GateType.CHANNEL).sigmoid(name, heads);
            case DENSE, FACTORED, SCALAR, CHANNEL, LOW_RANK -> gates(form).sigmoid(name, heads);
        };
    }

    /** A decay in (0.1, 0.99), shaped as a coupling. */
    Operand<TFloat32> decay(String name) {
        return decay(name, in.map().channels());
    }

    /** A decay of which {@link GateType#CHANNEL} has one for each head. */
    Operand<TFloat32> decay(String name, int heads) {
        return recorded(name, Gates.bounded(tf, coupling(name, heads)));
    }

    /** The spectra of maps behind an input gate. */
    ComplexTensor input(String name, Operand<TFloat32> maps) {
        return actsInSpace()
                ? in.rfft2(in.times(maps, inSpace(name)))
                : in.rfft2(maps).times(overFrequencies(name));
    }

    /** The spectra of a part of a projection behind an input gate. */
    ComplexTensor input(String name, Projection projection, int part) {
        return actsInSpace()
                ? input(name, projection.map(part))
                : projection.spectrum(part).times(overFrequencies(name));
    }

    /** The maps of spectra, at the steps that are read, behind an output gate. */
    Operand<TFloat32> output(String name, ComplexTensor spectra) {
        return actsInSpace()
                ? in.times(in.irfft2(spectra), in.read(inSpace(name)))
                : in.irfft2(spectra.times(in.read(overFrequencies(name))));
    }

    private boolean actsInSpace() {
        return switch (form) {
            case CHANNEL, CONV, DENSE_DECAY -> true;
            case DENSE, FACTORED, SCALAR, DENSE_IO, SPECTRAL_CONV, LOW_RANK -> false;
        };
    }

    private Operand<TFloat32> inSpace(String name) {
        Operand<TFloat32> gate = convolved(name, in.rotated(x), form == GateType.CONV ? SIDE : 1);
        in.scope().in(name).output(CellTrace.IN_SPACE, gate);
        return gate;
    }

    private Operand<TFloat32> overFrequencies(String name) {
        return switch (form) {
            case SPECTRAL_CONV -> ofAmplitudes(name);
            case DENSE_IO -> gates(GateType.DENSE).sigmoid(name);
            default -> gates(form).sigmoid(name);
        };
    }

    private Gates gates(GateType formOfOne) {
        return in.gates(context, formOfOne);
    }

    private Operand<TFloat32> ofAmplitudes(String name) {
        Operand<TFloat32> amplitudes =
                tf.linalg.transpose(in.rfft2(in.rotated(x)).magnitude(), CellBuilder.channelsLast(tf));
        return recorded(name, tf.linalg.transpose(convolved(name, amplitudes, SIDE), CellBuilder.channelsFirst(tf)));
    }

    private Operand<TFloat32> convolved(String name, Operand<TFloat32> maps, int side) {
        return tf.math.sigmoid(in.convolution(name, maps, side, in.map().channels()));
    }

    private Operand<TFloat32> perChannel(Operand<TFloat32> means) {
        int steps = Math.toIntExact(means.shape().get(1));
        return tf.reshape(means, tf.constant(new int[] {-1, steps, in.map().channels(), 1, 1}));
    }

    private Operand<TFloat32> recorded(String name, Operand<TFloat32> gate) {
        return in.scope().in(name).output(gate);
    }
}
