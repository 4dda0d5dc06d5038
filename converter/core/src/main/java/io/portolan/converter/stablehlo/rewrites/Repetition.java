package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.Operation;
import java.util.List;
import java.util.Map;

/**
 * How an operation can be computed on shorter operands.
 *
 * @param operands the layouts to which the operands are shortened
 * @param attributes its attributes on them
 * @param result the layout of the results
 */
record Repetition(List<Layout> operands, Map<String, Attribute> attributes, Layout result) {
    /** With the attributes that the operation has. */
    static Repetition of(Operation operation, List<Layout> operands, Layout result) {
        return new Repetition(operands, operation.attributes(), result);
    }
}
