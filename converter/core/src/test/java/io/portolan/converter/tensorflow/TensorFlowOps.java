package io.portolan.converter.tensorflow;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;

/** TensorFlow's own definitions of its ops. */
final class TensorFlowOps {
    private static final Map<String, OpDef> BY_NAME = load();

    private TensorFlowOps() {}

    private static Map<String, OpDef> load() {
        try (TF_Buffer buffer = tensorflow.TF_GetAllOpList()) {
            return OpList.parseFrom(buffer.dataAsByteBuffer()).getOpList().stream()
                    .collect(Collectors.toMap(OpDef::getName, Function.identity()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    static OpDef of(String op) {
        return BY_NAME.get(op);
    }

    /** The graph without attributes that have their default value, as SavedModels have it. */
    static GraphDef withoutDefaults(GraphDef graph) {
        GraphDef.Builder stripped = graph.toBuilder();
        for (NodeDef.Builder node : stripped.getNodeBuilderList()) {
            for (OpDef.AttrDef attribute : of(node.getOp()).getAttrList()) {
                if (attribute.hasDefaultValue()
                        && attribute.getDefaultValue().equals(node.getAttrOrDefault(attribute.getName(), null))) {
                    node.removeAttr(attribute.getName());
                }
            }
        }
        return stripped.build();
    }
}
