package io.portolan.converter.passes.opencv;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.Reduction;
import java.util.Comparator;
import java.util.List;

/** Splits reductions of three or more axes into one reduction per axis: OpenCV reads the wrong elements when it reduces them together. */
public final class ReduceAxisByAxis implements Pass {
    private static final int MOST_AXES = 2;

    @Override
    public String name() {
        return "reduce-axis-by-axis";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> Reduction.of(node)
                        .filter(reduction -> reduction.axes().size() > MOST_AXES)
                        .map(reduction -> List.of(axisByAxis(reduction, b))));
    }

    private static Value axisByAxis(Reduction reduction, GraphBuilder b) {
        Value reduced = reduction.input();
        // From the last to the first, so that the remaining axes keep their numbers.
        for (int axis :
                reduction.axes().stream().sorted(Comparator.reverseOrder()).toList()) {
            reduced = b.reduce(reduction.op(), reduced, reduction.keepsAxes(), axis);
        }
        return reduced;
    }
}
