package io.portolan.runtime;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import io.portolan.images.Shapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** ONNX models small enough to know their answers by heart. */
public final class TinyModels {
    public static final long OPEN = -1;

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private TinyModels() {}

    /** Logits {@code (-m, m)} where m is the sum of the three channel means: bright is class 1. */
    public static ModelProto.Builder brightness(long batch, ImageInput input) {
        long[] shape = Shapes.prepend(batch, input.sampleShape());
        AttributeProto.Builder axes =
                AttributeProto.newBuilder().setName("axes").setType(AttributeProto.AttributeType.INTS);
        for (int axis = 1; axis < shape.length - 1; axis++) {
            axes.addInts(axis);
        }
        NodeProto mean = node("ReduceMean", List.of("image"), "means").toBuilder()
                .addAttribute(axes)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("keepdims")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(0))
                .build();
        return model(GraphProto.newBuilder()
                .addInput(tensor("image", TensorProto.DataType.FLOAT, shape))
                .addOutput(tensor("logits", TensorProto.DataType.FLOAT, batch, 2))
                .addInitializer(initializer("weights", new long[] {3, 2}, -1, 1, -1, 1, -1, 1))
                .addInitializer(initializer("bias", new long[] {2}, 0, 0))
                .addNode(mean)
                .addNode(node("Gemm", List.of("means", "weights", "bias"), "logits")));
    }

    /** Inputs a, b of any shape (?, 2); outputs sum = a + b, then difference = a - b. */
    public static ModelProto.Builder sumAndDifference() {
        return model(GraphProto.newBuilder()
                .addInput(tensor("a", TensorProto.DataType.FLOAT, OPEN, 2))
                .addInput(tensor("b", TensorProto.DataType.FLOAT, OPEN, 2))
                .addOutput(tensor("sum", TensorProto.DataType.FLOAT, OPEN, 2))
                .addOutput(tensor("difference", TensorProto.DataType.FLOAT, OPEN, 2))
                .addNode(node("Add", List.of("a", "b"), "sum"))
                .addNode(node("Sub", List.of("a", "b"), "difference")));
    }

    /** Input x (T, N, 1), output last (1, N, 1): a recurrent layer of one unit that keeps the sum of the positive inputs. */
    public static ModelProto.Builder recurrent() {
        return model(GraphProto.newBuilder()
                .addInput(tensor("x", TensorProto.DataType.FLOAT, OPEN, OPEN, 1))
                .addOutput(tensor("last", TensorProto.DataType.FLOAT, 1, OPEN, 1))
                .addInitializer(initializer("w", new long[] {1, 1, 1}, 1))
                .addInitializer(initializer("r", new long[] {1, 1, 1}, 1))
                .addNode(NodeProto.newBuilder()
                        .setOpType("RNN")
                        .addAllInput(List.of("x", "w", "r"))
                        .addAllOutput(List.of("", "last"))
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("activations")
                                .setType(AttributeProto.AttributeType.STRINGS)
                                .addStrings(ByteString.copyFromUtf8("Relu")))
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("hidden_size")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1))));
    }

    /** input0 (2, 2) of UINT32 and input1 (3) of BOOL; output0 (3, 2) is the mean row of the one where the other is true. */
    public static ModelProto.Builder specification() {
        return model(GraphProto.newBuilder()
                .addInput(tensor("input0", TensorProto.DataType.UINT32, 2, 2))
                .addInput(tensor("input1", TensorProto.DataType.BOOL, 3))
                .addOutput(tensor("output0", TensorProto.DataType.FLOAT, 3, 2))
                .addInitializer(TensorProto.newBuilder()
                        .setName("column")
                        .setDataType(TensorProto.DataType.INT64.getNumber())
                        .addDims(2)
                        .addInt64Data(3)
                        .addInt64Data(1))
                .addNode(toFloat("input0", "numbers"))
                .addNode(node("ReduceMean", List.of("numbers"), "row").toBuilder()
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("axes")
                                .setType(AttributeProto.AttributeType.INTS)
                                .addInts(0)))
                .addNode(toFloat("input1", "chosen"))
                .addNode(node("Reshape", List.of("chosen", "column"), "rows"))
                .addNode(node("Mul", List.of("rows", "row"), "output0")));
    }

    private static NodeProto toFloat(String input, String output) {
        return node("Cast", List.of(input), output).toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(TensorProto.DataType.FLOAT.getNumber()))
                .build();
    }

    /** One input of a type and shape, handed through an operator. */
    public static ModelProto.Builder unary(String operator, TensorProto.DataType type, long... shape) {
        return model(GraphProto.newBuilder()
                .addInput(tensor("in", type, shape))
                .addOutput(tensor("out", type, shape))
                .addNode(node(operator, List.of("in"), "out")));
    }

    /** y = -x of any rank. */
    public static ModelProto.Builder unranked() {
        return model(GraphProto.newBuilder()
                .addInput(anyShape("x"))
                .addOutput(anyShape("y"))
                .addNode(node("Neg", List.of("x"), "y")));
    }

    /** y = x + bias, where the bias is 5 unless it is given. */
    public static ModelProto.Builder optionalBias() {
        return model(GraphProto.newBuilder()
                .addInput(tensor("x", TensorProto.DataType.FLOAT, OPEN))
                .addInput(tensor("bias", TensorProto.DataType.FLOAT, 1))
                .addOutput(tensor("y", TensorProto.DataType.FLOAT, OPEN))
                .addInitializer(initializer("bias", new long[] {1}, 5))
                .addNode(node("Add", List.of("x", "bias"), "y")));
    }

    /** y is x as often as s says, along as many axes as it says. */
    public static ModelProto.Builder expand() {
        return model(GraphProto.newBuilder()
                .addInput(tensor("x", TensorProto.DataType.FLOAT, 1))
                .addInput(tensor("s", TensorProto.DataType.INT64, OPEN))
                .addOutput(anyShape("y"))
                .addNode(node("Expand", List.of("x", "s"), "y")));
    }

    /** y (N, 65536): each x (N, 1) so often. */
    public static ModelProto.Builder wide() {
        return model(GraphProto.newBuilder()
                .addInput(tensor("x", TensorProto.DataType.FLOAT, OPEN, 1))
                .addOutput(tensor("y", TensorProto.DataType.FLOAT, OPEN, 65_536))
                .addInitializer(TensorProto.newBuilder()
                        .setName("shape")
                        .setDataType(TensorProto.DataType.INT64.getNumber())
                        .addDims(2)
                        .addInt64Data(1)
                        .addInt64Data(65_536))
                .addNode(node("Expand", List.of("x", "shape"), "y")));
    }

    /** y = (10, 20, 30)[i]; a run with another index fails. */
    public static ModelProto.Builder lookup() {
        return model(GraphProto.newBuilder()
                .addInput(tensor("i", TensorProto.DataType.INT64, OPEN))
                .addOutput(tensor("y", TensorProto.DataType.FLOAT, OPEN))
                .addInitializer(initializer("table", new long[] {3}, 10, 20, 30))
                .addNode(node("Gather", List.of("table", "i"), "y")));
    }

    /** y = x / z. */
    public static ModelProto.Builder quotient(TensorProto.DataType type) {
        return model(GraphProto.newBuilder()
                .addInput(tensor("x", type, OPEN))
                .addInput(tensor("z", type, OPEN))
                .addOutput(tensor("y", type, OPEN))
                .addNode(node("Div", List.of("x", "z"), "y")));
    }

    private static ValueInfoProto anyShape(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber())))
                .build();
    }

    public static ModelProto.Builder describe(ModelProto.Builder model, Map<String, String> metadata) {
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model;
    }

    public static ModelMetadata metadata(ImageInput input) {
        return new ModelMetadata(
                "0.1.0",
                "faithful",
                "float32",
                "{\"depth\": 1}",
                new ModelSource("checkpoint.pkl", "0a".repeat(32)),
                Normalization.IMAGENET,
                ModelMetadata.PATHFINDER_LABELS,
                input);
    }

    /** A brightness model that describes itself, in a file. */
    public static Path save(Path folder, long batch, ImageInput input) {
        return save(folder, describe(brightness(batch, input), metadata(input).toMap()));
    }

    public static Path save(Path folder, ModelProto.Builder model) {
        try {
            return Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ModelProto.Builder model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph.setName("tiny"));
    }

    private static NodeProto node(String operator, List<String> inputs, String output) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(output)
                .build();
    }

    static TensorProto initializer(String name, long[] shape, float... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }

    private static ValueInfoProto tensor(String name, TensorProto.DataType type, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long dimension : shape) {
            TensorShapeProto.Dimension.Builder one = dimensions.addDimBuilder();
            if (dimension == OPEN) {
                one.setDimParam("N");
            } else {
                one.setDimValue(dimension);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(dimensions)))
                .build();
    }
}
