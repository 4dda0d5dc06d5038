package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.portolan.images.ImageInput;
import io.portolan.images.TestImages;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTaskTest {
    private static final ImageInput VIDEO = ImageInput.video(3, 4, 8);

    @ParameterizedTest
    @ValueSource(longs = {TinyModels.OPEN, 2})
    void aProgramMayRunTheModelItself(long batch) {
        byte[] bytes = described(batch);
        try (OnnxModel model = OnnxModel.load("tiny", bytes, RuntimeOptions.defaults());
                ImageClassifier classifier = ImageClassifier.load("tiny", bytes, RuntimeOptions.defaults(), 1)) {
            ImageTask task = ImageTask.of(model);
            float[] sample = task.sample(TestImages.uniform(200, 20, 20));

            assertThat(sample).hasSize(task.sampleSize()).hasSize(3 * 4 * 8 * 3);
            // As many as the classifier takes: in other batches sums round otherwise.
            int rows = batch == TinyModels.OPEN ? 1 : 2;
            float[][] logits = task.logits(model.run(task.batch(rows, values -> values.put(sample))), rows);

            assertThat(logits).hasDimensions(rows, 2);
            assertThat(task.prediction("image 0", logits[0]))
                    .isEqualTo(
                            classifier.classify(TestImages.uniform(200, 20, 20)).get(0));
        }
    }

    @Test
    void aVideoShowsTheImageInEveryFrame() {
        try (OnnxModel model = OnnxModel.load("tiny", described(TinyModels.OPEN), RuntimeOptions.defaults())) {
            float[] sample = ImageTask.of(model).sample(TestImages.uniform(200, 20, 20));
            int frame = sample.length / 3;
            assertThat(Arrays.copyOf(sample, frame))
                    .isEqualTo(Arrays.copyOfRange(sample, frame, 2 * frame))
                    .isEqualTo(Arrays.copyOfRange(sample, 2 * frame, 3 * frame));
        }
    }

    @Test
    void refusesAnswersOfAnotherShape() {
        try (OnnxModel model = OnnxModel.load("tiny", described(TinyModels.OPEN), RuntimeOptions.defaults())) {
            ImageTask task = ImageTask.of(model);
            Map<String, Tensor> outputs = model.run(task.batch(2, values -> {}));
            assertThatThrownBy(() -> task.logits(outputs, 1))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("tiny: answers FLOAT (2, 2) to 1 samples; expected (1, 2)");
        }
    }

    private static byte[] described(long batch) {
        ModelProto.Builder model = TinyModels.describe(
                TinyModels.brightness(batch, VIDEO), TinyModels.metadata(VIDEO).toMap());
        return model.build().toByteArray();
    }
}
