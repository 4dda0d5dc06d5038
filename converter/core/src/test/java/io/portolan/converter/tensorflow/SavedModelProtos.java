package io.portolan.converter.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;

/** SavedModels as written by TensorFlow 2 in Python. */
final class SavedModelProtos {
    private static final DataType FLOAT = DataType.DT_FLOAT;

    private SavedModelProtos() {}

    /** An embedding and a dense layer in a function that is given where its variables are, called by another function. */
    static Path withVariableInFunction(Path folder) throws IOException {
        FunctionDef inner = FunctionDefs.of("inner", arguments(), (tf, given) -> {
            Output<?> rows = tf.op("ResourceGather", Map.of("dtype", FLOAT), given.get(1), given.get(0));
            Output<?> weights = tf.op("ReadVariableOp", Map.of("dtype", FLOAT), given.get(2));
            return List.of(tf.op("MatMul", rows, weights), weights);
        });
        FunctionDef outer = FunctionDefs.of("outer", arguments(), (tf, given) -> List.of(given.get(0)));
        outer = calling(outer);
        GraphDef.Builder graph = graph().toBuilder()
                .setLibrary(FunctionDefLibrary.newBuilder().addFunction(inner).addFunction(outer));
        graph.addNode(call("StatefulPartitionedCall", "outer")
                .addInput("serving_default_ids")
                .addInput("table")
                .addInput("weights"));
        SignatureDef serving = SignatureDef.newBuilder()
                .setMethodName("tensorflow/serving/predict")
                .putInputs("ids", tensor("serving_default_ids:0", DataType.DT_INT32, 4))
                .putOutputs("out", tensor("StatefulPartitionedCall:0", FLOAT, 4, 4))
                .build();
        SignatureDef start = SignatureDef.newBuilder()
                .putOutputs(
                        "__saved_model_init_op",
                        TensorInfo.newBuilder().setName("start").build())
                .build();
        SavedModel saved = SavedModel.newBuilder()
                .setSavedModelSchemaVersion(1)
                .addMetaGraphs(MetaGraphDef.newBuilder()
                        .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve"))
                        .setGraphDef(graph)
                        .putSignatureDef("serving_default", serving)
                        .putSignatureDef("__saved_model_init_op", start))
                .build();
        Files.createDirectory(folder);
        Files.write(folder.resolve("saved_model.pb"), saved.toByteArray());
        return folder;
    }

    private static TensorInfo tensor(String name, DataType type, long... shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (long size : shape) {
            sizes.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return TensorInfo.newBuilder()
                .setName(name)
                .setDtype(type)
                .setTensorShape(sizes)
                .build();
    }

    private static List<FunctionDefs.Argument> arguments() {
        return List.of(
                new FunctionDefs.Argument(DataType.DT_INT32, Shape.of(-1)),
                new FunctionDefs.Argument(DataType.DT_RESOURCE, Shape.scalar()),
                new FunctionDefs.Argument(DataType.DT_RESOURCE, Shape.scalar()));
    }

    /** Instead of returning its argument, the function calls the inner one and adds its two results. */
    private static FunctionDef calling(FunctionDef function) {
        NodeDef call = call("call", "inner")
                .addInput("arg0")
                .addInput("arg1")
                .addInput("arg2")
                .putAttr("Tout", types(FLOAT, FLOAT))
                .build();
        NodeDef sum = NodeDef.newBuilder()
                .setName("sum")
                .setOp("AddV2")
                .addInput("call:output:0")
                .addInput("call:output:1")
                .putAttr("T", AttrValue.newBuilder().setType(FLOAT).build())
                .build();
        return function.toBuilder()
                .clearNodeDef()
                .addNodeDef(call)
                .addNodeDef(sum)
                .putRet("out0", "sum:z:0")
                .setSignature(function.getSignature().toBuilder()
                        .setOutputArg(
                                0,
                                function.getSignature().getOutputArg(0).toBuilder()
                                        .setType(FLOAT)))
                .build();
    }

    private static NodeDef.Builder call(String name, String function) {
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("StatefulPartitionedCall")
                .putAttr(
                        "f",
                        AttrValue.newBuilder()
                                .setFunc(NameAttrList.newBuilder().setName(function))
                                .build())
                .putAttr("Tin", types(DataType.DT_INT32, DataType.DT_RESOURCE, DataType.DT_RESOURCE))
                .putAttr("Tout", types(FLOAT));
    }

    private static AttrValue types(DataType... types) {
        return AttrValue.newBuilder()
                .setList(AttrValue.ListValue.newBuilder().addAllType(List.of(types)))
                .build();
    }

    /** Placeholder, variables and what gives them their values. */
    private static GraphDef graph() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            RawOps ops = new RawOps(graph);
            ops.placeholder("serving_default_ids", DataType.DT_INT32, 4);
            variable(tf, ops, "table", 5, 4);
            variable(tf, ops, "weights", 4, 4);
            GraphDef.Builder made = graph.toGraphDef().toBuilder();
            NodeDef.Builder start = NodeDef.newBuilder().setName("start").setOp("NoOp");
            graph.toGraphDef().getNodeList().stream()
                    .filter(node -> node.getOp().equals("AssignVariableOp"))
                    .forEach(assign -> start.addInput("^" + assign.getName()));
            return made.addNode(start).build();
        }
    }

    private static void variable(Ops tf, RawOps ops, String name, long... shape) {
        var handle = tf.withName(name).varHandleOp(TFloat32.class, Shape.of(shape), VarHandleOp.sharedName(name));
        ops.operation("AssignVariableOp", Map.of("dtype", FLOAT), handle.asOutput(), ops.weights(shape));
    }
}
