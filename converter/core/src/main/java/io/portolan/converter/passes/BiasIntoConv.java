package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/** Moves a per-channel constant that is added to a convolution's output into the convolution's bias. */
public final class BiasIntoConv implements Pass {
    @Override
    public String name() {
        return "bias-into-conv";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, BiasIntoConv::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder b) {
        if (node.op() != StandardOp.ADD) {
            return Optional.empty();
        }
        return merged(node.input(0), node.input(1), b)
                .or(() -> merged(node.input(1), node.input(0), b))
                .map(List::of);
    }

    private static Optional<Value> merged(Value convolved, Value bias, GraphBuilder b) {
        Optional<Node> conv = b.graph()
                .producer(convolved)
                .filter(node -> node.op() == StandardOp.CONV && node.inputs().size() == 2);
        Optional<TensorData> channels = ChannelConstant.of(bias, convolved);
        return conv.isPresent() && channels.isPresent()
                ? Optional.of(b.apply(
                        StandardOp.CONV,
                        conv.get().attributes(),
                        conv.get().input(0),
                        conv.get().input(1),
                        b.constant(channels.get(), bias.name())))
                : Optional.empty();
    }
}
