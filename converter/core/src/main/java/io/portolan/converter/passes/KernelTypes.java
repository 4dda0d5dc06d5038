package io.portolan.converter.passes;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The element types for which ONNX Runtime's CPU provider has a kernel, for the operators of which it lacks some that
 * handlers use. A test creates a session for each entry.
 */
final class KernelTypes {
    /**
     * What one operator takes.
     *
     * @param dataInputs how many of its first inputs have the element type in question
     * @param types that type
     */
    record Kernel(int dataInputs, Set<OnnxType> types) {}

    private static final int ALL_INPUTS = Integer.MAX_VALUE;

    private static final Map<StandardOp, Kernel> KERNELS = new EnumMap<>(StandardOp.class);

    static {
        // Where the provider cannot multiply halves, ONNX Runtime casts by itself; where it can, that is wanted.
        List.of(StandardOp.CONV, StandardOp.CONV_TRANSPOSE).forEach(op -> add(op, ALL_INPUTS, OnnxType.FLOAT, OnnxType.FLOAT16));
        add(StandardOp.AVERAGE_POOL, 1, OnnxType.FLOAT);
        add(StandardOp.UNIQUE, 1, OnnxType.FLOAT, OnnxType.DOUBLE, OnnxType.INT64, OnnxType.INT8);
    }

    private KernelTypes() {}

    private static void add(StandardOp op, int dataInputs, OnnxType first, OnnxType... more) {
        KERNELS.put(op, new Kernel(dataInputs, EnumSet.of(first, more)));
    }

    /** The kernel of an operator; empty if it takes every type that ONNX allows. */
    static Optional<Kernel> of(StandardOp op) {
        return Optional.ofNullable(KERNELS.get(op));
    }
}
