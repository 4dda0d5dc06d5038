package io.portolan.converter.ir;

import java.util.Set;

/**
 * The element types for which ONNX Runtime's CPU provider has a kernel of an operator, where it lacks some that
 * handlers use. A test creates a session for each.
 *
 * @param dataInputs how many of the operator's first inputs have the element type in question
 * @param types that type
 */
public record KernelTypes(int dataInputs, Set<OnnxType> types) {
    /** Every input has the element type in question. */
    public static final int ALL_INPUTS = Integer.MAX_VALUE;

    public KernelTypes {
        types = Set.copyOf(types);
    }
}
