package io.portolan.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.source.GraphDefFiles;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.model.ModelGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The converter treats the models' graphs like any TensorFlow graph. */
class CssmGraphTest {
    @TempDir
    private Path folder;

    /** Convolutions, Fourier transforms, complex numbers and a scan in the log domain, with the weights of a trained checkpoint. */
    @Test
    void theCssmIsAGraphLikeAnyOther() throws Exception {
        GoldenCase golden = GoldenCase.named("transformer_temporal_t1_36");
        Path file = folder.resolve("cssm.pb");
        try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), GoldenModel.config(golden), Plan.FAITHFUL)) {
            Files.write(file, graph.toGraphDef().toByteArray());
        }
        try (TensorFlowModel model = GraphDefFiles.open(file, List.of(), List.of("logits"))) {
            ConversionReport report = new TensorFlowConverter()
                    .convert(model, folder.resolve("model.onnx"), ConversionOptions.defaults());
            assertThat(report.inputs()).containsOnlyKeys("input");
            // Normalisation after pooling enlarges roundings; the noise of TensorFlow itself is of this size.
            assertThat(report.parity()).hasSize(1).allSatisfy(output -> {
                assertThat(output.passed()).as(output.toString()).isTrue();
                assertThat(output.sameArgmax()).isEqualTo(output.rows());
            });
        }
    }
}
