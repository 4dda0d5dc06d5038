package io.portolan.converter.xla;

import io.portolan.checkpoints.files.StagedFiles;
import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.programs.stablehlo.ElementType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** Writes the graph of a program as a SavedModel without variables. */
final class XlaSavedModel {
    private static final String FILE = "saved_model.pb";
    private static final String TAG = "serve";
    private static final String SIGNATURE = "serving_default";
    private static final String METHOD = "tensorflow/serving/predict";
    private static final int SCHEMA = 1;

    private XlaSavedModel() {}

    static void write(XlaGraph program, Path folder) throws IOException {
        if (Files.exists(folder)) {
            throw new FileAlreadyExistsException(folder + ": exists already; give the name of a new folder");
        }
        SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);
        program.inputs().forEach(port -> signature.putInputs(ProgramImporter.inputName(port.path()), info(port)));
        program.outputs().forEach(port -> signature.putOutputs(ProgramImporter.outputName(port.path()), info(port)));
        SavedModel model = SavedModel.newBuilder()
                .setSavedModelSchemaVersion(SCHEMA)
                .addMetaGraphs(MetaGraphDef.newBuilder()
                        .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder()
                                .addTags(TAG)
                                .setTensorflowVersion(TensorFlow.version()))
                        .setGraphDef(program.graph())
                        .putSignatureDef(SIGNATURE, signature.build()))
                .build();
        try (StagedFiles staged = StagedFiles.beside(folder, false)) {
            Path saved = Files.createDirectory(staged.path());
            try (OutputStream file = Files.newOutputStream(saved.resolve(FILE))) {
                model.writeTo(file);
            }
            staged.publish();
        }
    }

    private static TensorInfo info(XlaGraph.Port port) {
        ElementType element = port.type().element();
        return TensorInfo.newBuilder()
                .setName(port.tensor())
                .setDtype(XlaTypes.of(element))
                .setTensorShape(XlaTypes.shape(port.type()))
                .build();
    }
}
