package io.portolan.converter.passes;

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
 * Moves transposes after elementwise operators and reductions until they meet other transposes, and merges those that meet: the
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
        if (node.op() == StandardOp.TRANSPOSE) {
            return merged(node, b).map(List::of);
        }
        return node.op().isElementwise()
                ? commonPermutation(node, b).map(permutation -> List.of(behindElementwise(node, permutation, b)))
                : Reduction.of(node)
                        .flatMap(reduction -> behindReduction(reduction, b))
                        .map(List::of);
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

    private static Value behindElementwise(Node node, Permutation permutation, GraphBuilder b) {
        List<Value> inputs = new ArrayList<>();
        for (Value input : node.inputs()) {
            if (input.rank() == 0) {
                inputs.add(input);
            } else {
                inputs.add(input.isConstant() ? permutation.undoneOn(input, b) : sourceOf(input, b));
            }
        }
        Value result = b.apply(node.op(), node.attributes(), inputs.toArray(Value[]::new));
        return permutation.appliedTo(result, b);
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
