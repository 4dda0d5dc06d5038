package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** The functions of a graph's library. */
final class FunctionLibrary {
    private final Map<String, FunctionDef> functions = new HashMap<>();
    private final OpSignatures signatures;
    private final Map<Instance, FunctionBody> bodies = new HashMap<>();

    /** A function instantiated with the attributes of a call. */
    private record Instance(String name, Map<String, AttrValue> attributes) {}

    FunctionLibrary(FunctionDefLibrary library) {
        library.getFunctionList()
                .forEach(function -> functions.put(function.getSignature().getName(), function));
        this.signatures = new OpSignatures(library);
    }

    boolean has(String function) {
        return functions.containsKey(function);
    }

    /**
     * Adds a function.
     *
     * @param wish its name, to which a number is appended
     * @return the name by which nodes can refer to it
     */
    String add(String wish, List<String> arguments, FlatGraph graph) {
        String name = wish + "/" + bodies.size();
        while (functions.containsKey(name)) {
            name += "_";
        }
        bodies.put(new Instance(name, Map.of()), new FunctionBody(name, List.copyOf(arguments), graph));
        return name;
    }

    /** The function of a node whose op is the function's name; the node's attributes are those of the call. */
    FunctionBody of(NodeDef call) {
        return body(call, call.getOp(), call.getAttrMap());
    }

    /** The function that an attribute of a node names. */
    FunctionBody of(NodeDef node, String attribute) {
        NameAttrList function =
                node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance()).getFunc();
        return body(node, function.getName(), function.getAttrMap());
    }

    /** The functions that an attribute of a node lists. */
    List<FunctionBody> list(NodeDef node, String attribute) {
        return node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance()).getList().getFuncList().stream()
                .map(function -> body(node, function.getName(), function.getAttrMap()))
                .toList();
    }

    private FunctionBody body(NodeDef node, String name, Map<String, AttrValue> attributes) {
        Instance instance = new Instance(name, attributes);
        FunctionBody known = bodies.get(instance);
        if (known == null) {
            FunctionDef function = functions.get(name);
            if (function == null) {
                throw new ConversionException(
                        node.getName(), node.getOp(), "the graph has no function \"" + name + "\"", null);
            }
            known = body(name, function, attributes);
            bodies.put(instance, known);
        }
        return known;
    }

    private FunctionBody body(String name, FunctionDef function, Map<String, AttrValue> attributes) {
        OpDef signature = function.getSignature();
        List<String> arguments =
                signature.getInputArgList().stream().map(OpDef.ArgDef::getName).toList();
        Map<String, NodeDef> named = new LinkedHashMap<>();
        function.getNodeDefList().forEach(inner -> named.put(inner.getName(), instantiated(inner, attributes)));
        Map<String, NodeDef> nodes = new LinkedHashMap<>();
        named.values().forEach(inner -> nodes.put(inner.getName(), inGraphForm(inner, named)));
        List<TensorName> results = new ArrayList<>();
        for (OpDef.ArgDef output : signature.getOutputArgList()) {
            results.add(tensor(function.getRetOrThrow(output.getName()), named));
        }
        return new FunctionBody(name, arguments, new FlatGraph(nodes, results));
    }

    /** A node with the attributes that the call gives it: types, and numbers of outputs too. */
    private static NodeDef instantiated(NodeDef node, Map<String, AttrValue> attributes) {
        NodeDef.Builder changed = node.toBuilder();
        node.getAttrMap()
                .forEach((name, value) -> Optional.ofNullable(attributes.get(value.getPlaceholder()))
                        .ifPresent(given -> changed.putAttr(name, given)));
        return changed.build();
    }

    private NodeDef inGraphForm(NodeDef node, Map<String, NodeDef> nodes) {
        NodeDef.Builder changed = node.toBuilder().clearInput();
        node.getInputList()
                .forEach(input -> changed.addInput(
                        input.startsWith("^") ? input : tensor(input, nodes).toString()));
        return changed.build();
    }

    /** Reads {@code argument} or {@code node:output:place}. */
    private TensorName tensor(String text, Map<String, NodeDef> nodes) {
        String[] parts = text.split(":");
        NodeDef node = nodes.get(parts[0]);
        if (node == null || parts.length == 1) {
            return new TensorName(parts[0], 0, false);
        }
        try {
            return new TensorName(
                    parts[0],
                    signatures.index(node, parts[1], parts.length > 2 ? Integer.parseInt(parts[2]) : 0),
                    false);
        } catch (NumberFormatException e) {
            throw new ConversionException("\"" + text + "\" is not a tensor of a function: expected node:output:place");
        }
    }
}
