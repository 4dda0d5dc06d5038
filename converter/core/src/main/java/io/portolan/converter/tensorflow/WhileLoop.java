package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.proto.NodeDef;

/**
 * Translates a While op to ONNX's Loop. Loop-invariant variables become values of the outer graph; lists that get one element per
 * iteration become scan outputs; if the condition only compares counters, the trip count is computed before the loop.
 */
final class WhileLoop {
    private static final TensorType ITERATION = new TensorType(OnnxType.INT64, TensorShape.SCALAR);
    private static final TensorType TRUTH = new TensorType(OnnxType.BOOL, TensorShape.SCALAR);

    private final GraphTranslator translator;
    private final FunctionBody condition;
    private final FunctionBody body;
    private final List<TranslatedTensor> initial;
    private final String path;

    WhileLoop(
            GraphTranslator translator,
            FunctionBody condition,
            FunctionBody body,
            List<TranslatedTensor> initial,
            String path) {
        this.translator = translator;
        this.condition = condition;
        this.body = body;
        this.initial = initial;
        this.path = path;
    }

    List<TranslatedTensor> convert(NodeDef node, FlatGraph around, GraphBuilder b) {
        return new KnownLoop(translator, condition, body, path)
                .results(initial, b.graph())
                .orElseGet(() -> asLoop(node, around, b));
    }

    private List<TranslatedTensor> asLoop(NodeDef node, FlatGraph around, GraphBuilder b) {
        LoopVariables variables = new LoopVariables(condition, body, initial, node, around);
        Map<Integer, LoopVariables.Collected> collected = new HashMap<>();
        IntStream.range(0, variables.count())
                .forEach(i -> variables.collected(i).ifPresent(list -> collected.put(i, list)));
        List<Integer> carried = IntStream.range(0, variables.count())
                .filter(i -> !variables.isUnchanged(i) && !collected.containsKey(i))
                .boxed()
                .toList();
        if (carried.isEmpty()) {
            throw new IllegalArgumentException("expected a loop that changes at least one variable besides lists");
        }
        Optional<Value> turns = variables.bounds().map(bounds -> smallest(bounds, b));
        List<Value> inputs = new ArrayList<>();
        inputs.add(turns.orElseGet(() -> b.constant(TensorData.scalar(OnnxType.INT64, Long.MAX_VALUE))));
        inputs.add(
                turns.isPresent()
                        ? always(b)
                        : condition(ControlFlow.arguments(condition, initial), path + "/begin/", b.graph()));
        carried.forEach(i -> inputs.addAll(initial.get(i).parts()));

        List<Integer> stacked = collected.keySet().stream().sorted().toList();
        OnnxGraph graph = settled(
                carried, stacked.stream().map(i -> collected.get(i).element()).toList(), turns.isPresent(), b.graph());
        Iterator<Value> outputs = b.node(
                        StandardOp.LOOP, Attributes.NONE.with("body", graph), inputs.toArray(Value[]::new))
                .iterator();
        List<TranslatedTensor> results = new ArrayList<>(initial);
        for (int i : carried) {
            results.set(i, ControlFlow.like(List.of(initial.get(i)), outputs).get(0));
        }
        for (int i : stacked) {
            TranslatedTensor list = initial.get(i);
            results.set(
                    i,
                    list.of(list.parts().stream()
                            .map(part -> list(part, outputs.next(), collected.get(i), b))
                            .toList()));
        }
        return results;
    }

    private Value smallest(List<LoopVariables.Bound> bounds, GraphBuilder b) {
        return bounds.stream()
                .map(bound -> bound.value()
                        .orElseGet(() -> b.constant(bound.constant().orElseThrow())))
                .map(bound -> b.cast(bound, OnnxType.INT64))
                .reduce((one, other) -> one == other ? one : b.apply(StandardOp.MIN, one, other))
                .orElseThrow();
    }

    private static Value always(GraphBuilder b) {
        return b.constant(TensorData.scalar(OnnxType.BOOL, 1));
    }

