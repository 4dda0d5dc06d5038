package io.portolan.converter.source;

import com.google.protobuf.InvalidProtocolBufferException;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.converter.lowering.ConversionException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** Reads GraphDef files, whose variables are constants already. */
public final class GraphDefFiles {
    private GraphDefFiles() {}

    /**
     * Reads a GraphDef.
     *
     * @param inputs names of placeholders; if empty, all placeholders
     * @param outputs tensors; if empty, those of the nodes that depend on an input and have no consumers
     * @throws IOException if the file cannot be read or is not a GraphDef
     * @throws ConversionException if inputs or outputs are not in the graph, or none were found
     */
    public static TensorFlowModel open(Path file, List<String> inputs, List<String> outputs) throws IOException {
        GraphDef definition = read(file);
        Map<String, String> inputNames = names(inputs.isEmpty() ? placeholders(definition) : inputs);
        Map<String, String> outputNames = names(outputs.isEmpty() ? sinks(definition) : outputs);
        if (outputNames.isEmpty()) {
            throw new ConversionException(
                    file + ": no node of the graph depends on a placeholder; name the outputs",
                    ConversionException.Remedy.NAME_OUTPUTS);
        }
        Graph graph = new Graph();
        try {
            graph.importGraphDef(definition);
            Session session = ProcessorSession.of(graph);
            return TensorFlowModel.of(
                    definition, session, inputNames, outputNames, List.of(session::close, graph::close));
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            graph.close();
            throw new ConversionException(
                    file + ": TensorFlow cannot load the graph: " + failure.getMessage(), failure);
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

    private static List<String> placeholders(GraphDef graph) {
        return graph.getNodeList().stream()
                .filter(node -> node.getOp().equals("Placeholder"))
                .map(NodeDef::getName)
                .toList();
    }

    /** The first outputs of the nodes without consumers. */
    private static List<String> sinks(GraphDef graph) {
        Set<String> withOutputs = TensorFlow.registeredOpList().getOpList().stream()
                .filter(op -> op.getOutputArgCount() > 0)
                .map(OpDef::getName)
                .collect(Collectors.toSet());
        graph.getLibrary()
                .getFunctionList()
                .forEach(function -> withOutputs.add(function.getSignature().getName()));
        Set<String> inputs = new HashSet<>(placeholders(graph));
        Set<String> used = new HashSet<>();
        graph.getNodeList()
                .forEach(node -> node.getInputList().forEach(input -> used.add(input.replaceFirst(":\\d+$", ""))));
        return graph.getNodeList().stream()
                .filter(node -> node.getInputCount() > 0
                        && withOutputs.contains(node.getOp())
                        && !used.contains(node.getName()))
                .filter(node -> TensorFlowModel.ancestors(graph, List.of(node.getName())).stream()
                        .anyMatch(inputs::contains))
                .map(NodeDef::getName)
                .toList();
    }

    /** ONNX names: those of the tensors without {@code :0}. */
    private static Map<String, String> names(List<String> tensors) {
        Map<String, String> names = new LinkedHashMap<>();
        tensors.forEach(tensor -> names.put(tensor, tensor.replaceFirst(":0$", "")));
        return names;
    }
}
