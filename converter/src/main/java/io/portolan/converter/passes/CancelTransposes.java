package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Merges a transpose into the one before it, and drops those that change nothing. */
public final class CancelTransposes implements Pass {
    @Override
    public String name() {
        return "cancel transposes";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, CancelTransposes::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder builder) {
        if (node.op() != StandardOp.TRANSPOSE) {
            return Optional.empty();
        }
        Value source = node.input(0);
        long[] permutation = permutation(node);
        Optional<Node> before = builder.graph().producer(source).filter(inner -> inner.op() == StandardOp.TRANSPOSE);
        if (before.isPresent()) {
            long[] inner = permutation(before.get());
            permutation = LongStream.of(permutation).map(axis -> inner[(int) axis]).toArray();
            source = before.get().input(0);
        }
        if (LongStream.range(0, permutation.length).boxed().toList()
                .equals(LongStream.of(permutation).boxed().toList())) {
            return Optional.of(List.of(source));
        }
        return before.isPresent() ? Optional.of(List.of(builder.transpose(source, permutation))) : Optional.empty();
    }

    private static long[] permutation(Node node) {
        return node.attributes().integers("perm").stream().mapToLong(Long::longValue).toArray();
    }
}
