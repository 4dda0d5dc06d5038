package io.portolan.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import example.Export;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.converter.Destination;
import io.portolan.converter.ExportOptions;
import io.portolan.converter.ExportPipeline;
import io.portolan.converter.StagedExport;
import io.portolan.converter.Stages;
import io.portolan.converter.WeightType;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.training.Initialization;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.ModelSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The export as a library call: a verified file, or nothing is written. */
class CheckpointExporterTest {
    private static final GoldenCase GOLDEN = GoldenCase.named("gated_32");
    private static final ModelConfig CONFIG = GoldenModel.config(GOLDEN);
    private static final CheckpointExportOptions OPTIONS = CheckpointExportOptions.defaults();

    @TempDir
    private Path folder;

    private Path output;
    private SourceCheckpoint source;

    @BeforeEach
    void read() throws IOException {
        output = folder.resolve("model.onnx");
        source = SourceCheckpoint.read(GOLDEN.checkpointFile());
    }

    @Test
    void theExampleOfThePageWritesAProvenFile() throws IOException {
        Path description = Files.writeString(folder.resolve("config.json"), GOLDEN.configJson());
        ExportReport report = Export.export(GOLDEN.checkpointFile(), description, output);

        assertThat(report.parity().orElseThrow().passed()).isTrue();
        assertThat(report.selfTest()).isTrue();
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1)).contains("portolan.selftest.logits");
        assertThat(report.files())
                .singleElement()
                .satisfies(file -> assertThat(Files.isSameFile(file, output)).isTrue());
        assertThat(report.bytes()).isEqualTo(Files.size(output));
        assertThat(report.metadata().source().sha256()).isEqualTo(Checkpoints.sha256(GOLDEN.checkpointFile()));
        assertThat(report.stages())
                .extracting(Stages.Stage::name)
                .containsExactly("build graph", "import graph", "simplify", "serialise", "check", "verify");
        try (ImageClassifier model = ImageClassifier.load(output)) {
            assertThat(model.metadata()).isEqualTo(report.metadata());
        }
    }

    @Test
    void stagesAreReportedAsTheyEnd() throws IOException {
        List<String> heard = new ArrayList<>();
        ExportReport report = new CheckpointExporter(new Stages(stage -> heard.add(stage.name())))
                .export(source, CONFIG, output, OPTIONS.with(Plan.FAITHFUL).unverified());

        assertThat(heard).containsExactly("build graph", "import graph", "simplify", "serialise", "check");
        assertThat(report.parity()).isEmpty();
        assertThat(report.selfTest()).isFalse();
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1)).doesNotContain("portolan.selftest");
    }

    @Test
    void theTensorFlowGraphIsWrittenToo() throws IOException {
        new CheckpointExporter().export(source, CONFIG, output, OPTIONS.withSavedModel(folder.resolve("saved")));

        assertThat(folder.resolve("saved").resolve("saved_model.pb")).isNotEmptyFile();
    }

    @Test
    void aFileThatExistsIsReplacedOnlyIfThatIsAskedFor() throws IOException {
        Files.writeString(output, "precious");
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> new CheckpointExporter().export(source, CONFIG, output, OPTIONS));
        assertThat(output).hasContent("precious");

        new CheckpointExporter()
                .export(source, CONFIG, output, OPTIONS.replacing().withLabels(List.of("no", "yes")));
        try (ImageClassifier model = ImageClassifier.load(output)) {
            assertThat(model.metadata().labels()).containsExactly("no", "yes");
        }
    }

    @Test
    void labelsThatAreNotAsManyAsTheClassesAreRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() ->
                        new CheckpointExporter().export(source, CONFIG, output, OPTIONS.withLabels(List.of("one"))))
                .withMessageContaining("1 labels were given, but the model has 2 classes");
        assertThat(folder).isEmptyDirectory();
    }

    /** Other random weights simulate a wrong export. */
    @Test
    void aModelThatComputesOtherNumbersIsToldWithHowFarItIsApart() throws IOException {
        ModelMetadata metadata = ModelDescription.of(
                CONFIG, Plan.FUSED, WeightType.FLOAT32, new ModelSource("other", "0".repeat(64)), List.of());
        try (ModelGraph other = ModelGraph.build(Initialization.of(CONFIG, 1), CONFIG, Plan.FUSED);
                StagedExport staged = new ExportPipeline(Stages.silent(), ExportOptions.defaults())
                        .export(
                                CheckpointExporter.pipelineSource(other, List.of(ModelGraph.LOGITS)),
                                metadata.toMap(),
                                Destination.of(output))) {
            assertThatExceptionOfType(ExportParityException.class)
                    .isThrownBy(() -> CheckpointExporter.proof(
                            Stages.silent(), source, CONFIG, staged.model(), WeightType.FLOAT32))
                    .withMessageContaining("differs from TensorFlow")
                    .satisfies(differs ->
                            assertThat(differs.parity().maxAbsolute()).isGreaterThan(1e-3));
        }
        assertThat(folder).isEmptyDirectory();
    }
}
