package io.portolan.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.images.ImageInput;
import io.portolan.images.TestImages;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.Prediction;
import io.portolan.runtime.TinyModels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Executors that are processes of their own. */
@EnabledOnOs(OS.LINUX)
class ClusterTest {
    private static final int IMAGES = 60;

    /** Of a probability: batches of other sizes are summed in another order, in float32. */
    private static final double ROUNDING = 1e-6;

    private static SparkSession spark;

    @TempDir
    private static Path folder;

    private static String model;
    private static String images;

    @BeforeAll
    static void start() throws IOException {
        spark = LocalSpark.cluster(2, 1);
        model = TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(4, 8)).toString();
        Path pictures = Files.createDirectory(folder.resolve("images"));
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage picture = TestImages.uniform(i % 2 == 0 ? 0 : 255, 20, 20);
            ImageIO.write(
                    picture,
                    "png",
                    pictures.resolve(String.format("%02d.png", i)).toFile());
        }
        images = pictures.toString();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Dataset<Row> files(int partitions) {
        return spark.read().format("binaryFile").load(images).repartition(partitions);
    }

    private static ImageClassifierTransformer transformer() {
        return new ImageClassifierTransformer().setModel(model).setBatchSize(7);
    }

    @Test
    void verdictsAreThoseOfOneProcess() {
        List<Row> rows = transformer().transform(files(6)).collectAsList();
        assertThat(rows).hasSize(IMAGES);
        try (ImageClassifier classifier = ImageClassifier.load(Path.of(model))) {
            for (Row row : rows) {
                Path image = Path.of(URI.create(row.<String>getAs("path")));
                Prediction expected = classifier.classify(image);
                assertThat(row.<String>getAs("verdict")).isEqualTo(expected.label());
                assertThat(row.<Double>getAs("prediction")).isEqualTo(expected.classIndex());
                assertThat(row.<Vector>getAs("probabilities").apply(expected.classIndex()))
                        .isCloseTo(expected.confidence(), within(ROUNDING));
            }
        }
    }

    /** 24 tasks on two executors: two processes, each of which loads the model once. */
    @Test
    void everyExecutorHasOneSession() {
        transformer().transform(files(24)).count();
        transformer().transform(files(24)).count();
        Set<String> loads = new HashSet<>(spark.range(0, 1000, 1, 24)
                .mapPartitions(
                        (MapPartitionsFunction<Long, String>)
                                rows -> List.of(ProcessHandle.current().pid() + " "
                                                + ExecutorModels.ofProcess().loads())
                                        .iterator(),
                        Encoders.STRING())
                .collectAsList());
        assertThat(loads).hasSizeBetween(1, 2).allMatch(line -> line.endsWith(" 1"));
        assertThat(loads)
                .noneMatch(line -> line.startsWith(ProcessHandle.current().pid() + " "));
    }

    /** An executor is killed while its tasks run; Spark runs them again elsewhere. */
    @Test
    void noRowIsLostOrDoubledWhenAnExecutorDies() throws Exception {
        Dataset<Row> slow = files(12)
                .map(
                        (MapFunction<Row, Row>) row -> {
                            Thread.sleep(60);
                            return row;
                        },
                        Encoders.row(files(1).schema()));
        CompletableFuture<List<Row>> job = CompletableFuture.supplyAsync(
                () -> transformer().transform(slow).collectAsList());
        Thread.sleep(1500);
        assertThat(job).isNotDone();
        List<ProcessHandle> executors = executors();
        assertThat(executors).hasSize(2);
        executors.get(0).destroyForcibly();
        List<String> paths = new ArrayList<>(job.get().stream()
                .map(row -> row.<String>getAs("path"))
                .sorted()
                .toList());
        List<String> expected = IntStream.range(0, IMAGES)
                .mapToObj(i -> Path.of(images, String.format("%02d.png", i))
                        .toUri()
                        .toString()
                        .replace("///", "/"))
                .collect(Collectors.toList());
        assertThat(paths).isEqualTo(expected);
        assertThat(job.get()).allMatch(row -> !row.isNullAt(row.fieldIndex("verdict")));
    }

    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> isExecutor(process.pid()))
                .toList();
    }

    private static boolean isExecutor(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .contains("CoarseGrainedExecutorBackend");
        } catch (IOException ended) {
            return false;
        }
    }
}
