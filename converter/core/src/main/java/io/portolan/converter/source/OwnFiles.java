package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

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
        Set<NodeDef> fed = graph.getNodeList().stream()
                .filter(node -> assets.contains(node.getName() + ":0"))
                .collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
        nodes.stream().filter(node -> !fed.contains(node)).forEach(OwnFiles::requireNoFile);
    }

    private static void requireNoFile(NodeDef node) {
        TensorProto constant =
                node.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor();
        boolean isPacked = constant.getDtype() == DataType.DT_STRING
                && !constant.getTensorContent().isEmpty();
        boolean namesFile = constant.getStringValList().stream().anyMatch(text -> isFile(text.toStringUtf8()));
        if (isPacked || namesFile) {
            throw new ConversionException(
                    node.getName(),
                    node.getOp(),
                    isPacked
                            ? "it holds texts in one piece, which may name files; expected a list of texts in a graph that reads files"
                            : "it names a file that is not one of the SavedModel's assets; expected tables to be filled from these only",
                    null);
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
