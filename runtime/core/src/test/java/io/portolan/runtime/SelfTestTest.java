package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.portolan.images.ImageInput;
import io.portolan.images.Shapes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfTestTest {
    private static final ImageInput STILL = ImageInput.still(4, 8);
    private static final long SEED = 5;
    private static final double TOLERANCE = 1e-4;
    private static final RuntimeOptions OPTIONS = RuntimeOptions.defaults();

    @ParameterizedTest
    @ValueSource(longs = {TinyModels.OPEN, 1, 3})
    void aModelThatComputesWhatItCarriesIsLoaded(long batch) {
        ModelProto.Builder model = with(TinyModels.brightness(batch, STILL), new SelfTest(SEED, logits(0), TOLERANCE));
        try (ImageClassifier classifier =
                ImageClassifier.load("model", model.build().toByteArray(), OPTIONS, 1)) {
            assertThat(classifier.metadata().labels()).hasSize(2);
        }
    }

    @Test
    void aModelThatComputesOtherNumbersIsRefusedHoweverItIsLoaded() {
        byte[] model = with(TinyModels.brightness(TinyModels.OPEN, STILL), new SelfTest(SEED, logits(2e-4f), TOLERANCE))
                .build()
                .toByteArray();
        String message =
                "model: computes other results here than when it was exported: its self-test is off by 2.0e-04, beyond 1.0e-04";
        assertThatThrownBy(() -> ImageClassifier.load("model", model, OPTIONS, 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> OnnxModel.load("model", model, OPTIONS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
        assertThatCode(() -> ImageClassifier.load("model", model, OPTIONS.withoutSelfTest(), 1)
                        .close())
                .doesNotThrowAnyException();
    }

    @Test
    void answersThatAreNoNumbersAreRefused() {
        ModelProto.Builder model = TinyModels.brightness(TinyModels.OPEN, STILL);
        model.getGraphBuilder()
                .getInitializerBuilder(1)
                .clear()
                .mergeFrom(TinyModels.initializer("bias", new long[] {2}, Float.NaN, 0));
        assertThatThrownBy(() -> OnnxModel.load(
                        "model",
                        with(model, new SelfTest(SEED, logits(0), TOLERANCE))
                                .build()
                                .toByteArray(),
                        OPTIONS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("off by Infinity");
    }

    @Test
    void aTestThatIsNotOfTheModelIsRefused() {
        SelfTest test = new SelfTest(SEED, List.of(1f, 2f, 3f), TOLERANCE);
        assertThatThrownBy(() -> OnnxModel.load(
                        "model",
                        with(TinyModels.brightness(1, STILL), test).build().toByteArray(),
                        OPTIONS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("does not match its outputs");
        ModelProto.Builder larger = TinyModels.brightness(1, ImageInput.still(9, 9));
        TinyModels.describe(larger, ModelMetadata.toMap(new SelfTest(SEED, logits(0), TOLERANCE)));
        TinyModels.describe(larger, TinyModels.metadata(STILL).toMap());
        assertThatThrownBy(() -> OnnxModel.load("model", larger.build().toByteArray(), OPTIONS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("does not match its inputs");
    }

    @Test
    void readsBackWhatItWrites() {
        SelfTest test = new SelfTest(-7, List.of(1.5f, -2e-30f, Float.MIN_VALUE), 3e-5);
        assertThat(ModelMetadata.selfTest(ModelMetadata.toMap(test))).contains(test);
        assertThat(ModelMetadata.selfTest(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN,1", "one"})
    void aGarbledTestIsRefused(String logits) {
        Map<String, String> properties = ModelMetadata.toMap(new SelfTest(1, List.of(1f), 1));
        properties.put("portolan.selftest.logits", logits);
        assertThatThrownBy(() -> ModelMetadata.selfTest(properties))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("portolan.selftest.logits");
    }

    /** What the model answers to the sample, and something more. */
    private static List<Float> logits(float more) {
        float[] sample = SelfTest.sample(SEED, Shapes.elements(STILL.sampleShape()));
        double sum = 0;
        for (float value : sample) {
            sum += value;
        }
        float m = (float) (sum / (STILL.height() * STILL.width()));
        return List.of(-m, m + more);
    }

    private static ModelProto.Builder with(ModelProto.Builder model, SelfTest test) {
        TinyModels.describe(model, TinyModels.metadata(STILL).toMap());
        TinyModels.describe(model, ModelMetadata.toMap(test));
        return model;
    }
}
