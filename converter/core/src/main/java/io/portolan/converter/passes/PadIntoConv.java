package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Moves zeros that are padded to the spatial axes (N,C,…) before a convolution into the convolution. */
public final class PadIntoConv implements Pass {
    /** The first spatial axis. */
    private static final int SPATIAL = 2;

    private static final int FILL = 2;

    @Override
    public String name() {
        return "pad-into-conv";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.CONV
                        ? padded(node.input(0), b).filter(Zeros::areSpatial).flatMap(zeros -> merged(node, zeros, b))
                        : Optional.empty());
    }

    /**
     * A value with zeros around it.
     *
     * @param before the number of zeros before each axis
     * @param after the number of zeros after each axis
     */
    private record Zeros(Value x, List<Long> before, List<Long> after) {
        /** A negative number crops. */
        boolean areSpatial() {
            return Stream.of(before, after)
                    .allMatch(counts -> counts.stream().allMatch(count -> count >= 0)
                            && counts.subList(0, SPATIAL).equals(List.of(0L, 0L)));
        }

        Zeros transposed(Permutation permutation, GraphBuilder b) {
            return new Zeros(permutation.appliedTo(x, b), permutation.of(before), permutation.of(after));
        }
    }

    /** What pads a value, before or after it is transposed. */
    private static Optional<Zeros> padded(Value value, GraphBuilder b) {
        return Patterns.node(StandardOp.PAD, value, b)
                .flatMap(PadIntoConv::zeros)
                .or(() -> Permutation.of(value, b)
                        .flatMap(permutation -> Patterns.operand(StandardOp.TRANSPOSE, value, b)
                                .flatMap(source -> Patterns.node(StandardOp.PAD, source, b))
                                .flatMap(PadIntoConv::zeros)
                                .map(zeros -> zeros.transposed(permutation, b))));
    }

    private static Optional<Zeros> zeros(Node pad) {
        boolean isZero = pad.attributes().text("mode", "constant").equals("constant")
                && pad.inputs().size() <= FILL + 1
                && pad.inputs().stream().skip(FILL).allMatch(fill -> Patterns.isNumber(fill, 0))
                && pad.input(1).isConstant();
        int rank = pad.input(0).rank();
        return isZero
                ? pad.input(1)
                        .data()
                        .map(TensorData::longList)
                        .map(pads -> new Zeros(pad.input(0), pads.subList(0, rank), pads.subList(rank, 2 * rank)))
                : Optional.empty();
    }

    private static Optional<List<Value>> merged(Node conv, Zeros zeros, GraphBuilder b) {
        if (!conv.attributes().text("auto_pad", "NOTSET").equals("NOTSET")) {
            return Optional.empty();
        }
        int axes = conv.output().rank() - SPATIAL;
        List<Long> own = conv.attributes().integers("pads", List.of());
        List<Long> pads = new ArrayList<>();
        for (int i = 0; i < 2 * axes; i++) {
            long more =
                    i < axes ? zeros.before().get(SPATIAL + i) : zeros.after().get(SPATIAL + i - axes);
            pads.add((own.isEmpty() ? 0 : own.get(i)) + more);
        }
        List<Value> inputs = new ArrayList<>(conv.inputs());
        inputs.set(0, zeros.x());
        return Optional.of(
                List.of(b.apply(StandardOp.CONV, conv.attributes().with("pads", pads), inputs.toArray(Value[]::new))));
    }
}
