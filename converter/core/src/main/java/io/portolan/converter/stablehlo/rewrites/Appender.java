package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.List;
import java.util.Map;

/** Appends new operations to a list, under the name of the operation that they replace. */
record Appender(String location, List<Operation> operations) {
    /** Appends an operation without attributes. */
    Value operation(String name, TensorType result, Value... operands) {
        return operation(name, new Value(result), operands);
    }

    /** Appends an operation without operands. */
    Value operation(String name, TensorType result, Map<String, Attribute> attributes) {
        return operation(name, attributes, new Value(result));
    }

    /** Appends an operation without attributes that computes an existing value. */
    Value operation(String name, Value result, Value... operands) {
        return operation(name, Map.of(), result, operands);
    }

    /** Appends an operation that computes an existing value. */
    Value operation(String name, Map<String, Attribute> attributes, Value result, Value... operands) {
        operations.add(
                new Operation(name, List.of(operands), List.of(result), attributes, Map.of(), List.of(), location));
        return result;
    }
}
