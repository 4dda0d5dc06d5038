package io.portolan.converter.passes;

import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A complex tensor.
 *
 * @param re real parts
 * @param im imaginary parts, of the same shape
 */
record Spectrum(Value re, Value im) {
    /** The same change to both parts. */
    Spectrum map(UnaryOperator<Value> change) {
        return new Spectrum(change.apply(re), change.apply(im));
    }

    List<Value> parts() {
        return List.of(re, im);
    }

    int rank() {
        return re.rank();
    }

    int size(int axis) {
        return Math.toIntExact(re.shape().dim(axis).coefficient());
    }
}
