package io.portolan.graphs.model;

import io.portolan.checkpoints.files.StagedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Writes a model as a TensorFlow SavedModel, which plain TensorFlow loads and serves without Portolan. The weights are
 * constants of the graph, so the folder holds no variables.
 */
public final class SavedModelFolder {
    private static final String FILE = "saved_model.pb";
    private static final String TAG = "serve";
    private static final String SIGNATURE = "serving_default";
    private static final String METHOD = "tensorflow/serving/predict";
    private static final int SCHEMA = 1;

    private SavedModelFolder() {}

    /**
     * Writes the folder atomically.
     *
     * @throws IOException if the name is taken or the folder cannot be written
     */
    public static void write(ModelGraph model, Path folder) throws IOException {
        if (Files.exists(folder)) {
            throw new FileAlreadyExistsException(folder + ": exists already; give the name of a new folder");
        }
        try (StagedFiles staged = StagedFiles.beside(folder, false)) {
            Path saved = Files.createDirectory(staged.path());
            try (OutputStream file = Files.newOutputStream(saved.resolve(FILE))) {
                describe(model).writeTo(file);
            }
            staged.publish();
        }
    }

    private static SavedModel describe(ModelGraph model) {
        SignatureDef signature = SignatureDef.newBuilder()
                .setMethodName(METHOD)
                .putInputs(ModelGraph.INPUT, tensor(ModelGraph.INPUT + ":0", model.inputShape()))
                .putOutputs(
                        ModelGraph.LOGITS, tensor(model.outputTensors().get(ModelGraph.LOGITS), model.logitsShape()))
                .build();
        return SavedModel.newBuilder()
                .setSavedModelSchemaVersion(SCHEMA)
                .addMetaGraphs(MetaGraphDef.newBuilder()
                        .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder()
                                .addTags(TAG)
                                .setTensorflowVersion(TensorFlow.version()))
                        .setGraphDef(model.toGraphDef())
                        .putSignatureDef(SIGNATURE, signature))
                .build();
    }

    private static TensorInfo tensor(String name, Shape shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long size : shape.asArray()) {
            dimensions.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return TensorInfo.newBuilder()
                .setName(name)
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(dimensions)
                .build();
    }
}
