package io.portolan.grpc;

import com.google.protobuf.ByteString;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Requests as clients build them. */
final class Requests {
    private Requests() {}

    /** An input without elements. */
    static InferInputTensor.Builder input(String name, String datatype, long... shape) {
        return InferInputTensor.newBuilder()
                .setName(name)
                .setDatatype(datatype)
                .addAllShape(Arrays.stream(shape).boxed().toList());
    }

    static InferInputTensor.Builder floats(String name, List<Float> values, long... shape) {
        return input(name, "FP32", shape)
                .setContents(InferTensorContents.newBuilder().addAllFp32Contents(values));
    }

    static ByteString bytes(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return ByteString.copyFrom(bytes.array());
    }

    /** A request to the model {@code sums}, with typed contents. */
    static ModelInferRequest.Builder sums() {
        return ModelInferRequest.newBuilder()
                .setModelName("sums")
                .setId("42")
                .addInputs(floats("a", List.of(1f, 2f), 1, 2))
                .addInputs(floats("b", List.of(10f, 20f), 1, 2));
    }

    /** The same with raw contents. */
    static ModelInferRequest.Builder rawSums() {
        return ModelInferRequest.newBuilder()
                .setModelName("sums")
                .addInputs(input("a", "FP32", 1, 2))
                .addInputs(input("b", "FP32", 1, 2))
                .addRawInputContents(bytes(1, 2))
                .addRawInputContents(bytes(10, 20));
    }
}
