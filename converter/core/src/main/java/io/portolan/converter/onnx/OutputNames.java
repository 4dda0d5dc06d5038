package io.portolan.converter.onnx;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The names of values in a file. A value that is an output takes the output's name; where that is not possible, because it is an
 * input, a constant, a value of an outer graph or already another output, the output is a copy.
 */
final class OutputNames {
    private final Map<Value, String> renamed = new HashMap<>();
    private final Map<String, Value> aliases = new LinkedHashMap<>();
    private final Function<Value, String> otherNames;

    /** Names in the outermost graph of a model. */
    OutputNames(OnnxGraph graph) {
        this(graph, Value::name);
    }

    private OutputNames(OnnxGraph graph, Function<Value, String> otherNames) {
        this.otherNames = otherNames;
        graph.outputs().forEach((name, value) -> {
            boolean isComputed = graph.producer(value).isPresent();
            if (!isComputed || renamed.putIfAbsent(value, name) != null) {
                aliases.put(name, value);
            }
        });
    }

    /** Names in a graph nested in this one. */
    OutputNames nested(OnnxGraph graph) {
        return new OutputNames(graph, this::of);
    }

    /** The name of a value in the file. */
    String of(Value value) {
        String name = renamed.get(value);
        return name == null ? otherNames.apply(value) : name;
    }

    /** Whether a value is an output under its own name. */
    boolean isOutput(Value value) {
        return renamed.containsKey(value);
    }

    /** The outputs that are copies, with the values they copy. */
    Map<String, Value> aliases() {
        return aliases;
    }
}
