package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.stablehlo.OpContext;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds single elements of small integer tensors that programs put together from constants and sizes. */
final class KnownElements {
    private static final int DEEPEST = 64;

    private KnownElements() {}

    /** The element at an index in row-major order, if a constant holds it. */
    static OptionalLong at(OpContext in, Value value, long index) {
        Value tensor = value;
        long at = index;
        for (int depth = 0; depth < DEEPEST; depth++) {
            Optional<Operation> producer = in.producer(tensor);
            if (producer.isEmpty()) {
                return OptionalLong.empty();
            }
            Operation operation = producer.get();
            switch (operation.name()) {
                case "stablehlo.constant" -> {
                    return OptionalLong.of(operation.elements("value").longAt((int) at));
                }
                case "stablehlo.reshape", "stablehlo.convert" -> tensor = operation.operand(0);
                case "stablehlo.broadcast_in_dim" -> {
                    at = source(operation, at);
                    tensor = operation.operand(0);
                }
                case "stablehlo.concatenate" -> {
                    Part part = part(operation, at);
                    tensor = part.tensor();
                    at = part.index();
                }
                default -> {
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }

    private record Part(Value tensor, long index) {}

    private static long source(Operation broadcast, long index) {
        long[] place = place(broadcast.result().tensor(), index);
        TensorType from = broadcast.operand(0).tensor();
        List<Long> dims = broadcast.integers("broadcast_dimensions");
        long at = 0;
        for (int axis = 0; axis < from.rank(); axis++) {
            long along = from.dim(axis) == 1 ? 0 : place[dims.get(axis).intValue()];
            at = at * from.dim(axis) + along;
        }
        return at;
    }

    private static Part part(Operation concatenate, long index) {
        int axis = (int) concatenate.integer("dimension");
        long[] place = place(concatenate.result().tensor(), index);
        for (Value operand : concatenate.operands()) {
            long size = operand.tensor().dim(axis);
            if (place[axis] < size) {
                long at = 0;
                for (int i = 0; i < place.length; i++) {
                    at = at * operand.tensor().dim(i) + place[i];
                }
                return new Part(operand, at);
            }
            place[axis] -= size;
        }
        throw new IllegalArgumentException("an index is outside what is concatenated");
    }

    private static long[] place(TensorType type, long index) {
        long[] place = new long[type.rank()];
        long rest = index;
        for (int axis = place.length - 1; axis >= 0; axis--) {
            place[axis] = rest % type.dim(axis);
            rest /= type.dim(axis);
        }
        return place;
    }
}
