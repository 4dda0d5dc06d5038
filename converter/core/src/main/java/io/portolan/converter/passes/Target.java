package io.portolan.converter.passes;

import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** A runtime to write a file for: the passes that it needs, and the operators that it lacks. */
public enum Target {
    /** Any ONNX runtime: ONNX Runtime in all its builds, OpenCV 5. */
    ANY(OptionalLong.empty(), List.of(), EnumSet.noneOf(StandardOp.class)),

    /** The dnn module of OpenCV 4, from 4.10 on; docs/compatibility.md tells how it fails on the file without these passes. */
    OPENCV(
            // With a dynamic batch size, it cannot tell which computed shapes are constant.
            OptionalLong.of(1),
            List.of(
                    new PrecomputeConstants(),
                    new HalveGeluLast(),
                    new ReduceAxisByAxis(),
                    new DeadCode(),
                    new ConstantForEachUse()),
            EnumSet.of(StandardOp.DFT, StandardOp.IF, StandardOp.LOOP, StandardOp.SCAN));

    private final OptionalLong batch;
    private final List<Pass> passes;
    private final Set<StandardOp> lacking;

    Target(OptionalLong batch, List<Pass> passes, Set<StandardOp> lacking) {
        this.batch = batch;
        this.passes = passes;
        this.lacking = lacking;
    }

    /** The batch size to export for unless the user chooses another; empty for a dynamic batch size. */
    public OptionalLong batch() {
        return batch;
    }

    List<Pass> passes() {
        return passes;
    }

    /**
     * Checks that a graph has only operators that the runtime supports.
     *
     * @throws TargetException otherwise, with all such operators
     */
    public void requireKnown(OnnxGraph graph) {
        List<StandardOp> unknown = graph.allNodes()
                .map(Node::op)
                .filter(lacking::contains)
                .map(StandardOp.class::cast)
                .distinct()
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw new TargetException(this, unknown);
        }
    }
}
