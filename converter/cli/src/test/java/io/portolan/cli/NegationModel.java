package io.portolan.cli;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An ONNX file that Portolan did not write: out = -in, of matrices. */
final class NegationModel {
    private NegationModel() {}

    /** @param openAxes 1 for any number of rows of 5, 2 for any matrix */
    static Path save(Path file, int openAxes) throws IOException {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                .addDim(
                        openAxes == 2
                                ? TensorShapeProto.Dimension.newBuilder().setDimParam("M")
                                : TensorShapeProto.Dimension.newBuilder().setDimValue(5))
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(GraphProto.newBuilder()
                        .setName("negation")
                        .addInput(matrix("in", shape))
                        .addOutput(matrix("out", shape))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Neg")
                                .addInput("in")
                                .addOutput("out")))
                .build();
        return Files.write(file, model.toByteArray());
    }

    private static ValueInfoProto matrix(String name, TensorShapeProto shape) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }
}
