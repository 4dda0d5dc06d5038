package io.portolan.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.converter.ExportOptions;
import io.portolan.converter.ir.Opset;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.ModelMetadata;
import io.portolan.runtime.ModelSource;
import io.portolan.runtime.Prediction;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A trained model end to end: the runtime gives the reference's logits for images. */
class TrainedModelTest {
    private static final int SIDE = 64;

    /**
     * Changing the last bits of the input moves this model's logits, which reach 7.4, by up to 7e-5: the norm of its pooled
     * features takes differences of near-equal numbers. Two programs differ in the rounding of every op. Seen: 7.6e-5.
     */
    private static final double TOLERANCE = 2e-4;

    static Stream<Opset> opsets() {
        return Opset.all();
    }

    @ParameterizedTest
    @MethodSource("opsets")
    void classifiesTheValidationImagesAsTheReferenceDidInEveryOpset(Opset opset, @TempDir Path folder)
            throws Exception {
        GoldenCase golden = GoldenCase.named("pathfinder_64");
        Path model = Files.write(folder.resolve("model.onnx"), export(golden, opset));
        float[] expected = golden.tensor("logits").toFloats();
        try (ImageClassifier classifier = ImageClassifier.load(model)) {
            List<Prediction> predictions = classifier.classify(images(golden));
            assertThat(predictions).hasSize(expected.length / 2);
            for (int i = 0; i < predictions.size(); i++) {
                Prediction prediction = predictions.get(i);
                assertThat(prediction.classIndex()).isEqualTo(expected[2 * i + 1] > expected[2 * i] ? 1 : 0);
                for (int k = 0; k < 2; k++) {
                    assertThat(Math.abs(prediction.logits().get(k) - expected[2 * i + k]))
                            .isLessThan((float) TOLERANCE);
                }
            }
        }
    }

    private static byte[] export(GoldenCase golden, Opset opset) throws Exception {
        Checkpoint checkpoint = golden.checkpoint();
        Map<String, Object> description = new ObjectMapper().readValue(golden.configJson(), new TypeReference<>() {});
        ModelConfig config = ConfigResolver.resolve(checkpoint, Map.of(), Optional.of(description));
        ModelMetadata metadata = new ModelMetadata(
                "test",
                Plan.FUSED.label(),
                "float32",
                config.toJson(),
                new ModelSource("checkpoint.pkl", "0".repeat(64)),
                Normalization.IMAGENET,
                ModelMetadata.PATHFINDER_LABELS,
                ImageInput.still(SIDE, SIDE));
        try (ModelGraph graph = ModelGraph.build(checkpoint, config, Plan.FUSED)) {
            return ExportedBytes.of(
                    graph,
                    List.of(ModelGraph.LOGITS),
                    metadata,
                    ExportOptions.defaults().in(opset));
        }
    }

    private static BufferedImage[] images(GoldenCase golden) {
        ByteBuffer pixels = golden.tensor("images").bytes();
        return IntStream.range(0, pixels.capacity() / (SIDE * SIDE))
                .mapToObj(i -> image(pixels, i * SIDE * SIDE))
                .toArray(BufferedImage[]::new);
    }

    private static BufferedImage image(ByteBuffer pixels, int start) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.getRaster().setSample(i % SIDE, i / SIDE, 0, pixels.get(start + i) & 0xff);
        }
        return image;
    }
}
