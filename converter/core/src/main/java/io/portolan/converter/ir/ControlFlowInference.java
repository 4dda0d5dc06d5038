package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Type inference of operators that run graphs. */
final class ControlFlowInference {
    private ControlFlowInference() {}

    /** A boolean selects graph {@code then_branch} or {@code else_branch}; neither has inputs. */
    static List<TensorType> branches(List<Value> inputs, Attributes attributes) {
        Value condition = inputs.get(0);
        require(condition.element() == OnnxType.BOOL && condition.rank() == 0, "a truth value", condition);
        List<Value> yes = results(attributes.graph("then_branch"));
        List<Value> no = results(attributes.graph("else_branch"));
        require(yes.size() == no.size(), "branches with equally many outputs", yes + " and " + no);
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < yes.size(); i++) {
            types.add(either(yes.get(i), no.get(i)));
        }
        return types;
    }

    /**
     * Inputs are the maximum trip count, the initial condition and N initial values. Graph {@code body} takes the iteration index, a
     * condition and N values, and returns a condition, N values and the scan outputs.
     */
    static List<TensorType> loop(List<Value> inputs, Attributes attributes) {
        OnnxGraph body = attributes.graph("body");
        List<Value> results = results(body);
        int carried = inputs.size() - 2;
        require(
                body.inputs().size() == carried + 2 && results.size() > carried,
                "a body of " + carried + " carried values",
                body.inputs() + " to " + results);
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < carried; i++) {
            requireCarried(inputs.get(i + 2), body.inputs().get(i + 2), results.get(i + 1));
            // Without any iteration the output is the initial value.
            types.add(either(inputs.get(i + 2), results.get(i + 1)));
        }
        Dim tripCount = tripCount(inputs, results.get(0));
        results.subList(carried + 1, results.size()).forEach(result -> types.add(stacked(result, 0, tripCount)));
        return types;
    }

    /**
     * Inputs are N initial values and the scan inputs. Graph {@code body} takes N values and one slice of each scan input, and returns
     * N values and the scan outputs.
     */
    static List<TensorType> scan(List<Value> inputs, Attributes attributes) {
        OnnxGraph body = attributes.graph("body");
        List<Value> results = results(body);
        int scanned = (int) attributes.integer("num_scan_inputs");
        int carried = inputs.size() - scanned;
        require(
                scanned > 0 && carried >= 0 && body.inputs().size() == inputs.size() && results.size() >= carried,
                "a body of " + carried + " carried values and " + scanned + " parts",
                body.inputs() + " to " + results);
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < carried; i++) {
            requireCarried(inputs.get(i), body.inputs().get(i), results.get(i));
            types.add(either(inputs.get(i), results.get(i)));
        }
        Dim tripCount = Dim.UNKNOWN;
        for (int i = 0; i < scanned; i++) {
            Value whole = inputs.get(carried + i);
            Value part = body.inputs().get(carried + i);
            require(whole.element() == part.element() && whole.rank() == part.rank() + 1, "parts of " + whole, part);
            Dim size = whole.shape().dim((int) axis(attributes, "scan_input_axes", i));
            tripCount = tripCount.isKnown() ? tripCount : size;
        }
        for (int i = carried; i < results.size(); i++) {
            types.add(stacked(results.get(i), axis(attributes, "scan_output_axes", i - carried), tripCount));
        }
        return types;
    }

    private static long axis(Attributes attributes, String name, int index) {
        List<Long> axes = attributes.integers(name, List.of());
        return axes.isEmpty() ? 0 : axes.get(index);
    }

    private static Dim tripCount(List<Value> inputs, Value goesOn) {
        Optional<List<Dim>> count = inputs.get(0).contents();
        return count.isPresent() && isAlways(inputs.get(1)) && isAlways(goesOn)
                ? count.get().get(0)
                : Dim.UNKNOWN;
    }

    private static boolean isAlways(Value condition) {
        return condition.data().filter(data -> data.longAt(0) == 1).isPresent();
    }

    private static void requireCarried(Value initial, Value parameter, Value result) {
        for (Value value : List.of(initial, result)) {
            require(
                    value.element() == parameter.element() && value.rank() == parameter.rank(),
                    "a carried value like " + parameter,
                    value);
        }
    }

    private static TensorType stacked(Value part, long axis, Dim tripCount) {
        List<Dim> dims = new ArrayList<>(part.shape().dims());
        dims.add(TensorShape.unknown(part.rank() + 1).axis(axis), tripCount);
        return part.type().withShape(new TensorShape(dims));
    }

    private static TensorType either(Value one, Value other) {
        require(
                one.element() == other.element() && one.rank() == other.rank(),
                "values of one element type and rank",
                one + " and " + other);
        return one.type().withShape(one.shape().merged(other.shape()));
    }

    private static List<Value> results(OnnxGraph graph) {
        return List.copyOf(graph.outputs().values());
    }
}
