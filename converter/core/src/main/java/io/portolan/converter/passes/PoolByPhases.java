package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rewrites a convolution, position-wise operators and max pooling over 2×2 windows as four convolutions of stride 2, one for each
 * position in the window, each with its copy of the position-wise operators, and the maximum of the four. It is the same arithmetic
 * in pieces of a quarter of the size, which stay in the processor's cache from one operator to the next. A single operator
 * after the convolution does not gain from it, as runtimes compute it together with the convolution.
 */
public final class PoolByPhases implements Pass {
    private static final List<Long> ONE = List.of(1L, 1L);
    private static final List<Long> TWO = List.of(2L, 2L);
    private static final List<Long> NONE = List.of(0L, 0L, 0L, 0L);

    @Override
    public String name() {
        return "pool-by-phases";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(
                graph,
                (node, b) -> isHalving(node)
                        ? PositionwiseSubgraph.endingAt(node.input(0), b.graph(), uses)
                                .filter(map -> canTakeEverySecondPlace(map.conv())
                                        && map.nodes().size() > 1)
                                .map(map -> List.of(maximumOfPhases(map, b)))
                        : Optional.empty());
    }

    private static boolean isHalving(Node node) {
        Attributes attributes = node.attributes();
        return node.op() == StandardOp.MAX_POOL
                && attributes.integers("kernel_shape").equals(TWO)
                && attributes.integers("strides", ONE).equals(TWO)
                && attributes.integers("pads", NONE).equals(NONE)
                && attributes.integers("dilations", ONE).equals(ONE)
                && isEven(node.input(0).shape().dim(2))
                && isEven(node.input(0).shape().dim(3));
    }

    private static boolean isEven(Dim size) {
        return size.isKnown() && size.coefficient() % 2 == 0;
    }

    /** The second position of a window is shifted by one, which removes one element of padding, so there must be some. */
    private static boolean canTakeEverySecondPlace(Node conv) {
        List<Long> pads = conv.attributes().integers("pads", NONE);
        return conv.attributes().integers("strides", ONE).equals(ONE)
                && conv.attributes().integers("dilations", ONE).equals(ONE)
                && pads.get(0) > 0
                && pads.get(1) > 0;
    }

    private static Value maximumOfPhases(PositionwiseSubgraph map, GraphBuilder b) {
        Value maximum = null;
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 2; column++) {
                Value phase = map.appliedTo(everySecondPlace(map.conv(), row, column, b), b);
                maximum = maximum == null ? phase : b.apply(StandardOp.MAX, maximum, phase);
            }
        }
        return maximum;
    }

    /** The output of a convolution at every second position, beginning with the given row and column. */
    private static Value everySecondPlace(Node conv, int row, int column, GraphBuilder b) {
        List<Long> pads = conv.attributes().integers("pads", NONE);
        // The last window ends one position before the end of the map in the first phase, and at the end in the second.
        Attributes attributes = conv.attributes()
                .with("strides", TWO)
                .with(
                        "pads",
                        List.of(
                                pads.get(0) - row,
                                pads.get(1) - column,
                                pads.get(2) - (1 - row),
                                pads.get(3) - (1 - column)));
        return b.apply(StandardOp.CONV, attributes, conv.inputs().toArray(Value[]::new));
    }
}
