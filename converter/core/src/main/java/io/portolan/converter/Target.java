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

/** The runtime that a file is meant for: what is written otherwise for it, and which operators it has not. */
public enum Target {
    /** Whatever knows ONNX: ONNX Runtime in all its forms, OpenCV 5. */
    ANY(OptionalLong.empty(), List.of(), EnumSet.noneOf(StandardOp.class)),

    /** The dnn module of OpenCV 4, from 4.10 on; docs/compatibility.md says what it would do to the file without these passes. */
    OPENCV(
            // Computing with the shape of a batch of any size, it loses track of what is constant.
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

    /** How many samples at a time it is best given, unless somebody wants another number; empty for any number. */
    public OptionalLong batch() {
        return batch;
    }

    List<Pass> passes() {
        return passes;
    }

    /**
     * Makes sure that a graph has no operators that the runtime does not know.
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
