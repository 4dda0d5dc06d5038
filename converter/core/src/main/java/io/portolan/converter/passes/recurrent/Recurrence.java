package io.portolan.converter.passes.recurrent;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A Scan over one sequence, in the terms of a recurrent layer.
 *
 * @param body a builder of the graph that computes one step
 * @param sequence the sequence (T,N,I), or (N,T,I) if {@code timeAxis} is 1
 * @param step its element in the body (N,I)
 * @param states what is carried from step to step
 * @param stacked what each step adds to the outputs after the states
 * @param stackAxes the axis of time in each of these outputs
 * @param isReversed whether the last step comes first, in the sequence and in the outputs
 */
record Recurrence(
        GraphBuilder body,
        Value sequence,
        int timeAxis,
        Value step,
        List<State> states,
        List<Value> stacked,
        List<Integer> stackAxes,
        boolean isReversed) {
    /**
     * A value (N,H) that is carried from step to step.
     *
     * @param initial its value before the first step
     * @param before its value before a step, in the body
     * @param after its value after a step, in the body
     */
    record State(Value initial, Value before, Value after) {}

    /** The recurrence of a node; empty if it is not a Scan over one sequence of vectors of known size. */
    static Optional<Recurrence> of(Node node) {
        if (node.op() != StandardOp.SCAN || node.attributes().integer("num_scan_inputs") != 1) {
            return Optional.empty();
        }
        OnnxGraph graph = node.attributes().graph("body");
        List<Value> results = List.copyOf(graph.outputs().values());
        int carried = node.inputs().size() - 1;
        Value sequence = node.input(carried);
        Value step = graph.inputs().get(carried);
        boolean isSequence = sequence.rank() == 3
                && sequence.element() == OnnxType.FLOAT
                && step.shape().dim(1).isKnown()
                && graph.nodes().stream().allMatch(inner -> inner.subgraphs().isEmpty());
        Attributes attributes = node.attributes();
        int outputs = results.size() - carried;
        List<Long> directions = new ArrayList<>(attributes.integers("scan_input_directions", List.of(0L)));
        directions.addAll(attributes.integers("scan_output_directions", Collections.nCopies(outputs, 0L)));
        if (!isSequence || directions.stream().distinct().count() != 1) {
            return Optional.empty();
        }
        List<State> states = new ArrayList<>();
        for (int i = 0; i < carried; i++) {
            states.add(new State(node.input(i), graph.inputs().get(i), results.get(i)));
        }
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            Value output = node.outputs().get(carried + i);
            axes.add(output.shape()
                    .axis(attributes
                            .integers("scan_output_axes", Collections.nCopies(outputs, 0L))
                            .get(i)));
        }
        int timeAxis = sequence.shape()
                .axis(attributes.integers("scan_input_axes", List.of(0L)).get(0));
        if (timeAxis > 1 || axes.stream().anyMatch(axis -> axis > 1)) {
            return Optional.empty();
        }
        return Optional.of(new Recurrence(
                new GraphBuilder(graph),
                sequence,
                timeAxis,
                step,
                states,
                results.subList(carried, results.size()),
                axes,
                directions.get(0) == 1));
    }

    /** The number of elements of the input. */
    int features() {
        return (int) step.shape().dim(1).coefficient();
    }

    /** Finds values of the body that are affine in variables. */
    Affine.Finder affineIn(Value... variables) {
        return new Affine.Finder(body, variables);
    }
}
