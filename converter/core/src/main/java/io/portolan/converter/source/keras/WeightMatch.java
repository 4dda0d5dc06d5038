package io.portolan.converter.source.keras;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.converter.lowering.ConversionException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;

/** Compares the weights that a layer takes with those that a file has for it. */
final class WeightMatch {
    private WeightMatch() {}

    /**
     * Pairs them in their order.
     *
     * @param place how errors call the layer
     * @param count how many the file has
     * @throws ConversionException if their number or a shape differs
     */
    static void match(
            String place,
            List<WeightSlots.Slot> taken,
            List<Object> stored,
            int count,
            Map<Output<?>, ArrayData> values) {
        if (stored.size() != taken.size() || count != taken.size()) {
            throw new ConversionException(place + ": has " + count + " weights; expected " + taken.size() + ": "
                    + taken.stream().map(WeightSlots.Slot::name).toList());
        }
        for (int i = 0; i < taken.size(); i++) {
            WeightSlots.Slot slot = taken.get(i);
            long[] shape = slot.placeholder().shape().asArray();
            if (!(stored.get(i) instanceof ArrayData array) || !Arrays.equals(array.shape(), shape)) {
                throw new ConversionException(place + ": its weight " + slot.name() + " is "
                        + (stored.get(i) instanceof ArrayData array ? array.toString() : "no array")
                        + "; expected the shape " + Arrays.toString(shape));
            }
            if (slot.isRead()) {
                values.put(slot.placeholder(), array);
            }
        }
    }
}
