package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.S4ND_BIDIRECTIONAL;
import static io.portolan.graphs.config.ModelOption.S4ND_STATE_SIZE;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * S4ND ({@code docs/model.md}, section 2.20): each frame by itself is convolved, circularly, with a kernel that is the product
 * of one over rows and one over columns. Both are impulse responses of state space models, as long as their axes.
 *
 * <pre>
 *     y = D(d ⊙ x + (k_H k_Wᵀ) ∗ x + (r_H r_Wᵀ) ∗ x)      r the reversed kernels, if it works in both directions
 * </pre>
 */
final class S4ndCell implements Cell {
    private static final Notation NOTATION =
            new Notation(List.of("y"), List.of(List.of("0")), Notation.symbols(), Notation.symbols());

    private final ImpulseResponse response;

    /** @param response the kernels over rows and columns */
    S4ndCell(ImpulseResponse response) {
        this.response = response;
    }

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public Notation notation() {
        return NOTATION;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence x) {
        ComplexTensor input = in.rfft2(in.read(in.frames(x)));
        Map<String, ComplexTensor> spectra = spectra(in);
        ComplexTensor whole =
                spectra.values().stream().reduce(ComplexTensor::plus).orElseThrow();
        Operand<TFloat32> maps = in.irfft2(input.times(whole));
        Operand<TFloat32> sums = in.plan().isStepByStep() ? takenApart(in, input, spectra, maps) : maps;
        return in.sequence(in.dense("out_proj", sums, in.map().channels()));
    }

    /** The maps, of which each frame is a tensor of its own, and a sum of what each spectrum makes of its input. */
    private static Operand<TFloat32> takenApart(
            CellBuilder in, ComplexTensor input, Map<String, ComplexTensor> spectra, Operand<TFloat32> maps) {
        List<Operand<TFloat32>> frames = frames(in, maps);
        List<TakenApart.Term> terms = new ArrayList<>();
        spectra.forEach((symbol, spectrum) -> terms.add(new TakenApart.Term(
                OptionalInt.empty(),
                Optional.of(symbol),
                StepValues.InSpace.of(frames(in, in.irfft2(input.times(spectrum)))))));
        in.plan().took((tf, map) -> List.of(new TakenApart.State(StepValues.InSpace.of(frames), terms)));
        return in.tf().stack(frames, Stack.axis(1L));
    }

    private static List<Operand<TFloat32>> frames(CellBuilder in, Operand<TFloat32> maps) {
        TimeSlices at = new TimeSlices(in.tf());
        return IntStream.range(0, Math.toIntExact(maps.shape().get(1)))
                .mapToObj(t -> at.step(maps, t))
                .toList();
    }

    /** The spectra {@code (C, H, F)} of all that an input is convolved with, by symbol; d is an impulse at the origin. */
    private Map<String, ComplexTensor> spectra(CellBuilder in) {
        Ops tf = in.tf();
        FeatureMap map = in.map();
        int states = in.options().count(S4ND_STATE_SIZE) / 2;
        Operand<TFloat32> rows = response.of(new StateSpace(in.scope().in("kH"), map.channels(), states), map.height());
        Operand<TFloat32> columns =
                response.of(new StateSpace(in.scope().in("kW"), map.channels(), states), map.width());
        Operand<TFloat32> direct = in.scope().parameter("D", new Initializer.Constant(1), map.channels());
        Operand<TFloat32> impulse = tf.reshape(direct, tf.constant(new int[] {map.channels(), 1, 1}));
        Map<String, ComplexTensor> spectra = new LinkedHashMap<>();
        spectra.put("d⊙x", new ComplexTensor(tf, impulse, tf.zerosLike(impulse)));
        spectra.put("(k_H·k_Wᵀ)∗x", in.fft().rfft2(product(tf, rows, columns)));
        if (in.options().flag(S4ND_BIDIRECTIONAL)) {
            Operand<TFloat32> reversed =
                    product(tf, reversed(tf, rows, map.height()), reversed(tf, columns, map.width()));
            spectra.put("(r_H·r_Wᵀ)∗x", in.fft().rfft2(reversed));
        }
        return spectra;
    }

    /** {@code (C, H)} and {@code (C, W)} to {@code (C, H, W)}. */
    private static Operand<TFloat32> product(Ops tf, Operand<TFloat32> rows, Operand<TFloat32> columns) {
        return tf.math.mul(tf.expandDims(rows, tf.constant(2)), tf.expandDims(columns, tf.constant(1)));
    }

    private static Operand<TFloat32> reversed(Ops tf, Operand<TFloat32> kernel, int length) {
        int[] order = IntStream.range(0, length).map(l -> length - 1 - l).toArray();
        return tf.gather(kernel, tf.constant(order), tf.constant(1));
    }
}
