package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.ParityException;
import io.portolan.converter.TensorFlowConverter;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.GraphDefFiles;
import io.portolan.converter.source.SavedModels;
import io.portolan.converter.source.TensorFlowModel;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Conversion from every kind of source; on failure nothing is written. */
class TensorFlowConverterTest {
    @TempDir
    private Path folder;

    private Path output() {
        return folder.resolve("model.onnx");
    }

    private ConversionReport convert(TensorFlowModel model, ConversionOptions options) throws Exception {
        return new TensorFlowConverter().convert(model, output(), options);
    }

    private Path saved() throws IOException {
        Path saved = folder.resolve("saved");
        try (Network net = Networks.perceptron()) {
            net.save(saved, "classify");
        }
        return saved;
    }

    @Test
    void aSavedModelIsConvertedWithItsVariables() throws Exception {
        Path saved = saved();
        Map<Path, List<Object>> before = content(saved);
        try (TensorFlowModel model = SavedModels.open(saved, List.of("serve"), Optional.empty())) {
            assertThat(model.graph().getNodeList())
                    .noneMatch(node -> node.getOp().equals("VariableV2"));
            ConversionReport report = convert(model, ConversionOptions.defaults());
            assertThat(report.inputs()).isEqualTo(Map.of("features", "FLOAT(batch, 20)"));
            assertThat(report.outputs()).containsOnlyKeys("class", "probabilities");
            assertThat(report.parity()).hasSize(2).allMatch(row -> row.passed() && row.sameArgmax() == row.rows());
        }
        assertThat(content(saved)).isEqualTo(before);
    }

