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
 * @param read the states that make the output
 * @param norms for each of these its norm; empty if there is none
 * @param kernels for each of these, {@code (C, C)}; empty if the one that is read is the output
 */
record StateMixing(Precision precision, List<Integer> read, List<StateNorm> norms, List<Operand<TFloat32>> kernels) {
    /**
     * @param states all states, {@code (B, C, H·F)} each
     * @param gate c, {@code (B, 1, H·F)}; shared by all channels, so it can be applied after they are mixed
     * @param at maps an operand to its counterpart in the graph under construction
     */
    ComplexTensor output(
            Ops tf, List<ComplexTensor> states, Operand<TFloat32> gate, UnaryOperator<Operand<TFloat32>> at) {
        List<ComplexTensor> seen = IntStream.range(0, read.size())
                .mapToObj(i ->
                        norms.isEmpty() ? states.get(read.get(i)) : norms.get(i).apply(tf, states.get(read.get(i)), at))
                .toList();
        ComplexTensor mixed = kernels.isEmpty()
                ? seen.get(0)
                : IntStream.range(0, seen.size())
                        .mapToObj(i -> seen.get(i)
                                .map(part -> MatrixProduct.ofTransposed(tf, precision, at.apply(kernels.get(i)), part)))
                        .reduce(ComplexTensor::plus)
                        .orElseThrow();
        return mixed.times(gate);
    }
}
