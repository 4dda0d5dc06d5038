package io.portolan.converter.ir;

import java.util.Set;

/**
 * The element types for which ONNX Runtime's CPU provider has a kernel of an operator, if it lacks some that handlers use. A test
 * creates a session for each.
 *
 * @param dataInputs how many of the operator's first inputs have that element type
 * @param types the element types
 */
public record KernelTypes(int dataInputs, Set<OnnxType> types) {
    /** The value of {@code dataInputs} if every input has that element type. */
    public static final int ALL_INPUTS = Integer.MAX_VALUE;

    public KernelTypes {
        types = Set.copyOf(types);
    }
}
