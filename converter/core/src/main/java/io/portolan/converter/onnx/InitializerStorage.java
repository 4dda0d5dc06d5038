package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;
import io.portolan.converter.ir.TensorData;

/** The storage of the elements of initializers: in the model, or in a file beside it. */
@FunctionalInterface
interface InitializerStorage {
    /** Stores elements, and sets either the elements or their location in the tensor. */
    void put(OnnxMl.TensorProto.Builder tensor, TensorData data);
}
