package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** The operands of operations: tensors and numbers, brought to one type as Keras does it. */
final class Operands {
    /** Types from the narrowest to the widest, among which the wider one holds both. */
    private static final List<DataType> ORDER = List.of(
            DataType.DT_BOOL,
            DataType.DT_UINT8,
            DataType.DT_INT32,
            DataType.DT_INT64,
            DataType.DT_HALF,
            DataType.DT_BFLOAT16,
            DataType.DT_FLOAT,
            DataType.DT_DOUBLE);

    private Operands() {}

    /** The operands at these places of a call. */
    static List<Output<?>> of(LayerCall call, int count) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = i;
            values.add(call.argument(i, "x" + (i + 1))
                    .orElseThrow(
                            () -> new ConversionException("has no operand " + (place + 1) + "; expected " + count)));
        }
        return unified(call.tf(), values);
    }

    /** Tensors and numbers in one type. */
    static List<Output<?>> unified(GraphOps tf, List<Object> values) {
        DataType type = null;
        List<Object> operands = new ArrayList<>();
        for (Object value : values) {
            Object operand = value instanceof Map<?, ?> json ? constant(tf, json) : value;
            operands.add(operand);
            if (operand instanceof KerasTensor tensor) {
                type = wider(type, tensor.tensor().dataType());
            }
        }
        if (type == null) {
            throw new ConversionException("has no operand that is a tensor");
        }
        boolean isReal = operands.stream().anyMatch(Double.class::isInstance);
        boolean isWhole = operands.stream().anyMatch(Long.class::isInstance);
        if (isReal && !LayerCall.isFloat(type)) {
            type = DataType.DT_FLOAT;
        } else if (isWhole && type == DataType.DT_BOOL) {
            type = DataType.DT_INT32;
        }
        List<Output<?>> unified = new ArrayList<>();
        for (Object operand : operands) {
            if (operand instanceof KerasTensor tensor) {
                unified.add(tf.cast(tensor.tensor(), type));
            } else if (operand instanceof Number number) {
                unified.add(tf.number(number.doubleValue(), type));
            } else if (operand instanceof Boolean flag && type == DataType.DT_BOOL) {
                unified.add(tf.truth(flag));
            } else {
                throw new ConversionException("has an operand that is neither a tensor nor a number");
            }
        }
        return unified;
    }

    private static DataType wider(DataType one, DataType other) {
        if (one == null || one == other) {
            return other;
        }
        if (!ORDER.contains(one) || !ORDER.contains(other)) {
            throw new ConversionException("has operands of " + one + " and " + other + "; expected one type");
        }
        boolean isHalf = ORDER.indexOf(one) + ORDER.indexOf(other)
                == ORDER.indexOf(DataType.DT_HALF) + ORDER.indexOf(DataType.DT_BFLOAT16);
        if (isHalf && LayerCall.isFloat(one) && LayerCall.isFloat(other)) {
            return DataType.DT_FLOAT;
        }
        return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
    }

    /** A tensor that a file holds among the arguments. */
    static KerasTensor constant(GraphOps tf, Map<?, ?> json) {
        if (!(json.get("config") instanceof Map<?, ?> config)
                || !List.of("__tensor__", "__numpy__").contains(String.valueOf(json.get("class_name")))) {
            throw new ConversionException("has an operand that is neither a tensor nor a number");
        }
        DataType type = LayerConfig.type(String.valueOf(config.get("dtype")));
        List<Long> sizes = new ArrayList<>();
        Object level = config.get("value");
        while (level instanceof List<?> list) {
            sizes.add((long) list.size());
            level = list.isEmpty() ? null : list.get(0);
        }
        Output<?> flat = StoredNumbers.read(tf, config.get("value"), type);
        return KerasTensor.of(tf.reshape(flat, sizes));
    }
}
