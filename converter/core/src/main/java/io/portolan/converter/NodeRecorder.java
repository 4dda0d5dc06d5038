package io.portolan.converter;

import io.portolan.converter.ConversionReport.NodeReport;
import io.portolan.converter.ConversionReport.Outcome;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.tensorflow.ConversionListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.NodeDef;

/** Records what each TensorFlow node becomes. The name of an ONNX node begins with that of the TensorFlow node it comes from. */
final class NodeRecorder implements ConversionListener {
    private record Translation(NodeDef node, List<String> operators) {}

    private final Map<String, NodeDef> inlined = new LinkedHashMap<>();
    private final Map<String, Translation> translated = new LinkedHashMap<>();

    @Override
    public void inlined(NodeDef call) {
        inlined.put(call.getName(), call);
    }

    @Override
    public void translated(String path, NodeDef node, List<Node> appended) {
        // A loop's body may be translated several times until its types are stable: the last translation counts.
        translated.put(path, new Translation(node, operators(appended)));
    }

    /** The report for each node, given the finished graph. */
    List<NodeReport> report(OnnxGraph graph) {
        Map<String, List<Node>> written = new HashMap<>();
        graph.allNodes()
                .forEach(node -> written.computeIfAbsent(source(node.name()), any -> new ArrayList<>())
                        .add(node));
        List<NodeReport> reports = new ArrayList<>();
        inlined.forEach(
                (name, call) -> reports.add(new NodeReport(name, call.getOp(), Outcome.INLINED, List.of(), List.of())));
        translated.forEach((path, translation) -> {
            List<String> left = operators(written.getOrDefault(path, List.of()));
            reports.add(new NodeReport(
                    path,
                    translation.node().getOp(),
                    left.isEmpty() ? Outcome.SIMPLIFIED : Outcome.CONVERTED,
                    translation.operators(),
                    left));
        });
        return reports;
    }

    private String source(String name) {
        String path = name;
        while (!translated.containsKey(path) && path.contains("/")) {
            path = path.substring(0, path.lastIndexOf('/'));
        }
        return path;
    }

    private static List<String> operators(List<Node> nodes) {
        return nodes.stream().map(node -> node.op().opName()).toList();
    }
}
