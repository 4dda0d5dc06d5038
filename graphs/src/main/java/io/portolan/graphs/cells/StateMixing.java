package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The projection from the states of a step to its output, before the inverse transform and without the bias.
 *
 * @param kernels for each state, {@code (C, C)}; empty if there is one state, which is the output
 */
record StateMixing(Precision precision, List<Operand<TFloat32>> kernels) {
    /**
     * @param states the states, {@code (B, C, H·F)} each
     * @param gate c, {@code (B, 1, H·F)}; shared by all channels, so it can be applied after they are mixed
     * @param at maps a kernel to its counterpart in the graph under construction
     */
    ComplexTensor output(
            Ops tf, List<ComplexTensor> states, Operand<TFloat32> gate, UnaryOperator<Operand<TFloat32>> at) {
        ComplexTensor mixed = kernels.isEmpty()
                ? states.get(0)
                : IntStream.range(0, states.size())
                        .mapToObj(i -> states.get(i)
                                .map(part -> MatrixProduct.ofTransposed(tf, precision, at.apply(kernels.get(i)), part)))
                        .reduce(ComplexTensor::plus)
                        .orElseThrow();
        return mixed.times(gate);
    }
}
