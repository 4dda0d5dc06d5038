package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.CheckpointFormat;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.numpy.NpyFile;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

class InspectCommandTest {
    @TempDir
    private Path folder;

    @Test
    void sizesStatisticsAndEntriesAreShown() throws IOException {
        String file = save("a.npz", ArrayData.ofFloats(new long[] {4}, 1, Float.NaN, -2, 4));
        Outcome table = Outcome.of("inspect", file, "--stats");

        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out())
                .contains("bytes", "min", "mean", "NaN")
                .containsPattern("w +\\(4\\) +float32 +4 +16 +-2\\.0+ +4\\.0+ +1\\.0+ +1 +0")
                .contains("other entries", "dictionary of 'lr'");
        JsonNode json = json(Outcome.of("inspect", file, "--stats", "--json"));
        JsonNode array = json.get("params").get(0);
        assertThat(array.get("bytes").asLong()).isEqualTo(16);
        assertThat(array.get("mean").asDouble()).isEqualTo(1);
        assertThat(array.get("nan").asLong()).isEqualTo(1);
        assertThat(json.get("entries").get("args").asText()).isEqualTo("dictionary of 'lr'");
    }

    @Test
    void aStepOfAnOrbaxDirectoryIsChosen() throws IOException {
        Path run = folder.resolve("run");
        saveStep(run.resolve("1"), 0.5f);
        saveStep(run.resolve("20"), 2);

        assertThat(Outcome.of("inspect", run.toString(), "--stats").out()).contains("step 20 of 1, 20", "2.00000");
        assertThat(Outcome.of("inspect", run.toString(), "--stats", "--step", "1")
                        .out())
                .contains("0.500000");
        Outcome missing = Outcome.of("inspect", run.toString(), "--step", "7");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("no step 7", "--step 20").doesNotContain("Exception");
    }

    @Test
    void aDamagedChunkOfAnOrbaxDirectoryIsOneLine() throws IOException {
        Path run = folder.resolve("run");
        saveStep(run, 1);
        Path metadata = run.resolve("params.w/.zarray");
        Files.writeString(
                metadata,
                Files.readString(metadata)
                        .replace("\"compressor\":null", "\"compressor\":{\"id\":\"zstd\",\"level\":1}"));

        Outcome damaged = Outcome.of("inspect", run.toString(), "--stats");

        assertThat(damaged.code()).isEqualTo(1);
        assertThat(damaged.err().lines()).hasSize(1);
        assertThat(damaged.err()).contains("params.w/0").doesNotContain("Exception");
    }

    /** A checkpoint of Orbax in plain files, with one array of one number. */
    private static void saveStep(Path step, float number) throws IOException {
        Path array = Files.createDirectories(step.resolve("params.w"));
        Files.writeString(step.resolve("_CHECKPOINT_METADATA"), "{\"commit_timestamp_nsecs\":1}");
        Files.writeString(step.resolve("_METADATA"), """
                {"tree_metadata": {"('params', 'w')": {
                  "key_metadata": [{"key": "params", "key_type": 2}, {"key": "w", "key_type": 2}],
                  "value_metadata": {"value_type": "np.ndarray", "skip_deserialize": false}}},
                 "use_ocdbt": false, "use_zarr3": false}
                """);
        Files.writeString(
                array.resolve(".zarray"),
                "{\"zarr_format\":2,\"shape\":[1],\"chunks\":[1],\"dtype\":\"<f4\",\"compressor\":null,\"fill_value\":null,"
                        + "\"filters\":null,\"order\":\"C\",\"dimension_separator\":\".\"}");
        Files.write(
                array.resolve("0"),
                ByteBuffer.allocate(Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(number)
                        .array());
    }

    @Test
    void twoCheckpointsAreCompared() throws IOException {
        String first = save("a.npz", ArrayData.ofFloats(new long[] {2}, 1, 2));
        String same = save("b.safetensors", ArrayData.ofFloats(new long[] {2}, 1, 2));
        String other = save("c.msgpack", ArrayData.ofFloats(new long[] {2}, 1, 2.5f));

        Outcome equal = Outcome.of("inspect", first, "--against", same);
        assertThat(equal.code()).as(equal.err()).isZero();
        assertThat(equal.out()).contains("1 arrays with the same bits, 0 that differ");
        Outcome different = Outcome.of("inspect", first, "--against", other);
        assertThat(different.code()).isEqualTo(3);
        assertThat(different.out())
                .containsPattern("w +values +float32 \\(2\\) +float32 \\(2\\) +1 +5\\.0e-01 +2\\.0e-01");
        JsonNode row = json(Outcome.of("inspect", first, "--against", other, "--json"))
                .get("differences")
                .get(0);
        assertThat(row.get("max_abs").asDouble()).isEqualTo(0.5);
        assertThat(row.get("kind").asText()).isEqualTo("values");
    }

    @Test
    void typesThatAFileDoesNotStateAreGivenByAnOption() throws IOException {
        Path file = folder.resolve("v.npy");
        byte[] npy = NpyFile.header(ElementType.UINT16, 2);
        String header = new String(npy, StandardCharsets.ISO_8859_1).replace("<u2", "<V2");
        Files.write(file, (header + "\0\0\u0080?").getBytes(StandardCharsets.ISO_8859_1));

        Outcome refused = Outcome.of("inspect", file.toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("which the file does not state; give it with --read-dtype, such as --read-dtype bfloat16");
        assertThat(Outcome.of("inspect", file.toString(), "--read-dtype", "bfloat16")
                        .out())
                .contains("bfloat16");
        assertThat(Outcome.of("inspect", file.toString(), "--read-dtype", "float32")
                        .err())
                .contains("--read-dtype", "expected a type of ml_dtypes");
        assertThat(Outcome.of("inspect", file.toString(), "--read-dtype", "none")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void anOnnxFileIsDescribed() throws IOException {
        String file = NegationModel.save(folder.resolve("model.onnx"), 1).toString();
        Outcome text = Outcome.of("inspect", file);

        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("ONNX model", "opset", "17")
                .containsPattern("in +float32\\[N, 5\\]")
                .containsPattern("out +float32\\[N, 5\\]")
                .containsPattern("Neg +1");
        JsonNode json = json(Outcome.of("inspect", file, "--json"));
        assertThat(json.get("form").asText()).isEqualTo("ONNX model");
        assertThat(json.get("inputs").get(0).get("shape").asText()).isEqualTo("[N, 5]");
        assertThat(json.get("operations").get("Neg").asInt()).isEqualTo(1);
    }

    @Test
    void aFileThatIsOnlyNamedAsAModelIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "\bnone");

        assertThat(Outcome.of("inspect", file.toString()).err()).contains("not an ONNX model, though it is named so");
    }

    @Test
    void aSavedModelAndAFrozenGraphAreDescribed() throws IOException {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dim.newBuilder().setSize(-1))
                .addDim(TensorShapeProto.Dim.newBuilder().setSize(3))
                .build();
        AttrValue type = AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
        GraphDef graph = GraphDef.newBuilder()
                .addNode(NodeDef.newBuilder()
                        .setName("x")
                        .setOp("Placeholder")
                        .putAttr("dtype", type)
                        .putAttr("shape", AttrValue.newBuilder().setShape(shape).build()))
                .addNode(NodeDef.newBuilder()
                        .setName("y")
                        .setOp("Neg")
                        .addInput("x:0")
                        .putAttr("T", type))
                .build();
        TensorInfo tensor = TensorInfo.newBuilder()
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(shape)
                .build();
        SavedModel saved = SavedModel.newBuilder()
                .setSavedModelSchemaVersion(1)
                .addMetaGraphs(MetaGraphDef.newBuilder()
                        .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve"))
                        .setGraphDef(graph)
                        .putSignatureDef(
                                "serving_default",
                                SignatureDef.newBuilder()
                                        .putInputs("pixels", tensor)
                                        .putOutputs("logits", tensor)
                                        .build()))
                .build();
        Path frozen = Files.write(folder.resolve("frozen.pb"), graph.toByteArray());
        Path model = Files.createDirectory(folder.resolve("saved"));
        Files.write(model.resolve("saved_model.pb"), saved.toByteArray());

        Outcome text = Outcome.of("inspect", model.toString());
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("TensorFlow SavedModel", "serving_default", "serve")
                .containsPattern("pixels +float32\\[\\?, 3\\]")
                .containsPattern("logits +float32\\[\\?, 3\\]");
        assertThat(Outcome.of("inspect", frozen.toString()).out())
                .contains("TensorFlow GraphDef")
                .containsPattern("x +float32\\[\\?, 3\\]")
                .containsPattern("Neg +1");
    }

    @Test
    void cellsAreShownWithoutAnImage() throws IOException {
        Path demo = Path.of("src/main/resources/demo");
        String[] model = {
            "inspect",
            demo.resolve("checkpoint.pkl").toString(),
            "--config",
            demo.resolve("config.json").toString()
        };
        Outcome text = Outcome.of(with(model, "--gates", "--kernels", "--matrix"));
        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("gates of cssm_0", "kernels of cssm_0", "transition matrix of cssm_0")
                .containsPattern("d_Q +decay_Q +0\\.\\d{4} +0\\.\\d{4} +0\\.10 to 0\\.99 +keeps Q")
                .containsPattern("w·K̂ = 0\\.\\d+ \\(0\\.00 to 0\\.\\d+\\)");
        assertThat(Outcome.of(with(model, "--gates")).out()).doesNotContain("kernels of");

        JsonNode cell = json(Outcome.of(with(model, "--gates", "--kernels", "--matrix", "--json")))
                .get("cells")
                .get(0);
        assertThat(cell.get("gates")).hasSize(10);
        assertThat(cell.get("kernels").get(0).get("mean")).hasSize(11);
        assertThat(cell.get("transition").get(1).get(2).get("high").asDouble()).isZero();

        Path arrays = folder.resolve("cells.npz");
        assertThat(Outcome.of(with(model, "--npz", arrays.toString())).code()).isZero();
        Map<String, ArrayData> written = NpzArchive.read(arrays);
        assertThat(written.get("cssm_0/kernels/kernel").shape()).containsExactly(32, 11, 11);
        assertThat(written.get("cssm_0/kernels/kernel/footprints").shape()).containsExactly(4, 16, 16);
        assertThat(written.get("cssm_0/transition").shape()).containsExactly(3, 3, 3);
        assertThat(written.get("cssm_0/gates/alpha").toFloats()[0])
                .isEqualTo((float) cell.get("gates").get(4).get("summary").asDouble());
        assertThat(Outcome.of(with(model, "--npz", arrays.toString())).err()).contains("--force");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    private String save(String name, ArrayData array) throws IOException {
        Path file = folder.resolve(name);
        Checkpoint checkpoint = new Checkpoint(
                ParameterTree.of(Map.of("w", array)),
                ParameterTree.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Map.of("args", Map.of("lr", 0.5)));
        Checkpoints.write(checkpoint, file, CheckpointFormat.ofFileName(name).orElseThrow());
        return file.toString();
    }

    private static JsonNode json(Outcome outcome) throws IOException {
        return new ObjectMapper().readTree(outcome.out());
    }
}
