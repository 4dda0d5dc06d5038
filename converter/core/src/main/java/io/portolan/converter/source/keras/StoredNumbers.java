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

    /**
     * A number, or a list of numbers however nested, as a vector.
     *
     * @throws ConversionException if there is anything else, or a fraction among integers
     */
    static Output<?> read(GraphOps tf, Object json, DataType type) {
        List<Number> numbers = new ArrayList<>();
        collect(json, numbers);
        if (!LayerCall.isFloat(type)) {
            // Not by way of floats, which have no room for large integers.
            return tf.cast(
                    tf.longs(numbers.stream().mapToLong(StoredNumbers::whole).toArray()), type);
        }
        if (type == DataType.DT_DOUBLE) {
            return tf.doubles(numbers.stream().mapToDouble(Number::doubleValue).toArray());
        }
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).floatValue();
        }
        return tf.cast(tf.floats(values), type);
    }

    private static long whole(Number number) {
        if (number instanceof Long || number.doubleValue() == number.longValue()) {
            return number.longValue();
        }
        throw new ConversionException("has the number " + number + " among integers; expected integers");
    }

    private static void collect(Object json, List<Number> numbers) {
        if (json instanceof Number number) {
            numbers.add(number);
        } else if (json instanceof List<?> list) {
            list.forEach(each -> collect(each, numbers));
        } else if (json instanceof Map<?, ?> object && object.get("config") instanceof Map<?, ?> array) {
            collect(array.get("value"), numbers);
        } else {
            throw new ConversionException("has an option with other values than numbers; expected numbers");
        }
    }
}
