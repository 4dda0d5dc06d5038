package io.portolan.converter.source.keras;

import java.util.Optional;
import org.tensorflow.Output;

/**
 * A tensor between layers.
 *
 * @param mask the mask that Keras carries beside it: true where a step counts; axes are the first ones of the tensor
 */
record KerasTensor(Output<?> tensor, Optional<Output<?>> mask) {
    static KerasTensor of(Output<?> tensor) {
        return new KerasTensor(tensor, Optional.empty());
    }

    KerasTensor withMask(Optional<Output<?>> other) {
        return new KerasTensor(tensor, other);
    }
}
