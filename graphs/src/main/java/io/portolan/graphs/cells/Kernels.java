package io.portolan.graphs.cells;

import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell's spatial kernels, as the spectra that its states are multiplied by ({@code docs/model.md}, sections 2.1 and
 * 2.2).
 */
public final class Kernels {
    private static final float SPECTRAL_BOUND = 0.999f;

    private final ModuleScope scope;
    private final FeatureMap map;
    private final int size;

    /**
     * @param size side of the square kernels as stored; it may exceed the map
     */
    Kernels(ModuleScope scope, FeatureMap map, int size) {
        this.scope = scope;
        this.map = map;
        this.size = size;
    }

    /** The squashed spectrum {@code (C, H, F)} of the kernel of that name: magnitudes below 0.999, phases kept. */
    ComplexTensor spectrum(String name) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter(name, map.channels(), size, size);
        ComplexTensor spectrum = new Fft(tf, map.height(), map.width()).rfft2(place(tf, kernel));
        Operand<TFloat32> squash =
                tf.math.div(tf.constant(SPECTRAL_BOUND), tf.math.add(tf.constant(1f), spectrum.magnitude()));
        ComplexTensor squashed = spectrum.times(squash);
        scope.output(CellTrace.spectrum(name), spectrum);
        scope.output(CellTrace.squashed(name), squashed);
        return squashed;
    }

    /**
     * Centres the kernel on the map by cropping or zero padding. Like the reference, it does not move the kernel's
     * centre to the origin.
     */
    private Operand<TFloat32> place(Ops tf, Operand<TFloat32> kernel) {
        int height = map.height();
        int width = map.width();
        if (size > height || size > width) {
            return tf.slice(
                    kernel,
                    tf.constant(new int[] {0, (size - height) / 2, (size - width) / 2}),
                    tf.constant(new int[] {map.channels(), height, width}));
        }
        int above = (height - size) / 2;
        int left = (width - size) / 2;
        return tf.pad(
                kernel,
                tf.constant(new int[][] {{0, 0}, {above, height - size - above}, {left, width - size - left}}),
                tf.constant(0f));
    }
}
