package io.portolan.converter.source;

import com.google.protobuf.InvalidProtocolBufferException;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.TensorName;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Session;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Reads GraphDef files, whose variables are constants already. */
public final class GraphDefFiles {
    /** Ops that give tables their contents. */
    private static final Set<String> FILLERS =
            Set.of("InitializeTable", "InitializeTableV2", "LookupTableImport", "LookupTableImportV2");

    private GraphDefFiles() {}

    /**
     * Reads a GraphDef.
     *
     * @param inputs tensors, {@code node} or {@code node:1}: what computes them is left out; if empty, all placeholders, or outputs of
     *     iterators and queues, that the outputs depend on
     * @param outputs tensors; if empty, those of the nodes that depend on an input and have no consumers
     * @throws IOException if the file cannot be read or is not a GraphDef
     * @throws ConversionException if inputs or outputs are not in the graph, or none were found
     */
    public static TensorFlowModel open(Path file, List<String> inputs, List<String> outputs) throws IOException {
        GraphDef definition = read(file);
        GraphEnds ends = GraphEnds.of(file.toString(), definition, inputs, outputs);
        List<String> fillers = fillers(definition, ends.outputs().keySet());
        return ModelGraph.of(file.toString(), definition, Map.of())
                .load(ends.inputs(), ends.outputs(), fillers, session -> fill(session, fillers));
    }

    /** The nodes that fill the tables which the outputs depend on. */
    private static List<String> fillers(GraphDef graph, Collection<String> outputs) {
        Set<String> needed = GraphParts.ancestors(graph, outputs);
        return graph.getNodeList().stream()
                .filter(node -> FILLERS.contains(node.getOp()) && node.getInputCount() > 0)
                .filter(node ->
                        needed.contains(TensorName.parse(node.getInput(0)).node()))
                .map(NodeDef::getName)
                .toList();
    }

    private static void fill(Session session, List<String> fillers) {
        try {
            for (String filler : fillers) {
                session.runner().addTarget(filler).run().close();
            }
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    "The tables of the graph cannot be initialised: " + failure.getMessage(), failure);
        }
    }

    private static GraphDef read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(InputFile.require(file)))) {
            GraphDef graph = GraphDef.parseFrom(in);
            if (graph.getNodeCount() == 0) {
                throw new IOException(file + ": is not a TensorFlow GraphDef, or one without nodes");
            }
            return graph;
        } catch (InvalidProtocolBufferException broken) {
            throw new IOException(file + ": is not a TensorFlow GraphDef: " + broken.getMessage(), broken);
        }
    }
}