    /** The content and time stamp of every file of a folder. */
    private static Map<Path, List<Object>> content(Path folder) throws IOException {
        Map<Path, List<Object>> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                FileTime written = Files.getLastModifiedTime(file);
                content.put(file, List.of(HexFormat.of().formatHex(Files.readAllBytes(file)), written));
            }
        }
        return content;
    }

    @Test
    void theSameModelGivesTheSameBytes() throws Exception {
        Path saved = saved();
        byte[][] files = new byte[2][];
        for (int i = 0; i < 2; i++) {
            try (TensorFlowModel model = SavedModels.open(saved, List.of("serve"), Optional.of("classify"))) {
                convert(model, ConversionOptions.defaults().replacing());
            }
            files[i] = Files.readAllBytes(output());
        }
        assertThat(files[1]).isEqualTo(files[0]);
    }

    @Test
    void aVariableThatOnlyAFunctionReadsIsFrozenToo() throws Exception {
        Path saved = SavedModelProtos.withVariableInFunction(folder.resolve("saved"));
        try (TensorFlowModel model = SavedModels.open(saved, List.of("serve"), Optional.empty())) {
            ConversionReport report = convert(model, ConversionOptions.defaults());
            assertThat(report.parity()).hasSize(1).allMatch(row -> row.maxRelative() < 1e-6);
            assertThat(report.operators()).containsOnlyKeys("Gather", "MatMul", "Add");
            assertThat(report.nodes()).anySatisfy(node -> {
                assertThat(node.op()).isEqualTo("StatefulPartitionedCall");
                assertThat(node.outcome()).isEqualTo(ConversionReport.Outcome.INLINED);
            });
        }
    }

    @Test
    void aMissingSignatureOrTagIsNamedWithThoseThatThereAre() throws Exception {
        Path saved = saved();
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> SavedModels.open(saved, List.of("serve"), Optional.of("train")))
                .withMessageContaining("no signature 'train'")
                .withMessageContaining("'classify'");
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> SavedModels.open(saved, List.of("gpu"), Optional.empty()))
                .withMessageContaining("tags [gpu]");
    }

    @Test
    void aGraphDefFindsItsInputsAndOutputsByItself() throws Exception {
        Path file = folder.resolve("frozen.pb");
        try (Network net = Networks.spectrogram();
                TensorFlowModel model = net.model()) {
            Files.write(file, model.graph().toByteArray());
        }
        try (TensorFlowModel model = GraphDefFiles.open(file, List.of(), List.of())) {
            assertThat(model.inputs()).containsOnlyKeys("samples");
            assertThat(model.outputs()).hasSize(1);
            assertThat(convert(model, ConversionOptions.defaults()).parity()).allMatch(row -> row.maxRelative() < 3e-6);
        }
    }

    @Test
    void aFileThatIsNoGraphDefIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("text.pb"), "this is not a graph");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> GraphDefFiles.open(file, List.of(), List.of()))
                .withMessageContaining("is not a TensorFlow GraphDef");
    }

    @Test
    void aFunctionInMemoryNeedsNoNames() throws Exception {
        try (ConcreteFunction function = ConcreteFunction.create(tf -> {
                    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 3)));
                    return Signature.builder("norm")
                            .input("x", x)
                            .output("y", tf.math.sqrt(tf.reduceSum(tf.math.square(x), tf.constant(1))))
                            .build();
                });
                TensorFlowModel model = TensorFlowModel.of(function)) {
            ConversionReport report = convert(model, ConversionOptions.defaults());
            assertThat(report.inputs()).isEqualTo(Map.of("x", "FLOAT(batch, 3)"));
            assertThat(report.outputs()).isEqualTo(Map.of("y", "FLOAT(batch)"));
        }
    }

    @Test
    void whatDiffersFromTensorFlowIsNotWritten() throws Exception {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
            Variable<TFloat32> scale = tf.withName("scale").variable(tf.constant(2f));
            tf.withName("y").math.mul(x, scale);
            var change = tf.assign(scale, tf.constant(2.001f));
            session.initialize();
            try (TensorFlowModel model = TensorFlowModel.of(session, Map.of("x", "x"), Map.of("y", "y"))) {
                session.run(change);
                assertThatExceptionOfType(ParityException.class)
                        .isThrownBy(() -> convert(model, ConversionOptions.defaults()))
                        .satisfies(e -> assertThat(e.report().parity().get(0).maxRelative())
                                .isBetween(4e-4, 6e-4));
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFailureLeavesNothingBehindAndAFileThatIsThereStays() throws Exception {
        Files.writeString(output(), "precious");
        try (Network net = Networks.perceptron();
                TensorFlowModel model = net.model()) {
            assertThatExceptionOfType(FileAlreadyExistsException.class)
                    .isThrownBy(() -> convert(model, ConversionOptions.defaults()))
                    .withMessageContaining("exists already");
        }
        try (Network net = new Network()) {
            net.output("y", net.op("RandomShuffle", net.input("x", DataType.DT_FLOAT, -1, 2)));
            TensorFlowModel model = net.model();
            assertThatExceptionOfType(UnsupportedOpsException.class)
                    .isThrownBy(
                            () -> convert(model, ConversionOptions.defaults().replacing()));
        }
        assertThat(folder)
                .isDirectoryContaining(output()::equals)
                .isDirectoryNotContaining(file -> !file.equals(output()));
        assertThat(output()).hasContent("precious");
    }

    @Test
    void constantsGoToAFileOfTheirOwnOnDemand() throws Exception {
        try (Network net = Networks.convolutional();
                TensorFlowModel model = net.model()) {
            ConversionReport report =
                    convert(model, ConversionOptions.defaults().withExternalData());
            // The comparison has run on the two files.
            assertThat(report.parity()).hasSize(1).allMatch(row -> row.maxRelative() < 3e-6);
            assertThat(report.checked()).contains("accepted");
        }
        assertThat(Files.size(folder.resolve("model.onnx.data"))).isGreaterThan(10 * Files.size(output()));
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void anOpenShapeCanBeFixed() throws Exception {
        try (Network net = Networks.transformer();
                TensorFlowModel model =
                        net.model().withShapes(Map.of("ids", List.of(-1L, 7L), "mask", List.of(-1L, 7L)))) {
            assertThat(convert(model, ConversionOptions.defaults()).outputs())
                    .containsEntry("states", "FLOAT(batch, 7, 32)");
            assertThatExceptionOfType(ConversionException.class)
                    .isThrownBy(() -> model.withShapes(Map.of("id", List.of(1L))))
                    .withMessageContaining("[ids, mask]");
        }
    }

    @Test
    void anOutputThatHasTheNameOfAnInputGetsAnother() throws Exception {
        try (Network net = new Network()) {
            net.output("x", net.op("Exp", net.input("x", DataType.DT_FLOAT, -1, 2)));
            try (TensorFlowModel model = net.model()) {
                assertThat(convert(model, ConversionOptions.defaults()).outputs())
                        .containsOnlyKeys("x_output");
            }
        }
    }

    @Test
    void anInputOfUnknownRankIsGivenOne() throws Exception {
        Path file = folder.resolve("open.pb");
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            tf.withName("y").math.exp(tf.withName("x").placeholder(TFloat32.class));
            Files.write(file, graph.toGraphDef().toByteArray());
        }
        try (TensorFlowModel model = GraphDefFiles.open(file, List.of(), List.of())) {
            assertThatExceptionOfType(ConversionException.class)
                    .isThrownBy(() -> convert(model, ConversionOptions.defaults()))
                    .withMessageContaining("a shape of known rank")
                    .satisfies(refused ->
                            assertThat(refused.remedies()).containsExactly(ConversionException.Remedy.GIVE_SHAPE));
            assertThat(convert(model.withShapes(Map.of("x", List.of(-1L, 5L))), ConversionOptions.defaults())
                            .outputs())
                    .containsEntry("y", "FLOAT(batch, 5)");
        }
    }

    @Test
    void theReportSaysWhatBecameOfEachNode() throws Exception {
        ConversionReport report;
        try (Network net = RecurrentNetworks.lstm();
                TensorFlowModel model = net.model()) {
            report = convert(model, ConversionOptions.defaults());
        }
        assertThat(report.nodes())
                .anySatisfy(node -> {
                    assertThat(node.op()).isEqualTo("MatMul");
                    assertThat(node.written()).containsExactly("MatMul");
                })
                .anySatisfy(node -> {
                    assertThat(node.op()).isEqualTo("StatelessWhile");
                    assertThat(node.translatedTo()).contains("Loop");
                    assertThat(node.written()).contains("LSTM");
                })
                .anySatisfy(node -> {
                    assertThat(node.name()).startsWith("loop/Tanh");
                    assertThat(node.outcome()).isEqualTo(ConversionReport.Outcome.SIMPLIFIED);
                })
                .anySatisfy(node -> {
                    assertThat(node.op()).isEqualTo("Const");
                    assertThat(node.outcome()).isEqualTo(ConversionReport.Outcome.SIMPLIFIED);
                });
    }
}
