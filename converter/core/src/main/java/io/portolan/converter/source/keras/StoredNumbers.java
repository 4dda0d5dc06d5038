package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Numbers in a configuration. */
final class StoredNumbers {
    private StoredNumbers() {}

    /** A number, or a list of numbers however nested, as a vector. */
    static Output<?> read(GraphOps tf, Object json, DataType type) {
        List<Float> numbers = new ArrayList<>();
        collect(json, numbers);
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i);
        }
        return tf.cast(tf.floats(values), type);
    }

    private static void collect(Object json, List<Float> numbers) {
        if (json instanceof Number number) {
            numbers.add(number.floatValue());
        } else if (json instanceof List<?> list) {
            list.forEach(each -> collect(each, numbers));
        } else if (json instanceof Map<?, ?> object && object.get("config") instanceof Map<?, ?> array) {
            collect(array.get("value"), numbers);
        } else {
            throw new ConversionException("has an option with other values than numbers; expected numbers");
        }
    }
}
