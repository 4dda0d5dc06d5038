package io.portolan.graphs.cells;

import io.portolan.graphs.layers.Initializer;
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
    /** The magnitude that no squashed spectrum reaches. */
    public static final float SPECTRAL_BOUND = 0.999f;

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
        return spectrum(name, Initializer.BY_NAME);
    }

    /** Like {@link #spectrum(String)}, for a kernel that starts otherwise than flax's do. */
    ComplexTensor spectrum(String name, Initializer initializer) {
        return squashed(name, initializer, map.channels(), size);
    }

    /** The squashed spectrum {@code (planes, H, F)} of a kernel of its own size. */
    ComplexTensor spectrum(String name, int planes, int side) {
        return squashed(name, Initializer.BY_NAME, planes, side);
    }

    /** The squashed spectra of one kernel for each head, {@code (heads, H, F)}. */
    ComplexTensor spectrumOfHeads(String name, int heads) {
        return squashed(name, Initializer.BY_NAME, heads, size);
    }

    /** The spectrum {@code (C, H, F)} of the kernel of that name as it is. */
    ComplexTensor unsquashed(String name) {
        return unsquashedOfHeads(name, map.channels());
    }

    /** The spectra of one kernel for each head as they are, {@code (heads, H, F)}. */
    ComplexTensor unsquashedOfHeads(String name, int heads) {
        ComplexTensor spectrum = raw(name, Initializer.BY_NAME, heads, size);
        scope.output(CellTrace.spectrum(name), spectrum);
        scope.output(CellTrace.squashed(name), spectrum);
        return spectrum;
    }

    private ComplexTensor squashed(String name, Initializer initializer, int planes, int side) {
        ComplexTensor spectrum = raw(name, initializer, planes, side);
        ComplexTensor squashed = squash(scope.tf(), spectrum);
        scope.output(CellTrace.spectrum(name), spectrum);
        scope.output(CellTrace.squashed(name), squashed);
        return squashed;
    }

    private ComplexTensor raw(String name, Initializer initializer, int planes, int side) {
        Ops tf = scope.tf();
        Operand<TFloat32> kernel = scope.parameter(name, initializer, planes, side, side);
        return new Fft(tf, map.height(), map.width()).rfft2(place(tf, kernel, planes, side));
    }

    /** A spectrum with magnitudes below 0.999, phases kept. */
    static ComplexTensor squash(Ops tf, ComplexTensor spectrum) {
        return spectrum.times(
                tf.math.div(tf.constant(SPECTRAL_BOUND), tf.math.add(tf.constant(1f), spectrum.magnitude())));
    }

    /**
     * Centres the kernel on the map by cropping or zero padding. Like the reference, it does not move the kernel's
     * centre to the origin.
     */
    private Operand<TFloat32> place(Ops tf, Operand<TFloat32> kernel, int planes, int side) {
        int height = map.height();
        int width = map.width();
        if (side > height || side > width) {
            return tf.slice(
                    kernel,
                    tf.constant(new int[] {0, (side - height) / 2, (side - width) / 2}),
                    tf.constant(new int[] {planes, height, width}));
        }
        int above = (height - side) / 2;
        int left = (width - side) / 2;
        return tf.pad(
                kernel,
                tf.constant(new int[][] {{0, 0}, {above, height - side - above}, {left, width - side - left}}),
                tf.constant(0f));
    }
}
