package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Operation;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How a part of the result of an operation is computed from parts of its operands.
 *
 * @param name the operation that does it
 */
record Narrowing(String name, Map<String, Attribute> attributes, List<Part> operands) {
    /** A part of one of the operands. */
    record Part(int operand, Box box) {}

    /** By the same operation on a part of every operand. */
    static Narrowing of(Operation operation, List<Box> operands) {
        return of(operation, operation.attributes(), operands);
    }

    /** By the same operation with other attributes on a part of every operand. */
    static Narrowing of(Operation operation, Map<String, Attribute> attributes, List<Box> operands) {
        List<Part> parts = IntStream.range(0, operands.size())
                .mapToObj(i -> new Part(i, operands.get(i)))
                .toList();
        return new Narrowing(operation.name(), attributes, parts);
    }
}
