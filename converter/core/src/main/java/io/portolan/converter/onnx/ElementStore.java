package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;
import io.portolan.converter.ir.TensorData;

/** Where the elements of constants are kept. */
@FunctionalInterface
interface ElementStore {
    /** Puts the elements into a tensor, or says there where they are. */
    void put(OnnxMl.TensorProto.Builder tensor, TensorData data);
}
