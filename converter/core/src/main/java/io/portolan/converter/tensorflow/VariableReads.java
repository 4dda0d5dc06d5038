package io.portolan.converter.tensorflow;

import java.util.Map;
import org.tensorflow.proto.NodeDef;

/** Ops that read variables, as what they are when the variable has become a constant. */
final class VariableReads {
    /** The op on tensors, and its attribute for the type that is the variable's. */
    private record Plain(String op, String typeAttribute) {}

    private static final Map<String, Plain> BY_OP =
            Map.of("ReadVariableOp", new Plain("Identity", "T"), "ResourceGather", new Plain("Gather", "Tparams"));

    private VariableReads() {}

    /** The node, or the one that does the same with the variable's value in the place of the variable. */
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
