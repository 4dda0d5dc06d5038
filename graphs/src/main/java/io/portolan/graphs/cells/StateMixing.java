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
 * How the states of a step become its output, before the inverse transform and without the bias.
 *
 * @param kernels for each state {@code (C, C)}; none where the one state is the output
 */
record StateMixing(Precision precision, List<Operand<TFloat32>> kernels) {
    /**
     * @param states {@code (B, C, H·F)} each
     * @param gate c, {@code (B, 1, H·F)}: one for all channels, so that it may come after they are mixed
     * @param at from a kernel to the same in the graph that is built
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
