package io.portolan.converter.source;

import com.google.protobuf.InvalidProtocolBufferException;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.converter.lowering.ConversionException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.GraphDef;

/** Reads GraphDef files, whose variables are constants already. */
public final class GraphDefFiles {
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
        return TableFillers.of(definition, ends).load(ModelGraph.of(file.toString(), definition, Map.of()), ends);
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
