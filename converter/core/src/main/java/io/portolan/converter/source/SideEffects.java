package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

/**
 * Refuses graphs that would do more than compute. TensorFlow runs what a file says to restore its variables, to initialise its tables and to compute
 * what the conversion is compared with: none of that may write files or run code.
 */
final class SideEffects {
    private static final Set<String> OPS = Set.of(
            "CacheDataset",
            "CacheDatasetV2",
            "CreateSummaryDbWriter",
            "CreateSummaryFileWriter",
            "DatasetToTFRecord",
            "DebugIdentity",
            "DebugIdentityV2",
            "DebugIdentityV3",
            "EagerPyFunc",
            "MergeV2Checkpoints",
            "PyFunc",
            "PyFuncStateless",
            "Save",
            "SaveDataset",
            "SaveDatasetV2",
            "SaveSlices",
            "SaveV2",
            "SnapshotDataset",
            "SnapshotDatasetV2",
            "WriteFile");

    /** Prints to a stream, or to a file. */
    private static final String PRINT = "PrintV2";

    private SideEffects() {}

    /**
     * Checks the nodes of a graph, and the functions that they may run.
     *
     * @throws ConversionException if one has a side effect
     */
    static void refuse(GraphDef graph) {
        Map<String, FunctionDef> functions = new HashMap<>();
        graph.getLibrary()
                .getFunctionList()
                .forEach(function -> functions.put(function.getSignature().getName(), function));
        Set<String> seen = new HashSet<>();
        Deque<Collection<NodeDef>> pending = new ArrayDeque<>(List.of(graph.getNodeList()));
        while (!pending.isEmpty()) {
            for (NodeDef node : pending.pop()) {
                refuse(node);
                called(node)
                        .filter(name -> functions.containsKey(name) && seen.add(name))
                        .forEach(name -> pending.push(functions.get(name).getNodeDefList()));
            }
        }
    }

    private static void refuse(NodeDef node) {
        String stream = node.getAttrOrDefault("output_stream", AttrValue.getDefaultInstance())
                .getS()
                .toStringUtf8();
        if (OPS.contains(node.getOp()) || node.getOp().equals(PRINT) && stream.startsWith("file:")) {
            throw new ConversionException(
                    node.getName(),
                    node.getOp(),
                    "it writes files or runs code, which no model does here; name outputs that do not need it",
                    null);
        }
    }

    /** The functions that a node may run. */
    private static Stream<String> called(NodeDef node) {
        Stream<String> named = node.getAttrMap().values().stream()
                .flatMap(value -> Stream.concat(Stream.of(value.getFunc()), value.getList().getFuncList().stream()))
                .map(NameAttrList::getName);
        return Stream.concat(Stream.of(node.getOp()), named);
    }
}
