package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Type;
import io.portolan.programs.stablehlo.Value;
import java.util.stream.Stream;

/** Which types the rewrites deal with: tensors of known sizes that have elements. */
final class Statics {
    private Statics() {}

    /** Whether all operands and results are of such types. */
    static boolean isStatic(Operation operation) {
        return !operation.results().isEmpty()
                && Stream.concat(operation.operands().stream(), operation.results().stream())
                        .map(Value::type)
                        .allMatch(Statics::isStatic);
    }

    static boolean isStatic(Type type) {
        return type instanceof TensorType tensor
                && tensor.isStatic()
                && !tensor.dims().contains(0L);
    }
}