    private Value condition(Map<TensorName, TranslatedTensor> arguments, String prefix, OnnxGraph graph) {
        TranslatedTensor truth = translator
                .translate(condition.graph(), arguments, prefix, graph)
                .get(0);
        return ControlFlow.truth(truth.parts().get(0), new GraphBuilder(graph).scope(path));
    }

    /** The body, with variable types that hold for every iteration, not only for the first. */
    private OnnxGraph settled(List<Integer> carried, List<TensorName> items, boolean isCounted, OnnxGraph outer) {
        List<TensorType> types = carried.stream()
                .flatMap(i -> initial.get(i).parts().stream())
                .map(Value::type)
                .toList();
        while (true) {
            OnnxGraph graph = body(types, carried, items, isCounted, outer);
            List<Value> results = List.copyOf(graph.outputs().values()).subList(1, 1 + types.size());
            List<TensorType> wider = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                wider.add(wider(types.get(i), results.get(i)));
            }
            if (wider.equals(types)) {
                return graph;
            }
            types = wider;
        }
    }

    private static TensorType wider(TensorType type, Value result) {
        if (type.element() != result.element() || type.shape().rank() != result.rank()) {
            throw new IllegalArgumentException("expected loop variables that keep element type and rank, got " + type
                    + " before an iteration and " + result.type() + " after it");
        }
        return type.withShape(type.shape().merged(result.shape()));
    }

    private OnnxGraph body(
            List<TensorType> types, List<Integer> carried, List<TensorName> items, boolean isCounted, OnnxGraph outer) {
        OnnxGraph graph = outer.nested(path + "/body");
        graph.addParameter(path + "/turn", ITERATION);
        graph.addParameter(path + "/goes_on", TRUTH);
        Iterator<Value> parameters = types.stream()
                .map(type -> graph.addParameter(path + "/variable", type))
                .toList()
                .iterator();
        List<TranslatedTensor> given = new ArrayList<>(initial);
        carried.forEach(i -> given.set(
                i, ControlFlow.like(List.of(initial.get(i)), parameters).get(0)));

        List<TensorName> roots = new ArrayList<>(
                carried.stream().map(body.graph().results()::get).toList());
        roots.addAll(items);
        List<TranslatedTensor> results = translator.translate(
                new FlatGraph(body.graph().nodes(), roots), ControlFlow.arguments(body, given), path + "/", graph);
        for (int i = 0; i < carried.size(); i++) {
            given.set(carried.get(i), results.get(i));
        }
        GraphBuilder b = new GraphBuilder(graph).scope(path);
        graph.addResult(
                path + "/goes_on",
                isCounted ? always(b) : condition(ControlFlow.arguments(condition, given), path + "/", graph));
        results.forEach(result -> result.parts().forEach(part -> graph.addResult(path + "/result", part)));
        return graph;
    }

    /** The list after the loop, from the elements that the iterations computed. */
    private static Value list(Value reserved, Value elements, LoopVariables.Collected collected, GraphBuilder b) {
        return collected.keepsLast()
                ? b.slice(elements, List.of(0L), List.of(new SliceRange(-1, SliceRange.TO_END, 1)))
                : asLongAs(reserved, elements, collected.grows(), b);
    }

    /** Pads a list with zeros to its reserved length. */
    private static Value asLongAs(Value reserved, Value list, boolean grows, GraphBuilder b) {
        Dim length = reserved.shape().dim(0);
        if (length.sameAs(list.shape().dim(0))) {
            return list;
        }
        Value difference = b.sub(length(reserved, b), length(list, b));
        Value missing = grows ? b.apply(StandardOp.MAX, difference, b.longs(0)) : difference;
        Value none = b.longs(new long[list.rank()]);
        Value pads = b.concat(0, none, missing, b.longs(new long[list.rank() - 1]));
        return b.apply(StandardOp.PAD, list, pads, b.like(list, 0));
    }

    private static Value length(Value list, GraphBuilder b) {
        return b.slice(b.shapeOf(list), List.of(0L), List.of(new SliceRange(0, 1, 1)));
    }
}
