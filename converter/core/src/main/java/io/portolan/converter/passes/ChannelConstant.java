package io.portolan.converter.passes;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.Optional;

/** Recognises constants with one element per channel (axis 1) of a value such as (N, C, H, W). */
final class ChannelConstant {
    private static final int CHANNELS = 1;

    private ChannelConstant() {}

    /** The elements as a vector if {@code value} is such a constant for {@code other}; otherwise empty. */
    static Optional<TensorData> of(Value value, Value other) {
        return value.data().filter(data -> isPerChannel(data.shape(), other)).map(data -> data.reshaped(data.size()));
    }

    private static boolean isPerChannel(long[] shape, Value other) {
        int axis = CHANNELS + shape.length - other.rank();
        return other.rank() > CHANNELS
                && shape.length <= other.rank()
                && axis >= 0
                && other.shape().dim(CHANNELS).isKnown()
                && shape[axis] == other.shape().dim(CHANNELS).coefficient()
                && Arrays.stream(shape).reduce(1, Math::multiplyExact) == shape[axis];
    }
}
