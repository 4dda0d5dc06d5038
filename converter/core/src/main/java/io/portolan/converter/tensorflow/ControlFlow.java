package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.proto.NodeDef;

/** Translates ops that run functions: branches become ONNX's If, loops its Loop. */
final class ControlFlow {
    /** The attributes that hold the names of an op's functions. */
    private static final Map<String, List<String>> FUNCTIONS = Map.of(
            "If", List.of("then_branch", "else_branch"),
            "StatelessIf", List.of("then_branch", "else_branch"),
            "While", List.of("cond", "body"),
            "StatelessWhile", List.of("cond", "body"),
            "Case", List.of(),
            "StatelessCase", List.of());

    private static final String BRANCHES = "branches";

    /** Appends one of the branches to a graph. */
    private interface Branch {
        List<TranslatedTensor> in(OnnxGraph graph);
    }

    private final FunctionLibrary library;
    private final GraphTranslator translator;
    private final ConversionListener listener;

    ControlFlow(FunctionLibrary library, GraphTranslator translator, ConversionListener listener) {
        this.library = library;
        this.translator = translator;
        this.listener = listener;
    }

    static boolean isControlFlow(NodeDef node) {
        return FUNCTIONS.containsKey(node.getOp());
    }

    /** The functions that a node may run, with calls inlined. */
    List<FunctionBody> functions(NodeDef node) {
        List<String> attributes = FUNCTIONS.get(node.getOp());
        Stream<FunctionBody> functions = attributes.isEmpty()
                ? library.list(node, BRANCHES).stream()
                : attributes.stream().map(attribute -> library.of(node, attribute));
        return functions.map(this::inlined).toList();
    }

    /** A function with calls inlined, and without the nodes that its results do not need. */
    private FunctionBody inlined(FunctionBody function) {
        FlatGraph graph = FunctionInliner.inline(
                function.graph().nodes().values(), function.graph().results(), library, listener);
        return new FunctionBody(
                function.name(),
                function.arguments(),
                new FlatGraph(Edges.reachable(graph.nodes(), graph.results()), graph.results()));
    }

    /**
     * Translates a control flow node.
     *
     * @param path the name of the node, prefixed with those of the loops and branches that contain it
     * @param around the graph that contains the node
     */
    List<TranslatedTensor> convert(
            NodeDef node, String path, List<TranslatedTensor> inputs, FlatGraph around, GraphBuilder b) {
        List<FunctionBody> functions = functions(node);
        return switch (node.getOp()) {
            case "While", "StatelessWhile" ->
                new WhileLoop(translator, functions.get(0), functions.get(1), inputs, path).convert(node, around, b);
            case "If", "StatelessIf" -> branches(functions, truth(value(inputs, 0), b), inputs, path, b);
            default -> cases(functions, 0, value(inputs, 0), inputs, path, b);
        };
    }

    private List<TranslatedTensor> branches(
            List<FunctionBody> functions, Value condition, List<TranslatedTensor> inputs, String path, GraphBuilder b) {
        return choose(
                condition, branch(functions.get(0), inputs, path), branch(functions.get(1), inputs, path), path, b);
    }

    /** An index that is out of range runs the last function. */
    private List<TranslatedTensor> cases(
            List<FunctionBody> functions,
            int from,
            Value index,
            List<TranslatedTensor> inputs,
            String path,
            GraphBuilder b) {
        Branch first = branch(functions.get(from), inputs, path);
        if (from == functions.size() - 1) {
            return first.in(b.graph());
        }
        Value hit = b.apply(StandardOp.EQUAL, index, b.like(index, from));
        return choose(
                hit,
                first,
                graph -> cases(functions, from + 1, index, inputs, path, new GraphBuilder(graph).scope(path)),
                path,
                b);
    }

    private Branch branch(FunctionBody function, List<TranslatedTensor> inputs, String path) {
        return graph -> translator.translate(
                function.graph(), arguments(function, inputs.subList(1, inputs.size())), path + "/", graph);
    }

    private static List<TranslatedTensor> choose(Value condition, Branch yes, Branch no, String path, GraphBuilder b) {
        if (condition.isConstant()) {
            return (condition.data().orElseThrow().longAt(0) == 1 ? yes : no).in(b.graph());
        }
        OnnxGraph thenGraph = b.graph().nested(path + "/then");
        List<TranslatedTensor> results = results(yes, thenGraph);
        OnnxGraph elseGraph = b.graph().nested(path + "/else");
        results(no, elseGraph);
        if (results.isEmpty()) {
            return results;
        }
        return like(
                results,
                b.node(
                                StandardOp.IF,
                                Attributes.NONE.with("then_branch", thenGraph).with("else_branch", elseGraph),
                                condition)
                        .iterator());
    }

    private static List<TranslatedTensor> results(Branch branch, OnnxGraph graph) {
        List<TranslatedTensor> results = branch.in(graph);
        results.forEach(result -> result.parts().forEach(part -> graph.addResult(graph.name() + "/result", part)));
        return results;
    }

    /** The values of a function's arguments. */
    static Map<TensorName, TranslatedTensor> arguments(FunctionBody function, List<TranslatedTensor> given) {
        if (function.arguments().size() != given.size()) {
            throw new IllegalArgumentException(
                    "expected " + function.arguments().size() + " inputs for the function " + function.name() + ", got "
                            + given.size());
        }
        Map<TensorName, TranslatedTensor> arguments = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            arguments.put(new TensorName(function.arguments().get(i), 0, false), given.get(i));
        }
        return arguments;
    }

    /** Tensors of the same kinds as the templates, with other values. */
    static List<TranslatedTensor> like(List<TranslatedTensor> templates, Iterator<Value> values) {
        List<TranslatedTensor> made = new ArrayList<>();
        for (TranslatedTensor template : templates) {
            made.add(template.of(
                    template.parts().stream().map(part -> values.next()).toList()));
        }
        return made;
    }

    /** A scalar as a boolean: in TensorFlow any number other than 0 is true. */
    static Value truth(Value condition, GraphBuilder b) {
        if (condition.rank() != 0) {
            throw new IllegalArgumentException("expected a scalar as condition, got " + condition);
        }
        if (condition.isConstant()) {
            return b.constant(TensorData.scalar(
                    OnnxType.BOOL, condition.data().orElseThrow().doubleAt(0) == 0 ? 0 : 1));
        }
        return b.cast(condition, OnnxType.BOOL);
    }

    private static Value value(List<TranslatedTensor> inputs, int index) {
        if (inputs.get(index) instanceof TranslatedTensor.RealValue real) {
            return real.value();
        }
        throw new IllegalArgumentException("expected a real tensor as condition");
    }
}
