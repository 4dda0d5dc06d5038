package io.portolan.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.source.TensorFlowModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class ReportFileTest {
    @TempDir
    private Path folder;

    @Test
    void writesWhatBecameOfEachNodeAsJsonAndAsAPage() throws Exception {
        ConversionReport report;
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            tf.withName("y")
                    .math
                    .tanh(tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2))));
            report = new TensorFlowConverter()
                    .convert(
                            TensorFlowModel.of(session, Map.of("x", "x"), Map.of("y", "y")),
                            folder.resolve("model.onnx"),
                            ConversionOptions.defaults());
        }
        Path json = folder.resolve("report.json");
        Path page = folder.resolve("report.html");
        ReportFile.at(json, false).write("a < b", report);
        ReportFile.at(page, false).write("a < b", report);
        JsonNode read = new ObjectMapper().readTree(json.toFile());
        assertThat(read.get("operators").get("Tanh").asInt()).isEqualTo(1);
        assertThat(read.get("nodes")).hasSize(report.nodes().size());
        assertThat(read.get("parity").get(0).get("inputs").asText()).isEqualTo("random numbers");
        assertThat(page)
                .content()
                .contains("<h1>a &lt; b</h1>", "<td>Tanh</td>", "Opset 18", "random numbers")
                .doesNotContain("http");
    }

    @Test
    void takesTheTwoFormsAlone() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ReportFile.at(folder.resolve("report.txt"), false))
                .withMessageContaining(".json or .html");
    }
}
