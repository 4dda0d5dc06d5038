package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.portolan.images.ImageInput;
import io.portolan.images.PreprocessingException;
import io.portolan.images.Shapes;
import io.portolan.images.TestImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageClassifierTest {
    private static final ImageInput STILL = ImageInput.still(4, 8);
    private static final ImageInput VIDEO = ImageInput.video(4, 4, 8);
    private static final BufferedImage BLACK = TestImages.uniform(0, 20, 20);
    private static final BufferedImage WHITE = TestImages.uniform(255, 20, 20);

    @TempDir
    private Path folder;

    @Test
    void classifiesImageFiles() throws IOException {
        Path black = png("black.png", BLACK);
        Path white = png("white.png", WHITE);
        try (ImageClassifier classifier = ImageClassifier.load(TinyModels.save(folder, TinyModels.OPEN, STILL))) {
            assertThat(classifier.classify(List.of(black, white)))
                    .extracting(Prediction::source, Prediction::classIndex, Prediction::label)
                    .containsExactly(
                            tuple(black.toString(), 0, "disconnected"), tuple(white.toString(), 1, "connected"));
            assertThat(classifier.classify(white).confidence()).isGreaterThan(0.99);
            assertThat(classifier.classify(List.of())).isEmpty();
        }
    }

    @Test
    void classifiesImagesInMemory() {
        try (ImageClassifier classifier = load(TinyModels.OPEN, STILL, 16)) {
            assertThat(classifier.classify(WHITE, BLACK))
                    .extracting(Prediction::source, Prediction::label)
                    .containsExactly(tuple("image 0", "connected"), tuple("image 1", "disconnected"));
        }
    }

    @Test
    void repeatsAStillImageOverTheFramesOfAVideoModel() {
        float still;
        try (ImageClassifier classifier = load(TinyModels.OPEN, STILL, 16)) {
            still = classifier.classify(WHITE).get(0).logits().get(1);
        }
        try (ImageClassifier classifier = load(TinyModels.OPEN, VIDEO, 16)) {
            assertThat(classifier.metadata().input().frames()).isEqualTo(4);
            // About 7, and a mean of more terms rounds a few times more.
            assertThat(classifier.classify(WHITE).get(0).logits().get(1)).isCloseTo(still, within(1e-5f));
        }
    }

    /** An open batch in one piece, in pieces with a remainder, and a fixed batch whose last piece is filled up. */
    @ParameterizedTest
    @CsvSource({"-1, 16", "-1, 3", "-1, 1", "1, 16", "3, 16", "7, 16", "16, 2"})
    void answersManySamplesAsEachAlone(long modelBatch, int batchSize) {
        int count = 7;
        float[] samples = noise(count, STILL);
        float[][] alone = alone(samples, count);
        for (RuntimeOptions options :
                List.of(RuntimeOptions.latency(), RuntimeOptions.throughput().withThreads(3))) {
            try (ImageClassifier classifier = load(modelBatch, STILL, options, batchSize)) {
                assertThat(classifier.logits(samples, count)).isDeepEqualTo(alone);
                assertThat(classifier.logits(new float[0], 0)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"224, CPU, 1", "64, CPU, 5", "8, CPU, 16", "4096, CPU, 1", "224, CUDA, 16"})
    void batchesStayInTheCachesOfACpu(int side, Device device, int batch) {
        assertThat(ImageClassifier.suitableBatch(ImageInput.still(side, side), device))
                .isEqualTo(batch);
    }

    @Test
    void warmingUpChangesNoAnswer() {
        try (ImageClassifier classifier = load(TinyModels.OPEN, VIDEO, 2)) {
            List<Prediction> cold = classifier.classify(WHITE, BLACK, WHITE);
            classifier.warmUp();
            assertThat(classifier.classify(WHITE, BLACK, WHITE)).isEqualTo(cold);
        }
    }

    @Test
    void classifiesMoreImagesThanFitABatch() {
        BufferedImage[] images =
                IntStream.range(0, 8).mapToObj(i -> i % 3 == 0 ? WHITE : BLACK).toArray(BufferedImage[]::new);
        try (ImageClassifier classifier = load(3, STILL, 16)) {
            assertThat(classifier.classify(images))
                    .extracting(Prediction::classIndex)
                    .containsExactly(1, 0, 0, 1, 0, 0, 1, 0);
        }
    }

    @Test
    void refusesSamplesOfTheWrongLength() {
        try (ImageClassifier classifier = load(TinyModels.OPEN, STILL, 16)) {
            assertThatThrownBy(() -> classifier.logits(new float[97], 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("1 samples of shape (4, 8, 3) are 96 values, not 97");
            assertThatThrownBy(() -> classifier.logits(new float[0], -1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void namesTheImageThatIsNone() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.txt"), "hello");
        try (ImageClassifier classifier = load(TinyModels.OPEN, STILL, 16)) {
            assertThatThrownBy(() -> classifier.classify(notes))
                    .isInstanceOf(PreprocessingException.class)
                    .hasMessageContaining("notes.txt: not an image");
        }
    }

    @Test
    void namesTheFirstImageThatIsMissingWhenThreadsReadSideBySide() throws IOException {
        Path white = png("white.png", WHITE);
        List<Path> images = new ArrayList<>(Collections.nCopies(40, white));
        images.set(11, folder.resolve("first.png"));
        images.set(12, folder.resolve("second.png"));
        images.set(37, folder.resolve("third.png"));
        try (ImageClassifier classifier =
                load(TinyModels.OPEN, STILL, RuntimeOptions.throughput().withThreads(4), 1)) {
            assertThatThrownBy(() -> classifier.classify(images))
                    .isInstanceOf(PreprocessingException.class)
                    .hasMessageContaining("first.png: no such file");
            assertThat(classifier.classify(List.of(white, white))).hasSize(2);
        }
    }

    @Test
    void refusesAModelWithoutMetadata() {
        Path file = TinyModels.save(folder, TinyModels.brightness(1, STILL));

        assertUnusable(file, "metadata portolan.format is missing; export the model with Portolan");
    }

    @Test
    void refusesAModelThatContradictsItsMetadata() {
        Map<String, String> larger = TinyModels.metadata(ImageInput.still(8, 8)).toMap();
        ModelProto.Builder model = TinyModels.describe(TinyModels.brightness(TinyModels.OPEN, STILL), larger);

        assertUnusable(
                TinyModels.save(folder, model),
                "the input is FLOAT (?, 4, 8, 3), but the metadata says FLOAT (?, 8, 8, 3)");
    }

    @Test
    void refusesAModelWithFewerLabelsThanClasses() {
        ModelMetadata two = TinyModels.metadata(STILL);
        ModelMetadata one = new ModelMetadata(
                two.producerVersion(),
                two.plan(),
                two.weights(),
                two.modelConfig(),
                two.source(),
                two.normalization(),
                List.of("only"),
                two.input());
        ModelProto.Builder model = TinyModels.describe(TinyModels.brightness(TinyModels.OPEN, STILL), one.toMap());

        assertUnusable(
                TinyModels.save(folder, model), "the output is FLOAT (?, 2), but the metadata says FLOAT (?, 1)");
    }

    @Test
    void refusesAModelWithSeveralInputs() {
        ModelProto.Builder model = TinyModels.describe(
                TinyModels.sumAndDifference(), TinyModels.metadata(STILL).toMap());

        assertUnusable(TinyModels.save(folder, model), "one input, not [a, b]");
    }

    @Test
    void refusesAModelOfOtherNumbersThanFloat32() {
        ModelProto.Builder model = TinyModels.describe(
                TinyModels.unary("Neg", TensorProto.DataType.INT64, TinyModels.OPEN, 4, 8, 3),
                TinyModels.metadata(STILL).toMap());

        assertUnusable(
                TinyModels.save(folder, model),
                "the input is INT64 (?, 4, 8, 3), but the metadata says FLOAT (?, 4, 8, 3)");
    }

    @Test
    void refusesABatchThatNoBufferHolds() {
        Path file = TinyModels.save(folder, TinyModels.OPEN, STILL);

        for (int batchSize : new int[] {0, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> ImageClassifier.load(file, RuntimeOptions.defaults(), batchSize))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesEveryUseAfterClose() {
        ImageClassifier classifier = load(TinyModels.OPEN, STILL, 16);
        classifier.close();
        classifier.close();

        assertThatThrownBy(() -> classifier.classify(WHITE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> classifier.classify(List.of())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> classifier.logits(new float[0], 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(classifier::warmUp).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(classifier::metadata)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("model.onnx is closed");
    }

    private ImageClassifier load(long modelBatch, ImageInput input, int batchSize) {
        return load(modelBatch, input, RuntimeOptions.defaults(), batchSize);
    }

    private ImageClassifier load(long modelBatch, ImageInput input, RuntimeOptions options, int batchSize) {
        return ImageClassifier.load(TinyModels.save(folder, modelBatch, input), options, batchSize);
    }

    private float[][] alone(float[] samples, int count) {
        int size = samples.length / count;
        try (ImageClassifier classifier = load(1, STILL, 1)) {
            return IntStream.range(0, count)
                    .mapToObj(i -> classifier.logits(Arrays.copyOfRange(samples, i * size, (i + 1) * size), 1)[0])
                    .toArray(float[][]::new);
        }
    }

    private Path png(String name, BufferedImage image) throws IOException {
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /** Short binary fractions, whose sums are exact in any order: whatever kernel a batch gets, it must answer the same. */
    private static float[] noise(int count, ImageInput input) {
        Random random = new Random(7);
        float[] samples = new float[count * Shapes.elements(input.sampleShape())];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = random.nextInt(65) / 64f - 0.5f;
        }
        return samples;
    }

    private static void assertUnusable(Path file, String reason) {
        assertThatThrownBy(() -> ImageClassifier.load(file))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }
}
