package io.portolan.converter.tensorflow;

import java.util.Map;
import org.tensorflow.proto.NodeDef;

/** Rewrites ops that read variables as ops on the constants that replace the variables. */
final class VariableReads {
    /** The corresponding op on tensors, and its attribute for the variable's type. */
    private record Plain(String op, String typeAttribute) {}

    private static final Map<String, Plain> BY_OP =
            Map.of("ReadVariableOp", new Plain("Identity", "T"), "ResourceGather", new Plain("Gather", "Tparams"));

    private VariableReads() {}

    /** The node, or the equivalent one on the variable's value if it reads a variable. */
    static NodeDef ofConstant(NodeDef node) {
        Plain plain = BY_OP.get(node.getOp());
        boolean inBatches = node.containsAttr("batch_dims")
                && node.getAttrOrThrow("batch_dims").getI() != 0;
        if (plain == null || inBatches || !node.containsAttr("dtype")) {
            return node;
        }
        return node.toBuilder()
                .setOp(plain.op())
                .putAttr(plain.typeAttribute(), node.getAttrOrThrow("dtype"))
                .build();
    }
}
