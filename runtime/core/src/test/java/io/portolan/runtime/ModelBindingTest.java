package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ModelBindingTest {
    private static final Map<String, long[]> TWO_ROWS = Map.of("a", new long[] {2, 2}, "b", new long[] {2, 2});

    @Test
    void readsAndWritesInPlaceRunAfterRun() {
        try (OnnxModel model = sumAndDifference();
                ModelBinding binding = model.bind(TWO_ROWS)) {
            FloatBuffer sum = binding.output("sum");
            binding.input("a").put(new float[] {1, 2, 3, 4});
            binding.input("b").put(new float[] {10, 20, 30, 40});
            binding.run();
            assertThat(values(sum)).containsExactly(11, 22, 33, 44);
            assertThat(values(binding.output("difference"))).containsExactly(-9, -18, -27, -36);

            binding.input("a").put(3, 0);
            binding.run();
            assertThat(values(sum)).containsExactly(11, 22, 33, 40);
        }
    }

    @Test
    void answersToTheBitWhatTheModelAnswers() {
        float[] noise = {0.1f, -3.7e-5f, 1.5e8f, -0.0f};
        try (OnnxModel model = tiny("Tanh");
                ModelBinding binding = model.bind(Map.of("in", new long[] {4}))) {
            binding.input("in").put(noise);
            binding.run();
            Tensor answer = model.run(Map.of("in", Tensor.of(noise, 4))).get("out");
            assertThat(values(binding.output("out"))).isEqualTo(answer.floats());
        }
    }

    @Test
    void holdsOtherTypesThanFloat32AsBytes() {
        try (OnnxModel model = tiny("Neg", TensorProto.DataType.INT64);
                ModelBinding binding = model.bind(Map.of("in", new long[] {4}))) {
            binding.inputBytes("in").putLong(Long.BYTES, 1L << 40);
            binding.run();
            assertThat(binding.outputBytes("out").getLong(Long.BYTES)).isEqualTo(-1L << 40);
            assertThat(binding.outputBytes("out").isReadOnly()).isTrue();
            assertThatThrownBy(() -> binding.input("in"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("input 'in' is INT64 (4), not FLOAT; use inputBytes");
            assertThatThrownBy(() -> binding.output("out"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("use outputBytes");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorProto.DataType.class,
            names = {"STRING", "UINT16", "UINT32", "UINT64"})
    void refusesTypesThatOnnxRuntimeDoesNotTakeInPlace(TensorProto.DataType type) {
        try (OnnxModel model = tiny("Identity", type)) {
            assertRefused(model, Map.of("in", new long[] {4}), "input 'in' is " + type + ", which cannot be bound");
        }
    }

    @Test
    void optionalInputsKeepTheirDefaultUnlessTheyAreBound() {
        byte[] bytes = TinyModels.optionalBias().build().toByteArray();
        try (OnnxModel model = OnnxModel.load("bias", bytes, RuntimeOptions.defaults());
                ModelBinding kept = model.bind(Map.of("x", new long[] {2}));
                ModelBinding given = model.bind(Map.of("x", new long[] {2}, "bias", new long[] {1}))) {
            kept.input("x").put(new float[] {1, 2});
            kept.run();
            assertThat(values(kept.output("y"))).containsExactly(6, 7);
            assertThatThrownBy(() -> kept.input("bias")).isInstanceOf(IllegalArgumentException.class);
            given.input("bias").put(10);
            given.run();
            assertThat(values(given.output("y"))).containsExactly(10, 10);
            kept.run();
            assertThat(values(kept.output("y"))).containsExactly(6, 7);
        }
    }

    @Test
    void outputsCannotBeWrittenByMistake() {
        try (OnnxModel model = tiny("Neg");
                ModelBinding binding = model.bind(Map.of("in", new long[] {4}))) {
            assertThatThrownBy(() -> binding.output("out").put(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void refusesShapesAndNamesThatTheModelDoesNotHave() {
        try (OnnxModel model = sumAndDifference()) {
            assertRefused(model, Map.of("a", new long[] {2, 2}), "takes inputs [a, b]");
            assertRefused(
                    model, Map.of("a", new long[] {2, 3}, "b", new long[] {2, 2}), "has shape (?, 2), not (2, 3)");
            assertRefused(model, Map.of("a", new long[] {-1, 2}, "b", new long[] {2, 2}), "negative dimension");
            assertRefused(model, Map.of("a", new long[] {1L << 40, 2}, "b", new long[] {2, 2}), "too many elements");
            assertRefused(model, Map.of("a", new long[] {2, 2}, "b", new long[] {3, 2}), "dimension N is ");
            try (ModelBinding binding = model.bind(TWO_ROWS)) {
                assertThatThrownBy(() -> binding.input("c"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("has inputs [");
                assertThatThrownBy(() -> binding.output("a")).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void refusesEveryUseAfterClose() {
        try (OnnxModel model = sumAndDifference()) {
            ModelBinding binding = model.bind(TWO_ROWS);
            FloatBuffer kept = binding.input("a");
            binding.close();
            binding.close();

            assertThatThrownBy(binding::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tiny is closed");
            assertThatThrownBy(() -> binding.input("a")).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> binding.output("sum")).isInstanceOf(IllegalStateException.class);
            assertThat(kept.put(0, 5).get(0)).isEqualTo(5);
        }
    }

    @Test
    void refusesToRunAModelThatIsClosed() {
        OnnxModel model = sumAndDifference();
        try (ModelBinding binding = model.bind(TWO_ROWS)) {
            model.close();

            assertThatThrownBy(binding::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tiny is closed");
            assertThatThrownBy(() -> model.bind(TWO_ROWS)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void modelAndBindingMayBeClosedWhileAnotherThreadRuns() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 20; round++) {
                OnnxModel model = sumAndDifference();
                ModelBinding binding = model.bind(TWO_ROWS);
                CountDownLatch busy = new CountDownLatch(1);
                Future<?> running = thread.submit(() -> {
                    while (true) {
                        binding.run();
                        busy.countDown();
                    }
                });
                busy.await();
                (round % 2 == 0 ? model : (AutoCloseable) binding).close();
                assertThatThrownBy(running::get).hasRootCauseInstanceOf(IllegalStateException.class);
                binding.close();
                model.close();
            }
        } finally {
            thread.shutdownNow();
        }
    }

    private static void assertRefused(OnnxModel model, Map<String, long[]> shapes, String part) {
        assertThatThrownBy(() -> model.bind(shapes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }

    private static OnnxModel sumAndDifference() {
        return OnnxModel.load("tiny", TinyModels.sumAndDifference().build().toByteArray(), RuntimeOptions.defaults());
    }

    private static OnnxModel tiny(String operator) {
        return tiny(operator, TensorProto.DataType.FLOAT);
    }

    private static OnnxModel tiny(String operator, TensorProto.DataType type) {
        byte[] model = TinyModels.unary(operator, type, 4).build().toByteArray();
        return OnnxModel.load("tiny", model, RuntimeOptions.defaults());
    }

    private static float[] values(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.duplicate().get(values);
        return values;
    }
}
