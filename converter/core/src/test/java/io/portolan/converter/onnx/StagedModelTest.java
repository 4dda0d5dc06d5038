package io.portolan.converter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.verify.TensorRuns;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedModelTest {
    private static final int SIZE = 20;

    @TempDir
    private Path folder;

    private final OnnxGraph graph = new OnnxGraph("test");
    private final float[] first = new float[SIZE * SIZE];
    private final float[] second = new float[SIZE * SIZE];

    @BeforeEach
    void build() {
        GraphBuilder b = new GraphBuilder(graph);
        Value x = graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(1, SIZE)));
        for (int i = 0; i < first.length; i++) {
            first[i] = i % 7 - 3;
            second[i] = i % 5 - 2;
        }
        Value y = b.matMul(
                b.matMul(x, b.constant(TensorData.of(first, SIZE, SIZE))),
                b.constant(TensorData.of(second, SIZE, SIZE)));
        graph.bindOutput("y", b.reshape(y, 4, 5));
    }

    private Path target() {
        return folder.resolve("model.onnx");
    }

    private Path data() {
        return folder.resolve("model.onnx.data");
    }

    private StagedModel stage(boolean replace, boolean external) throws IOException {
        return StagedModel.write(graph, Map.of(), Opset.DEFAULT, target(), replace, external);
    }

    @Test
    void constantsInAFileOfTheirOwnAreTheSame() throws Exception {
        try (StagedModel staged = stage(false, true)) {
            assertThat(staged.check(Opset.DEFAULT)).isEqualTo(ModelChecker.Result.VALID);
            assertThat(target()).doesNotExist();
            assertThat(staged.publish()).containsExactly(target(), data());
        }
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
        OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(Files.readAllBytes(target()));
        // Shapes stay where a checker reads them.
        assertThat(model.getGraph().getInitializerList())
                .filteredOn(OnnxMl.TensorProto::hasRawData)
                .hasSize(1);
        assertThat(model.getGraph().getInitializer(1).getExternalDataList())
                .extracting(OnnxMl.StringStringEntryProto::getValue)
                .containsExactly("model.onnx.data", "4096", "1600");

        float[] x = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            x[i] = i - 9;
        }
        Map<String, TensorData> feeds = Map.of("x", TensorData.of(x, 1, SIZE));
        // Small integers: every sum is exact, so both must be the same to the bit.
        assertThat(TensorRuns.onnx(target(), feeds))
                .isEqualTo(TensorRuns.onnx(OnnxWriter.write(graph, Map.of()).toByteArray(), feeds));
    }

    @Test
    void aModelThatFitsStaysOneFile() throws Exception {
        try (StagedModel staged = stage(false, false)) {
            assertThat(staged.check(Opset.DEFAULT)).isEqualTo(ModelChecker.Result.VALID);
            assertThat(staged.publish()).containsExactly(target());
        }
        assertThat(target()).hasBinaryContent(OnnxWriter.write(graph, Map.of()).toByteArray());
    }

    @Test
    void aModelThatDoesNotFitIsSplitWithoutBeingAsked() throws Exception {
        try (StagedModel staged = StagedModel.write(graph, Map.of(), Opset.DEFAULT, target(), false, false, 3000)) {
            assertThat(staged.publish()).containsExactly(target(), data());
        }
    }

    @Test
    void whatIsNotPublishedLeavesNothing() throws Exception {
        stage(false, true).close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void filesThatAreThereStayUnlessTheyMayBeReplaced() throws Exception {
        Files.writeString(data(), "precious");
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> stage(false, true))
                .withMessageContaining("exists already");
        // Where the need for the second file shows late, its name is not taken either, and the first is not given.
        try (StagedModel staged = StagedModel.write(graph, Map.of(), Opset.DEFAULT, target(), false, false, 3000)) {
            assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(staged::publish);
        }
        assertThat(data()).hasContent("precious");
        assertThat(target()).doesNotExist();
        try (StagedModel staged = stage(true, true)) {
            staged.publish();
        }
        assertThat(Files.size(data())).isEqualTo(4096 + 1600);
    }

    @Test
    void aModelThatCannotTakeItsNameLeavesTheFormerConstants() throws Exception {
        Files.writeString(data(), "precious");
        try (StagedModel staged = stage(true, true)) {
            // In the way since the work began.
            Files.createDirectories(target().resolve("folder"));
            assertThatExceptionOfType(IOException.class).isThrownBy(staged::publish);
        }
        assertThat(data()).hasContent("precious");
    }
}
