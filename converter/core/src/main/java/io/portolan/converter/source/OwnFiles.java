package io.portolan.converter.source;

import com.google.protobuf.ByteString;
import io.portolan.converter.lowering.ConversionException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Keeps a SavedModel from having TensorFlow read files that are not its own: what tables are filled from would become part of the converted model.
 */
final class OwnFiles {
    /** Ops that read a file and may run when tables are initialised. */
    private static final Set<String> READERS = Set.of(
            "InitializeTableFromTextFile",
            "InitializeTableFromTextFileV2",
            "ReadFile",
            "WholeFileReaderV2",
            "TextLineReaderV2",
            "TextLineDataset",
            "TFRecordDataset",
            "FixedLengthRecordDataset",
            "FixedLengthRecordDatasetV2");

    private OwnFiles() {}

    /**
     * Checks the texts of a graph that reads files.
     *
     * @param assets the tensors that will be fed with paths of the SavedModel
     * @throws ConversionException if another text is the path of a file
     */
    static void require(GraphDef graph, Set<String> assets) {
        List<NodeDef> nodes = Stream.concat(
                        graph.getNodeList().stream(),
                        graph.getLibrary().getFunctionList().stream()
                                .map(FunctionDef::getNodeDefList)
                                .flatMap(List::stream))
                .toList();
        if (nodes.stream().noneMatch(node -> READERS.contains(node.getOp()))) {
            return;
        }
        for (NodeDef node : nodes) {
            boolean isAsset = assets.contains(node.getName() + ":0");
            for (ByteString text : node.getAttrOrDefault("value", AttrValue.getDefaultInstance())
                    .getTensor()
                    .getStringValList()) {
                if (!isAsset && isFile(text.toStringUtf8())) {
                    throw new ConversionException(
                            node.getName(),
                            node.getOp(),
                            "it names the file " + text.toStringUtf8()
                                    + ", which is not one of the SavedModel's assets; expected tables to be filled from these only",
                            null);
                }
            }
        }
    }

    private static boolean isFile(String path) {
        try {
            return path.contains("/") && Files.exists(Path.of(path));
        } catch (InvalidPathException none) {
            return false;
        }
    }
}
