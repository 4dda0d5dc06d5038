package io.portolan.converter.source.tfjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.converter.lowering.ConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Graph models as the converter of TensorFlow.js writes them. */
class TensorFlowJsModelTest {
    @TempDir
    private Path folder;

    private final List<String> nodes = new ArrayList<>();
    private final List<String> weights = new ArrayList<>();

    private static String constant(String name, String type, String shape) {
        return """
                {"name": "%s", "op": "Const", "attr": {"dtype": {"type": "%2$s"},
                 "value": {"tensor": {"dtype": "%2$s", "tensorShape": {%3$s}}}}}""".formatted(name, type, shape);
    }

    private static String dims(int... sizes) {
        return "\"dim\": ["
                + String.join(
                        ", ",
                        Arrays.stream(sizes)
                                .mapToObj(size -> "{\"size\": \"" + size + "\"}")
                                .toList())
                + "]";
    }

    private void weight(String name, String type, String shape, String more) {
        weights.add("{\"name\": \"%s\", \"dtype\": \"%s\", \"shape\": [%s]%s}".formatted(name, type, shape, more));
    }

    private static byte[] floats(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) {
            bytes.putFloat(number);
        }
        return bytes.array();
    }

    private TensorFlowJsModel read(String more, byte[]... shards) throws IOException {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < shards.length; i++) {
            paths.add("\"shard" + i + ".bin\"");
            Files.write(folder.resolve("shard" + i + ".bin"), shards[i]);
        }
        return TensorFlowJsModel.read(Files.writeString(folder.resolve("model.json"), """
                {"format": "graph-model", "modelTopology": {"node": [%s], "versions": {"producer": 987}},
                 "weightsManifest": [{"paths": [%s], "weights": [%s]}]%s}""".formatted(
                        String.join(",\n", nodes), String.join(", ", paths), String.join(",\n", weights), more)));
    }

    /** A 1×1 convolution of two channels to one, with what is fused to it. */
    private void convolution(String fused, String inputs) {
        nodes.add("""
                {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"},
                 "shape": {"shape": {"dim": [{"size": "-1"}, {"size": 1}, {"size": "1"}, {"size": "2"}]}}}}""");
        nodes.add(constant("w", "DT_FLOAT", dims(1, 1, 2, 1)));
        weight("w", "float32", "1, 1, 2, 1", "");
        nodes.add("""
                {"name": "y", "op": "_FusedConv2D", "input": ["x", "w"%s], "attr": {"T": {"type": "DT_FLOAT"},
                 "strides": {"list": {"i": ["1", "1", "1", "1"]}}, "padding": {"s": "U0FNRQ=="},
                 "num_args": {"i": "1"}, "leakyrelu_alpha": {"f": 0.25}, "epsilon": {"f": 0},
                 "fused_ops": {"list": {"s": [%s]}}}}""".formatted(inputs, fused));
    }

    private static float[] run(TensorFlowJsModel model, String output, float... x) {
        try (Graph graph = new Graph()) {
            graph.importGraphDef(model.graph());
            try (Session session = new Session(graph);
                    TFloat32 fed = TFloat32.tensorOf(Shape.of(x.length / 2, 1, 1, 2), DataBuffers.of(x));
                    var results = session.runner().feed("x", fed).fetch(output).run()) {
                TFloat32 y = (TFloat32) results.get(0);
                float[] numbers = new float[(int) y.size()];
                y.asRawTensor().data().asFloats().read(numbers);
                return numbers;
            }
        }
    }

    @Test
    void aConvolutionWithItsBiasAndActivation() throws IOException {
        convolution("\"Qmlhc0FkZA==\", \"UmVsdQ==\"", ", \"b\"");
        nodes.add(constant("b", "DT_FLOAT", dims(1)));
        weight("b", "float32", "1", "");

        TensorFlowJsModel model = read(
                ", \"signature\": {\"inputs\": {\"image:0\": {\"name\": \"x:0\"}},"
                        + " \"outputs\": {\"score\": {\"name\": \"y:0\"}}}",
                floats(2, -1, .5f));

        assertThat(model.graph().getNodeList()).extracting(NodeDef::getOp).contains("Conv2D", "BiasAdd", "Relu");
        assertThat(model.inputs()).containsExactly(Map.entry("x:0", "image"));
        assertThat(model.outputs()).containsExactly(Map.entry("y:0", "score"));
        assertThat(run(model, "y", 1, 1, 1, 4)).containsExactly(1.5f, 0);
    }

    @Test
    void leakyAndParametricRectifiers() throws IOException {
        convolution("\"TGVha3lSZWx1\"", "");
        nodes.add(constant("alpha", "DT_FLOAT", dims(1)));
        weight("alpha", "float32", "1", "");
        nodes.add("{\"name\": \"z\", \"op\": \"Prelu\", \"input\": [\"y\", \"alpha\"]}");

        TensorFlowJsModel model = read("", floats(1, -1, 3));

        assertThat(model.inputs()).isEmpty();
        assertThat(run(model, "y", 1, 0, 0, 4)).containsExactly(1, -1);
        assertThat(run(model, "z", 1, 0, 0, 4)).containsExactly(1, -3);
    }

    /** Each kind twice as long as one shard, so that weights begin in one file and end in another. */
    @Test
    void smallerTypesOfWeights() throws IOException {
        convolution("", "");
        nodes.add(constant("bytes", "DT_FLOAT", dims(3)));
        weight("bytes", "float32", "3", ", \"quantization\": {\"dtype\": \"uint8\", \"scale\": 0.5, \"min\": -1}");
        nodes.add(constant("shorts", "DT_INT32", dims(2)));
        weight("shorts", "int32", "2", ", \"quantization\": {\"dtype\": \"uint16\", \"scale\": 2, \"min\": -10}");
        nodes.add(constant("halves", "DT_FLOAT", ""));
        weight("halves", "float32", "", ", \"quantization\": {\"dtype\": \"float16\"}");
        nodes.add(constant("truth", "DT_BOOL", dims(1)));
        weight("truth", "bool", "1", "");

        byte[] all = Arrays.copyOf(floats(1, 2), 18);
        System.arraycopy(new byte[] {0, 4, (byte) 255, 0, 0, (byte) 255, (byte) 255, 0, (byte) 0xc0, 1}, 0, all, 8, 10);
        TensorFlowJsModel model =
                read("", Arrays.copyOf(all, 9), Arrays.copyOfRange(all, 9, 13), Arrays.copyOfRange(all, 13, 18));

        assertThat(contents(model, "bytes").asFloatBuffer().get(2)).isEqualTo(126.5f);
        assertThat(contents(model, "bytes").asFloatBuffer().get(1)).isEqualTo(1);
        assertThat(contents(model, "shorts").asIntBuffer().get(0)).isEqualTo(-10);
        assertThat(contents(model, "shorts").asIntBuffer().get(1)).isEqualTo(2 * 65535 - 10);
        assertThat((double) contents(model, "halves").asFloatBuffer().get(0)).isCloseTo(-2, within(0.));
        assertThat(contents(model, "truth").get(0)).isEqualTo((byte) 1);
    }

    private static ByteBuffer contents(TensorFlowJsModel model, String node) {
        NodeDef constant = model.graph().getNodeList().stream()
                .filter(found -> found.getName().equals(node))
                .findFirst()
                .orElseThrow();
        return constant.getAttrOrThrow("value")
                .getTensor()
                .getTensorContent()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @CsvSource({
        "'too few bytes', 4, 'expected at least 8'",
        "'too many bytes', 12, 'expected 8, the sizes of the weights'",
    })
    void shardsThatDoNotFit(String what, int length, String expected) {
        convolution("", "");
        assertThatExceptionOfType(CheckpointException.class)
                .as(what)
                .isThrownBy(() -> read("", new byte[length]))
                .withMessageContaining(expected);
    }

    @Test
    void whatIsNotUnderstood() {
        convolution("\"Z2VsdQ==\"", "");
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> read("", floats(1, 2)))
                .withMessageContaining("the fused op gelu");
        nodes.set(2, nodes.get(2).replace("num_args\": {\"i", "num_args\": {\"whatever"));
        refused("", "members of AttrValue");
        nodes.remove(2);
        refused(", \"initializer\": {}", "members among");
        weights.set(0, weights.get(0).replace("float32", "string"));
        refused("", "dtype of w");
        weights.set(0, weights.get(0).replace("string", "float32").replace("1, 1, 2, 1", "2, 1"));
        refused("", "weight of the constant w is");
        weights.set(0, weights.get(0).replace("2, 1", "4000000000, 4000000000"));
        refused("", "bytes of weights");
        weights.set(0, "{\"name\": \"other\", \"dtype\": \"float32\", \"shape\": [2]}");
        refused("", "weight of the constant w is");
        nodes.remove(1);
        refused("", "weights of constants in the graph");
    }

    private void refused(String more, String expected) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> read(more, floats(1, 2)))
                .withMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"format\": \"layers-model\"}', tfjs_graph_model",
        "'{\"modelTopology\": {\"node\": 3}}', modelTopology.node",
        "'{\"modelTopology\": {}, \"weightsManifest\": [{\"paths\": [\"../secret.bin\"], \"weights\": []}]}', ../secret.bin",
        "'{\"modelTopology\": {}, \"weightsManifest\": [{\"paths\": [\"none.bin\"], \"weights\": []}]}', none.bin",
        "'[1]', expected an object",
        "'{', malformed JSON",
    })
    void documentsThatAreNone(String json, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("model.json"), json);
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> TensorFlowJsModel.read(file))
                .withMessageContaining(expected);
    }
}
