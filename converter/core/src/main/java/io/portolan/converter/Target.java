package io.portolan.converter;

import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Op;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.passes.DeadCode;
import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.opencv.ConstantForEachUse;
import io.portolan.converter.passes.opencv.HalveGeluLast;
import io.portolan.converter.passes.opencv.PrecomputeConstants;
import io.portolan.converter.passes.opencv.ReduceAxisByAxis;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

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
        requireKnown(graph.allNodes().map(Node::op));
    }

    /** The same for operators that a graph shall have. */
    void requireKnown(Stream<? extends Op> operators) {
        List<StandardOp> unknown = operators
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
