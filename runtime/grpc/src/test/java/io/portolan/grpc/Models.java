package io.portolan.grpc;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.TinyModels;

/** Models of one input, {@code in}, and one output, {@code out}. */
final class Models {
    private Models() {}

    static ModelProto.Builder identity(ElementType type) {
        return TinyModels.unary("Identity", TensorProto.DataType.valueOf(type.name()), TinyModels.OPEN);
    }
}
