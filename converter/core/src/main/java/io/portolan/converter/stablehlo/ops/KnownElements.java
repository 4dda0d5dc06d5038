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
            if (operation.name().equals("stablehlo.constant")) {
                return OptionalLong.of(operation.elements("value").longAt((int) at));
            }
            Optional<Part> part = step(operation, at);
            if (part.isEmpty()) {
                return OptionalLong.empty();
            }
            tensor = part.get().tensor();
            at = part.get().index();
        }
        return OptionalLong.empty();
    }

    /** An element of a tensor. */
    record Part(Value tensor, long index) {}

    /** The element of an operand that an element of the result is; empty if the operation does more than move elements. */
    static Optional<Part> step(Operation operation, long index) {
        return switch (operation.name()) {
            case "stablehlo.reshape", "stablehlo.convert" -> Optional.of(new Part(operation.operand(0), index));
            case "stablehlo.broadcast_in_dim" -> Optional.of(new Part(operation.operand(0), source(operation, index)));
            case "stablehlo.concatenate" -> Optional.of(part(operation, index));
            default -> Optional.empty();
        };
    }

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
