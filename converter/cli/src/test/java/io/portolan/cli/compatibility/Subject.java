package io.portolan.cli.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.cli.Outcome;
import io.portolan.exporter.SampleSet;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.images.ImageInput;
import io.portolan.images.ImagePreprocessor;
import io.portolan.images.Normalization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** A checkpoint whose exports are tried, with a sample and what TensorFlow makes of it, step for step as the reference. */
final class Subject {
    private static final Path BUNDLE = Path.of("src/main/resources/demo");
    private static final long SEED = 8;

    /**
     * How far logits of the bundled model may be apart, as users are promised: the order of sums alone moves them by up to 7e-5 on
     * pictures (see TrainedModelTest).
     */
    private static final double NOISE_OF_A_TRAINED_MODEL = 1e-4;

    /** The same of reference models, whose weights were drawn and whose logits are small: some eight times what was seen. */
    private static final double NOISE_OF_A_REFERENCE_MODEL = 2e-5;

    private final String name;
    private final List<String> origin;
    private final Path folder;
    private final double noise;
    private final Engine.Sample sample;
    private final float[] logits;

    private Subject(
            String name,
            List<String> origin,
            Path folder,
            double noise,
            Checkpoint checkpoint,
            ModelConfig config,
            float[] values)
            throws IOException {
        this.name = name;
        this.origin = origin;
        this.folder = Files.createDirectories(folder);
        this.noise = noise;
        try (ModelGraph faithful = ModelGraph.build(checkpoint, config, Plan.FAITHFUL)) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            this.sample = new Engine.Sample(
                    Files.write(folder.resolve("sample.bin"), bytes.array()), batchOfOne(config.input()));
            this.logits = faithful.run(values, List.of(ModelGraph.LOGITS)).get(ModelGraph.LOGITS);
        }
    }

    private static int size(ImageInput input) {
        return Math.toIntExact(LongStream.of(input.sampleShape()).reduce(1, Math::multiplyExact));
    }

    private static long[] batchOfOne(ImageInput input) {
        return LongStream.concat(LongStream.of(1), LongStream.of(input.sampleShape()))
                .toArray();
    }

    /** The bundled model, with one of its pictures. */
    static Subject bundled(Path folder) throws IOException {
        Path file = BUNDLE.resolve("checkpoint.pkl");
        Path config = BUNDLE.resolve("config.json");
        Checkpoint checkpoint = Checkpoints.read(file);
        Map<String, Object> description = new ObjectMapper().readValue(config.toFile(), new TypeReference<>() {});
        ModelConfig resolved = ConfigResolver.resolve(checkpoint, Map.of(), Optional.of(description));
        ImageInput input = resolved.input();
        float[] picture = new ImagePreprocessor(input.height(), input.width(), Normalization.IMAGENET)
                .preprocess(BUNDLE.resolve("images/connected_0.png"));
        return new Subject(
                "bundled model, 64 px",
                List.of(file.toString(), "--config", config.toString()),
                folder.resolve("bundled"),
                NOISE_OF_A_TRAINED_MODEL,
                checkpoint,
                resolved,
                picture);
    }

    /** A reference model, with numbers drawn from a normal distribution. */
    static Subject golden(GoldenCase golden, Path folder) throws IOException {
        ModelConfig config = GoldenModel.config(golden);
        List<String> origin = List.of(
                golden.checkpointFile().toString(),
                "--config",
                golden.file("config.json").toString(),
                "--set",
                "input=" + config.inputForm().label(),
                "--set",
                "image_size=" + config.input().height() + "x" + config.input().width());
        return new Subject(
                golden.name().replaceFirst("_full_224", ", 224 px"),
                origin,
                folder.resolve(golden.name()),
                NOISE_OF_A_REFERENCE_MODEL,
                golden.checkpoint(),
                config,
                SampleSet.random(1, size(config.input()), SEED).values());
    }

    /** Exports the checkpoint from the command line. */
    Path export(Variant variant) {
        Path model = folder.resolve(variant.fileName());
        List<String> arguments = new ArrayList<>(List.of("convert", "-o", model.toString(), "--force", "--no-verify"));
        arguments.addAll(origin);
        arguments.addAll(variant.options());
        Outcome converted = Outcome.of(arguments.toArray(String[]::new));
        assertThat(converted.code()).as(converted.err()).isZero();
        return model;
    }

    Engine.Sample sample() {
        return sample;
    }

    /** How far a logit of an export may be from TensorFlow's. */
    double tolerance(Variant variant) {
        return Math.max(noise, variant.weights().tolerance());
    }

    /** The largest difference of a logit from TensorFlow's. */
    double difference(float[] actual) {
        assertThat(actual).hasSameSizeAs(logits);
        double largest = 0;
        for (int i = 0; i < logits.length; i++) {
            // Not a number is as far away as can be.
            double difference = Math.abs((double) actual[i] - logits[i]);
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        return largest;
    }

    @Override
    public String toString() {
        return name;
    }
}
