package io.portolan.converter.tensorflow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** What the outputs of ops are called: a function names a tensor by node, output and place in that output. */
final class OpSignatures {
    private final Map<String, OpDef> byOp = new HashMap<>(Registered.BY_OP);

    /** All ops of TensorFlow and the functions of a library. */
    OpSignatures(FunctionDefLibrary library) {
        library.getFunctionList()
                .forEach(function -> byOp.put(function.getSignature().getName(), function.getSignature()));
    }

    /** Counts the tensors that a node makes before a place in one of its outputs. */
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

    /** TensorFlow's own ops, asked for once. */
    private static final class Registered {
        private static final Map<String, OpDef> BY_OP = new HashMap<>();

        static {
            TensorFlow.registeredOpList().getOpList().forEach(op -> BY_OP.put(op.getName(), op));
        }
    }
}
