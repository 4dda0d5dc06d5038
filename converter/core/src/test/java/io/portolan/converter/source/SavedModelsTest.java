package io.portolan.converter.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.lowering.ConversionException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedConcreteFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedVariable;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph.TrackableObject;
import org.tensorflow.types.TString;

/** SavedModels of the forms in which different writers leave them. */
class SavedModelsTest {
    @TempDir
    private Path folder;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final SignatureDef.Builder signature = SignatureDef.newBuilder();

    private Output<?> op(String op, String name, Map<String, Object> attributes, Output<?>... inputs) {
        var builder = graph.baseScope().opBuilder(op, name);
        for (Output<?> input : inputs) {
            builder.addInput(input);
        }
        attributes.forEach((attribute, value) -> {
            if (value instanceof DataType type) {
                builder.setAttr(attribute, type);
            } else {
                builder.setAttr(attribute, (Shape) value);
            }
        });
        return builder.build().output(0);
    }

    private static TensorInfo info(String tensor, DataType type, long... shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (long size : shape) {
            sizes.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return TensorInfo.newBuilder()
                .setName(tensor)
                .setDtype(type)
                .setTensorShape(sizes)
                .build();
    }

    private MetaGraphDef.Builder saved() {
        return MetaGraphDef.newBuilder()
                .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve"))
                .setGraphDef(graph.toGraphDef())
                .putSignatureDef("serving_default", signature.build());
    }

    private Path written(MetaGraphDef saved) throws IOException {
        SavedModel model = SavedModel.newBuilder()
                .setSavedModelSchemaVersion(1)
                .addMetaGraphs(saved)
                .build();
        Files.write(folder.resolve("saved_model.pb"), model.toByteArray());
        return folder;
    }

    private ConversionReport convert(MetaGraphDef saved) throws IOException {
        try (TensorFlowModel model = SavedModels.open(written(saved), List.of("serve"), Optional.empty())) {
            return new TensorFlowConverter()
                    .convert(
                            model,
                            folder.resolve("model.onnx"),
                            ConversionOptions.defaults().replacing());
        }
    }

    private Output<?> input(DataType type, Shape shape) {
        Output<?> x = op("Placeholder", "x", Map.of("dtype", type, "shape", shape));
        if (!shape.isUnknown()) {
            signature.putInputs("x", info("x:0", type, shape.asArray()));
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DT_INT8", "DT_UINT8", "DT_HALF", "DT_INT64", "DT_COMPLEX64", "DT_COMPLEX128"})
    void aVariableMayHaveAnyType(DataType type) throws Exception {
        Output<?> value = op(
                "Cast",
                "value",
                Map.of("DstT", type),
                tf.constant(new int[] {3, -5}).asOutput());
        Output<?> handle = op("VarHandleOp", "variable", Map.of("dtype", type, "shape", Shape.of(2)));
        graph.baseScope()
                .opBuilder("AssignVariableOp", "start")
                .addInput(handle)
                .addInput(value)
                .build();
        Output<?> read = op("ReadVariableOp", "read", Map.of("dtype", type), handle);
        op(
                "Mul",
                "y",
                Map.of(),
                input(DataType.DT_FLOAT, Shape.of(-1, 2)),
                op("Cast", "cast", Map.of("DstT", DataType.DT_FLOAT), read));
        signature.putOutputs("y", info("y:0", DataType.DT_FLOAT, -1, 2));
        ConversionReport report = convert(saved().putSignatureDef(SavedState.INITIALIZER, initializer("start"))
                .build());
        assertThat(report.parity()).hasSize(1).allMatch(row -> row.maxRelative() == 0);
        assertThat(report.inputs()).containsOnlyKeys("x");
    }

    private static SignatureDef initializer(String node) {
        return SignatureDef.newBuilder()
                .putOutputs(
                        SavedState.INITIALIZER,
                        TensorInfo.newBuilder().setName(node).build())
                .build();
    }

    /** The restoring node of such a model assigns to other handles than those that the functions read. */
    private MetaGraphDef withCapturedVariable() throws Exception {
        input(DataType.DT_FLOAT, Shape.of(-1, 2));
        for (String name : List.of("kernel", "kernel_1")) {
            op("VarHandleOp", name, Map.of("dtype", DataType.DT_FLOAT, "shape", Shape.of(2)));
        }
        NodeDef call = NodeDef.newBuilder()
                .setName("call")
                .setOp("AddV2")
                .addInput("x")
                .addInput("read")
                .putAttr("T", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                .build();
        signature.putOutputs("y", info("call:0", DataType.DT_FLOAT, -1, 2));
        // Both have one name: only what the function has captured tells them apart.
        SavedObjectGraph.Builder objects = SavedObjectGraph.newBuilder()
                .addNodes(SavedObject.newBuilder()
                        .addChildren(reference("other", 1))
                        .addChildren(reference("kernel", 2)))
                .addNodes(variable())
                .addNodes(variable())
                .putConcreteFunctions(
                        "inner",
                        SavedConcreteFunction.newBuilder().addBoundInputs(2).build());
        TrackableObjectGraph stored = TrackableObjectGraph.newBuilder()
                .addNodes(TrackableObject.newBuilder()
                        .addChildren(reference("kernel", 1))
                        .addChildren(reference("other", 2)))
                .addNodes(stored("kernel/.ATTRIBUTES/VARIABLE_VALUE"))
                .addNodes(stored("other/.ATTRIBUTES/VARIABLE_VALUE"))
                .build();
        GraphDef.Builder definition = graph.toGraphDef().toBuilder();
        definition.addNode(reading("kernel_1")).addNode(call);
        writeCheckpoint(stored);
        return saved().setGraphDef(definition).setObjectGraphDef(objects).build();
    }

    @Test
    void aVariableIsFoundByTheObjectThatAFunctionHasCaptured() throws Exception {
        ConversionReport report = convert(withCapturedVariable());
        assertThat(report.parity()).hasSize(1).allMatch(row -> row.maxRelative() == 0);
        try (TensorFlowModel model = SavedModels.open(folder, List.of("serve"), Optional.empty())) {
            ByteString value = model.graph().getNodeList().stream()
                    .filter(node -> node.getName().equals("kernel_1"))
                    .map(node -> node.getAttrOrThrow("value").getTensor().getTensorContent())
                    .findFirst()
                    .orElseThrow();
            assertThat(value.asReadOnlyByteBuffer()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getFloat())
                    .isEqualTo(7);
        }
    }

    @Test
    void aTruncatedCheckpointIsRefused() throws Exception {
        MetaGraphDef saved = withCapturedVariable();
        Files.write(folder.resolve("variables/variables.data-00000-of-00001"), new byte[2]);
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> convert(saved))
                .withMessageContaining("the values of the variables cannot be read");
    }

    /** A node that calls a function by its name, with the handle that it has captured. */
    private static NodeDef reading(String handle) {
        return NodeDef.newBuilder()
                .setName("read")
                .setOp("ReadVariableOp")
                .addInput(handle)
                .putAttr(
                        "dtype",
                        AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                .putAttr(
                        "f",
                        AttrValue.newBuilder()
                                .setFunc(NameAttrList.newBuilder().setName("inner"))
                                .build())
                .build();
    }

    private static SavedObject variable() {
        return SavedObject.newBuilder()
                .setVariable(SavedVariable.newBuilder().setName("kernel").setDtype(DataType.DT_FLOAT))
                .build();
    }

    private static TrackableObject stored(String key) {
        return TrackableObject.newBuilder()
                .addAttributes(TrackableObject.SerializedTensor.newBuilder()
                        .setName("VARIABLE_VALUE")
                        .setCheckpointKey(key))
                .build();
    }

    private static TrackableObject.ObjectReference reference(String name, int node) {
        return TrackableObject.ObjectReference.newBuilder()
                .setLocalName(name)
                .setNodeId(node)
                .build();
    }

    private void writeCheckpoint(TrackableObjectGraph objects) throws IOException {
        Path variables = Files.createDirectory(folder.resolve("variables"));
        try (Graph writing = new Graph();
                Session session = new Session(writing)) {
            Ops ops = Ops.create(writing);
            var save = ops.train.save(
                    ops.constant(variables.resolve("variables").toString()),
                    ops.constant(NdArrays.vectorOfObjects(
                            "kernel/.ATTRIBUTES/VARIABLE_VALUE",
                            "other/.ATTRIBUTES/VARIABLE_VALUE",
                            "_CHECKPOINTABLE_OBJECT_GRAPH")),
                    ops.constant(NdArrays.vectorOfObjects("", "", "")),
                    List.of(
                            ops.constant(new float[] {7, 8}),
                            ops.constant(new float[] {1, 2}),
                            ops.io.decodeBase64(ops.constant(
                                    Base64.getUrlEncoder().withoutPadding().encodeToString(objects.toByteArray())))));
            session.run(save);
        }
    }

    @Test
    void theShapeMayOnlyBeInTheSignature() throws Exception {
        input(DataType.DT_FLOAT, Shape.unknown());
        graph.baseScope()
                .opBuilder("Exp", "y")
                .addInput(graph.operationOrThrow("x").output(0))
                .build();
        signature.putInputs("x", info("x:0", DataType.DT_FLOAT, -1, 3));
        signature.putOutputs("y", info("y:0", DataType.DT_FLOAT, -1, 3));
        assertThat(convert(saved().build()).inputs()).containsEntry("x", "FLOAT(batch, 3)");
    }

    @Test
    void otherSignaturesAndDevicesThatAreNotHereDoNotMatter() throws Exception {
        Output<?> x = input(DataType.DT_FLOAT, Shape.of(-1));
        op("Exp", "y", Map.of(), x);
        signature.putOutputs("y", info("y:0", DataType.DT_FLOAT, -1));
        GraphDef.Builder placed = graph.toGraphDef().toBuilder();
        placed.getNodeBuilderList()
                .forEach(node -> node.setDevice("/job:trainer/replica:3/device:GPU:7")
                        .putAttr(
                                "_class",
                                AttrValue.newBuilder()
                                        .setList(AttrValue.ListValue.newBuilder()
                                                .addS(ByteString.copyFromUtf8("loc:@gone")))
                                        .build()));
        placed.addNode(
                NodeDef.newBuilder().setName("unneeded").setOp("NoSuchOp").addInput("y"));
        SignatureDef wrong = SignatureDef.newBuilder()
                .putInputs("x", info("x:0", DataType.DT_STRING))
                .putOutputs("y", TensorInfo.newBuilder().setName("nothing:0").build())
                .build();
        assertThat(convert(saved().setGraphDef(placed)
                                .putSignatureDef("wrong", wrong)
                                .build())
                        .parity())
                .hasSize(1);
    }

    @Test
    void complexInputsAndOutputsHaveAnAxisOfParts() throws Exception {
        Output<?> x = input(DataType.DT_COMPLEX64, Shape.of(-1, 3));
        op("Mul", "y", Map.of(), x, op("Conj", "conjugate", Map.of(), op("Exp", "exp", Map.of(), x)));
        signature.putOutputs("y", info("y:0", DataType.DT_COMPLEX64, -1, 3));
        ConversionReport report = convert(saved().build());
        assertThat(report.inputs()).containsEntry("x", "FLOAT(batch, 3, 2)");
        assertThat(report.outputs()).containsEntry("y", "FLOAT(batch, 3, 2)");
        assertThat(report.parity()).allMatch(row -> row.maxRelative() < 1e-6);
    }

    @Test
    void inputsOfTypesThatTensorFlowJavaLacksAreComparedToo() throws Exception {
        Output<?> x = input(DataType.DT_INT8, Shape.of(-1, 3));
        op(
                "Identity",
                "y",
                Map.of(),
                op("Reshape", "flat", Map.of(), x, tf.constant(new int[] {-1}).asOutput()));
        signature.putOutputs("y", info("y:0", DataType.DT_INT8, -1));
        ConversionReport report = convert(saved().build());
        assertThat(report.inputs()).containsEntry("x", "INT8(batch, 3)");
        assertThat(report.parity()).hasSize(1);
    }

    @Test
    void anInitialiserThatFailsOnlyMattersIfItIsNeeded() throws Exception {
        Output<?> x = input(DataType.DT_FLOAT, Shape.of(-1));
        op("Exp", "y", Map.of(), x);
        tf.withName("fails").assertThat(tf.constant(false), List.of(tf.constant(1)));
        signature.putOutputs("y", info("y:0", DataType.DT_FLOAT, -1));
        assertThat(convert(saved().putSignatureDef(SavedState.INITIALIZER, initializer("fails"))
                                .build())
                        .parity())
                .hasSize(1);
    }

    @Test
    void anAssetOutsideTheFolderIsRefused() throws Exception {
        Output<?> x = input(DataType.DT_FLOAT, Shape.of(-1));
        op("Exp", "y", Map.of(), x);
        tf.withName("asset").placeholder(TString.class);
        tf.withName("start").noOp();
        signature.putOutputs("y", info("y:0", DataType.DT_FLOAT, -1));
        MetaGraphDef hostile = saved().putSignatureDef(SavedState.INITIALIZER, initializer("start"))
                .addAssetFileDef(AssetFileDef.newBuilder()
                        .setTensorInfo(TensorInfo.newBuilder().setName("asset:0"))
                        .setFilename("../../etc/passwd"))
                .build();
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> convert(hostile))
                .withMessageContaining("expected a file in assets/");
    }

    @Test
    void missingTagsAreListed() throws Exception {
        op("Exp", "y", Map.of(), input(DataType.DT_FLOAT, Shape.of(-1)));
        Path saved = written(saved().build());
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> SavedModels.open(saved, List.of("serve", "gpu"), Optional.empty()))
                .withMessageContaining("tags [serve, gpu]")
                .withMessageContaining("[[serve]]");
    }

    @Test
    void anyPartOfASavedModelMayBeTaken() throws Exception {
        Output<?> x = input(DataType.DT_FLOAT, Shape.of(-1, 4));
        Output<?> inner = op("Exp", "inner", Map.of(), x);
        op("Neg", "y", Map.of(), inner);
        Path saved = written(saved().build());
        try (TensorFlowModel model = SavedModels.open(saved, List.of("serve"), List.of("inner:0"), List.of("y"))) {
            ConversionReport report =
                    new TensorFlowConverter().convert(model, folder.resolve("part.onnx"), ConversionOptions.defaults());
            assertThat(report.inputs()).isEqualTo(Map.of("inner", "FLOAT(batch, 4)"));
            assertThat(report.operators()).containsOnlyKeys("Neg");
        }
    }
}
