package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves transposes after elementwise operators, pads, concatenations and reductions until they meet other transposes, and merges those that meet: the
 * operators between two convolutions of a channels-last graph are then computed channels-first, as the convolutions are.
 */
public final class SinkTransposes implements Pass {
    @Override
    public String name() {
        return "sink-transposes";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, SinkTransposes::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder b) {
        Optional<Value> moved;
        if (node.op() == StandardOp.TRANSPOSE) {
            moved = merged(node, b);
        } else if (node.op() == StandardOp.PAD) {
            moved = behindPad(node, b);
        } else if (node.op() == StandardOp.CONCAT) {
            moved = commonPermutation(node, b).map(permutation -> behindConcat(node, permutation, b));
        } else if (node.op().isElementwise()) {
            moved = commonPermutation(node, b).map(permutation -> behind(node, node.attributes(), permutation, b));
        } else {
            moved = Reduction.of(node).flatMap(reduction -> behindReduction(reduction, b));
        }
        return moved.map(List::of);
    }

    /** A transpose merged into the one before it, or dropped if it changes nothing. */
    private static Optional<Value> merged(Node node, GraphBuilder b) {
        Permutation permutation = Permutation.of(node).orElseThrow();
        Value x = node.input(0);
        return Permutation.of(x, b)
                .map(before -> permutation.after(before).appliedTo(sourceOf(x, b), b))
                .or(() -> permutation.isIdentity() ? Optional.of(x) : Optional.empty());
    }

    /** The permutation by which every input except constants and scalars was transposed. */
    private static Optional<Permutation> commonPermutation(Node node, GraphBuilder b) {
        int rank = node.output().rank();
        Permutation common = null;
        for (Value input : node.inputs()) {
            if (input.isConstant() || input.rank() == 0) {
                continue;
            }
            Optional<Permutation> permutation = Permutation.of(input, b);
            boolean fits = input.rank() == rank
                    && permutation.isPresent()
                    && (common == null || common.equals(permutation.get()));
            if (!fits) {
                return Optional.empty();
            }
            common = permutation.get();
        }
        return Optional.ofNullable(common);
    }

    private static Value behind(Node node, Attributes attributes, Permutation permutation, GraphBuilder b) {
        List<Value> inputs = new ArrayList<>();
        for (Value input : node.inputs()) {
            if (input.rank() == 0) {
                inputs.add(input);
            } else {
                inputs.add(input.isConstant() ? permutation.undoneOn(input, b) : sourceOf(input, b));
            }
        }
        Value result = b.apply(node.op(), attributes, inputs.toArray(Value[]::new));
        return permutation.appliedTo(result, b);
    }

    private static Value behindConcat(Node node, Permutation permutation, GraphBuilder b) {
        int axis = node.output().shape().axis(node.attributes().integer("axis"));
        return behind(node, node.attributes().with("axis", permutation.sourceOf(axis)), permutation, b);
    }

    /** A pad by constant numbers for all axes. */
    private static Optional<Value> behindPad(Node node, GraphBuilder b) {
        Value x = node.input(0);
        boolean isOfAllAxes = node.inputs().size() <= 3 && node.input(1).isConstant();
        return Permutation.of(x, b).filter(permutation -> isOfAllAxes).map(permutation -> {
            List<Long> pads = node.input(1).data().orElseThrow().longList();
            List<Long> moved = new ArrayList<>(permutation.inverse().of(pads.subList(0, x.rank())));
            moved.addAll(permutation.inverse().of(pads.subList(x.rank(), 2 * x.rank())));
            List<Value> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, sourceOf(x, b));
            inputs.set(1, b.longs(moved));
            return permutation.appliedTo(b.apply(StandardOp.PAD, node.attributes(), inputs.toArray(Value[]::new)), b);
        });
    }

    private static Optional<Value> behindReduction(Reduction reduction, GraphBuilder b) {
        return Permutation.of(reduction.input(), b).map(permutation -> {
            Value source = sourceOf(reduction.input(), b);
            long[] axes = reduction.axes().stream()
                    .mapToLong(permutation::sourceOf)
                    .sorted()
                    .toArray();
            Value reduced = b.reduce(reduction.op(), source, reduction.keepsAxes(), axes);
            return (reduction.keepsAxes() ? permutation : permutation.without(reduction.axes())).appliedTo(reduced, b);
        });
    }

    private static Value sourceOf(Value transposed, GraphBuilder b) {
        return b.graph().producer(transposed).orElseThrow().input(0);
    }
}
