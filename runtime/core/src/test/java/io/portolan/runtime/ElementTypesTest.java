package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tensors of every element type go through a model. */
class ElementTypesTest {
    @ParameterizedTest
    @EnumSource(ElementType.class)
    void handsEveryTypeThroughBitForBit(ElementType type) {
        Tensor tensor = type == ElementType.STRING
                ? strings(new long[] {2, 2}, "", "Portol\u00e1n", "\ud83e\udded", "a\nb\u0000c")
                : random(type, 2, 2);
        try (OnnxModel model = identity(type, TinyModels.OPEN, 2)) {
            assertThat(model.inputs()).containsOnlyKeys("in");
            assertThat(model.inputs().get("in")).hasToString(type + " (?, 2)");
            assertThat(model.run(Map.of("in", tensor)).get("out")).isEqualTo(tensor);
        }
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void handsScalarsAndNothingThrough(ElementType type) {
        Tensor scalar = type == ElementType.STRING ? strings(new long[0], "one") : random(type);
        try (OnnxModel model = identity(type)) {
            assertThat(model.run(Map.of("in", scalar)).get("out")).isEqualTo(scalar);
        }
        Tensor empty = Tensor.allocate(type, 0, 2);
        try (OnnxModel model = identity(type, TinyModels.OPEN, 2)) {
            assertThat(model.run(Map.of("in", empty)).get("out")).isEqualTo(empty);
        }
    }

    /** The second text is what a JVM makes of the bytes of the first. */
    @Test
    void aModelHasTextsInUtf8() {
        Tensor texts = strings(
                new long[] {4}, "\ud83e\udded", "\u00f0\u009f\u00a7\u00ad", "x\ud83e\uddedy\ud83e\udded", "\u00f1");
        ModelProto.Builder equal = TinyModels.unary("Equal", TensorProto.DataType.STRING, 4);
        equal.getOpsetImportBuilder(0).setVersion(19);
        GraphProto.Builder graph = equal.getGraphBuilder();
        graph.getNodeBuilder(0).addInput("text");
        graph.getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .setElemType(TensorProto.DataType.BOOL.getNumber());
        graph.addInitializer(TensorProto.newBuilder()
                .setName("text")
                .setDataType(TensorProto.DataType.STRING.getNumber())
                .addStringData(ByteString.copyFromUtf8("\ud83e\udded")));
        try (OnnxModel model = OnnxModel.load("equal", equal.build().toByteArray(), RuntimeOptions.defaults());
                OnnxModel copy = identity(ElementType.STRING, TinyModels.OPEN)) {
            byte[] same = new byte[4];
            model.run(Map.of("in", texts)).get("out").data().get(same);
            assertThat(same).containsExactly(1, 0, 0, 0);
            assertThat(copy.run(Map.of("in", texts)).get("out")).isEqualTo(texts);
        }
    }

    @Test
    void computesWithAllBitsOfUnsignedNumbers() {
        ByteBuffer largest = ByteBuffer.allocateDirect(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(-1)
                .putInt(0x8000_0000);
        Tensor numbers = new Tensor(ElementType.UINT32, new long[] {2, 1}, largest);
        try (OnnxModel model = OnnxModel.load(
                "max",
                TinyModels.unary("Max", TensorProto.DataType.UINT32, -1, 1)
                        .build()
                        .toByteArray(),
                RuntimeOptions.defaults())) {
            assertThat(model.run(Map.of("in", numbers)).get("out")).isEqualTo(numbers);
        }
        try (OnnxModel model =
                OnnxModel.load("spec", TinyModels.specification().build().toByteArray(), RuntimeOptions.defaults())) {
            Tensor four = new Tensor(
                    ElementType.UINT32,
                    new long[] {2, 2},
                    ByteBuffer.allocateDirect(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(-256)
                            .putInt(2)
                            .putInt(-256)
                            .putInt(4));
            Tensor chosen = new Tensor(
                    ElementType.BOOL,
                    new long[] {3},
                    ByteBuffer.allocateDirect(3).put(new byte[] {1, 0, 1}));
            ByteBuffer rows = model.run(Map.of("input0", four, "input1", chosen))
                    .get("output0")
                    .data();
            // 2^32 - 256 has 24 bits: float32 holds it.
            assertThat(List.of(rows.getFloat(), rows.getFloat(), rows.getFloat()))
                    .containsExactly(4294967040f, 3f, 0f);
        }
    }

    @Test
    void refusesOtherTypesNamesAndShapes() {
        try (OnnxModel model = identity(ElementType.INT64, 3)) {
            assertThatThrownBy(() -> model.run(Map.of("in", Tensor.allocate(ElementType.UINT64, 3))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("takes INT64, not UINT64");
            assertThatThrownBy(() -> model.run(Map.of("in", Tensor.allocate(ElementType.INT64, 4))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has shape (3), not (4)");
            assertThatThrownBy(() -> model.run(Map.of("x", Tensor.allocate(ElementType.INT64, 3))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("takes inputs [in]");
        }
        assertThatThrownBy(() -> new Tensor(ElementType.INT64, new long[] {3}, ByteBuffer.allocateDirect(23)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes a direct buffer of 24 bytes");
        assertThatThrownBy(() -> new Tensor(ElementType.INT8, new long[] {3}, ByteBuffer.allocate(3)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tensor.allocate(ElementType.INT64, 1 << 30)).hasMessageContaining("exceeds 2 GB");
    }

    @Test
    void saysThatComplexNumbersCannotBeRun() {
        assertThatThrownBy(() -> OnnxModel.load(
                        "complex",
                        TinyModels.unary("Identity", TensorProto.DataType.COMPLEX64, 2)
                                .build()
                                .toByteArray(),
                        RuntimeOptions.defaults()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("complex");
    }

    private static OnnxModel identity(ElementType type, long... shape) {
        byte[] bytes = TinyModels.unary("Identity", TensorProto.DataType.valueOf(type.name()), shape)
                .build()
                .toByteArray();
        return OnnxModel.load("identity of " + type, bytes, RuntimeOptions.defaults());
    }

    private static Tensor random(ElementType type, long... shape) {
        Tensor tensor = Tensor.allocate(type, shape);
        byte[] bits = new byte[tensor.data().remaining()];
        new Random(1).nextBytes(bits);
        for (int i = 0; type == ElementType.BOOL && i < bits.length; i++) {
            bits[i] &= 1;
        }
        tensor.writable().put(bits);
        return tensor;
    }

    private static Tensor strings(long[] shape, String... strings) {
        ByteBuffer data = ByteBuffer.allocateDirect(100).order(ByteOrder.LITTLE_ENDIAN);
        for (String string : strings) {
            byte[] text = string.getBytes(StandardCharsets.UTF_8);
            data.putInt(text.length).put(text);
        }
        return new Tensor(ElementType.STRING, shape, data.slice(0, data.position()));
    }
}
