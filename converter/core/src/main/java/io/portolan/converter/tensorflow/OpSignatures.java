package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** The signatures of ops: what their outputs are. In a function, a tensor is named by node, output and index within that output. */
public final class OpSignatures {
    private final Map<String, OpDef> byOp = new HashMap<>(Registered.BY_OP);

    /** Signatures of all ops of TensorFlow and of the functions of a library. */
    public OpSignatures(FunctionDefLibrary library) {
        library.getFunctionList()
                .forEach(function -> byOp.put(function.getSignature().getName(), function.getSignature()));
    }

    /** The index of a tensor among all tensors of a node, from the output's name and the index within it. */
    int index(NodeDef node, String output, int place) {
        OpDef signature = byOp.get(node.getOp());
        if (signature == null) {
            throw new ConversionException(node.getName(), node.getOp(), "TensorFlow does not know this op", null);
        }
        int before = 0;
        for (OpDef.ArgDef argument : signature.getOutputArgList()) {
            if (argument.getName().equals(output)) {
                return before + place;
            }
            before += count(argument, node, signature);
        }
        throw new ConversionException(node.getName(), node.getOp(), "the op has no output " + output, null);
    }

    /** What a function calls a tensor of a node: the node, the name of the output, and the index within it. */
    public String inFunction(NodeDef node, int output) {
        OpDef signature = byOp.getOrDefault(node.getOp(), OpDef.getDefaultInstance());
        int before = 0;
        for (OpDef.ArgDef argument : signature.getOutputArgList()) {
            int count = count(argument, node, signature);
            if (output < before + count) {
                return node.getName() + ":" + argument.getName() + ":" + (output - before);
            }
            before += count;
        }
        throw new ConversionException(node.getName(), node.getOp(), "the op has no output " + output, null);
    }

    /**
     * The element type of an output of a node.
     *
     * @return empty if TensorFlow does not know the op, or if it has no such output
     */
    public Optional<DataType> type(NodeDef node, int output) {
        OpDef signature = byOp.getOrDefault(node.getOp(), OpDef.getDefaultInstance());
        int before = 0;
        for (OpDef.ArgDef argument : signature.getOutputArgList()) {
            int count = count(argument, node, signature);
            if (output < before + count) {
                return Optional.of(type(argument, output - before, node, signature));
            }
            before += count;
        }
        return Optional.empty();
    }

    private static DataType type(OpDef.ArgDef argument, int place, NodeDef node, OpDef signature) {
        if (!argument.getTypeListAttr().isEmpty()) {
            return attribute(argument.getTypeListAttr(), node, signature)
                    .getList()
                    .getType(place);
        }
        return argument.getTypeAttr().isEmpty()
                ? argument.getType()
                : attribute(argument.getTypeAttr(), node, signature).getType();
    }

    /** Whether a node keeps a state: a variable, a table, an iterator. */
    public boolean isStateful(NodeDef node) {
        return byOp.getOrDefault(node.getOp(), OpDef.getDefaultInstance()).getIsStateful();
    }

    private static int count(OpDef.ArgDef argument, NodeDef node, OpDef signature) {
        if (!argument.getNumberAttr().isEmpty()) {
            return (int) attribute(argument.getNumberAttr(), node, signature).getI();
        }
        return argument.getTypeListAttr().isEmpty()
                ? 1
                : attribute(argument.getTypeListAttr(), node, signature)
                        .getList()
                        .getTypeCount();
    }

    private static AttrValue attribute(String name, NodeDef node, OpDef signature) {
        List<AttrValue> defaults = signature.getAttrList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .map(OpDef.AttrDef::getDefaultValue)
                .toList();
        return node.getAttrOrDefault(name, defaults.isEmpty() ? AttrValue.getDefaultInstance() : defaults.get(0));
    }

    /** TensorFlow's own ops, loaded once. */
    private static final class Registered {
        private static final Map<String, OpDef> BY_OP = new HashMap<>();

        static {
            TensorFlow.registeredOpList().getOpList().forEach(op -> BY_OP.put(op.getName(), op));
        }
    }
}
