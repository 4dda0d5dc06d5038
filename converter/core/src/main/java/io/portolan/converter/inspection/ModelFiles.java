package io.portolan.converter.inspection;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.converter.source.SavedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SavedModel;

/** Finds out whether a path is a model (an ONNX file, a SavedModel, a frozen graph) and what it holds. */
public final class ModelFiles {
    private static final String SAVED_MODEL = "saved_model.pb";

    /** The first byte of an ONNX model (its version) and of a SavedModel (its version too). */
    private static final int VERSION_FIRST = 0x08;

    /** The first byte of a GraphDef (a node). */
    private static final int NODE_FIRST = 0x0a;

    private ModelFiles() {}

    private interface Parser<M> {
        M parse(CodedInputStream in) throws IOException;
    }

    /**
     * Summarises a model; empty if the path is none, by its first byte and its structure.
     *
     * @throws IOException if it cannot be read, or is named as a model but is none
     */
    public static Optional<ModelSummary> read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return SavedModels.isSavedModel(path) ? Optional.of(savedModel(path)) : Optional.empty();
        }
        InputFile.require(path);
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.equals(SAVED_MODEL)) {
            return Optional.of(savedModel(path.toAbsolutePath().getParent()));
        }
        Optional<ModelSummary> summary = bySignature(path);
        if (summary.isEmpty() && name.endsWith(".onnx")) {
            throw new IOException(
                    path + ": not an ONNX model, though it is named so: expected a ModelProto with a graph");
        }
        return summary;
    }

    private static Optional<ModelSummary> bySignature(Path path) throws IOException {
        long size = Files.size(path);
        if (size == 0 || size > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        return switch (MappedFile.map(path).get(0)) {
            case VERSION_FIRST ->
                parsed(path, ModelProto::parseFrom).filter(ModelProto::hasGraph).map(OnnxSummary::of);
            case NODE_FIRST ->
                parsed(path, GraphDef::parseFrom)
                        .filter(graph -> graph.getNodeCount() > 0
                                && graph.getNodeList().stream()
                                        .noneMatch(node -> node.getOp().isEmpty()))
                        .map(TensorFlowSummary::of);
            default -> Optional.empty();
        };
    }

    private static ModelSummary savedModel(Path folder) throws IOException {
        Path file = folder.resolve(SAVED_MODEL);
        if (!Files.isRegularFile(file)) {
            throw new IOException(folder + ": a SavedModel in text form: expected " + SAVED_MODEL);
        }
        long weights = 0;
        Path variables = folder.resolve("variables");
        if (Files.isDirectory(variables)) {
            try (Stream<Path> files = Files.list(variables)) {
                for (Path variable : files.filter(Files::isRegularFile).toList()) {
                    weights += Files.size(variable);
                }
            }
        }
        SavedModel model = parsed(file, SavedModel::parseFrom)
                .filter(read -> read.getMetaGraphsCount() > 0)
                .orElseThrow(
                        () -> new IOException(file + ": not a SavedModel: expected its graphs; it may be damaged"));
        return TensorFlowSummary.of(model, weights);
    }

    /** Parses a mapped file, whose weights are not copied; empty if it is no such message. */
    private static <M> Optional<M> parsed(Path file, Parser<M> parser) throws IOException {
        try {
            CodedInputStream in = CodedInputStream.newInstance(MappedFile.map(file));
            in.enableAliasing(true);
            return Optional.of(parser.parse(in));
        } catch (InvalidProtocolBufferException noMessage) {
            return Optional.empty();
        }
    }
}
