package io.portolan.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.images.ImageInput;
import io.portolan.images.TestImages;
import io.portolan.runtime.ImageClassifier;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.TinyModels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images per second of one process, of executors, and of a session for each partition; prints a table. For another model and images:
 * {@code -Dspark.bench.model=model.onnx -Dspark.bench.images=folder}.
 */
@Tag("slow")
class SparkBenchmarkTest {
    private static final int ROWS = Integer.getInteger("spark.bench.rows", 4000);
    private static final int PARTITIONS = 40;
    private static final int ROUNDS = 3;

    @TempDir
    private Path folder;

    @Test
    void measures() throws IOException {
        String model = System.getProperty("spark.bench.model", tinyModel());
        List<byte[]> images = images();
        List<String> table = new ArrayList<>();
        double alone = oneProcess(model, images, RuntimeOptions.throughput());
        table.add(line("one process, ImageClassifier, all cores", alone, alone));
        double oneCore = oneProcess(model, images, RuntimeOptions.throughput().withThreads(1));
        table.add(line("one process, ImageClassifier, one core", oneCore, alone));
        for (int executors : new int[] {1, 2}) {
            try (SparkSession spark = LocalSpark.cluster(executors, 1)) {
                Dataset<Row> rows = rows(spark, images);
                double shared = median(() -> new ImageClassifierTransformer()
                        .setModel(model)
                        .transform(rows)
                        .select("verdict")
                        .foreach(row -> {}));
                table.add(line(executors + " executors of one core, one session in each", shared, alone));
                double each = median(() -> perPartition(rows, model).foreach(row -> {}));
                table.add(line(executors + " executors of one core, a session for each partition", each, alone));
            }
        }
        System.out.println(String.join("\n", table));
        assertThat(table).hasSize(6);
    }

    private String tinyModel() {
        return TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(64, 64))
                .toString();
    }

    private static List<byte[]> images() throws IOException {
        String named = System.getProperty("spark.bench.images");
        if (named == null) {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(TestImages.uniform(200, 64, 64), "png", png);
            return List.of(png.toByteArray());
        }
        try (Stream<Path> files = Files.list(Path.of(named))) {
            return files.sorted().map(SparkBenchmarkTest::bytes).toList();
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static double oneProcess(String model, List<byte[]> images, RuntimeOptions options) {
        try (ImageClassifier classifier = ImageClassifier.load(Path.of(model), options)) {
            return median(() -> {
                int batch = 32 * Math.max(1, options.concurrentCalls());
                for (int from = 0; from < ROWS; from += batch) {
                    classifier.classify(IntStream.range(from, Math.min(ROWS, from + batch))
                            .parallel()
                            .mapToObj(i -> decoded(images.get(i % images.size())))
                            .toArray(BufferedImage[]::new));
                }
            });
        }
    }

    private static BufferedImage decoded(byte[] png) {
        try {
            return ImageIO.read(new ByteArrayInputStream(png));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What others do: a session for each partition, and one row after the other. */
    private static Dataset<String> perPartition(Dataset<Row> rows, String model) {
        return rows.mapPartitions(
                (MapPartitionsFunction<Row, String>) partition -> {
                    List<String> verdicts = new ArrayList<>();
                    try (ImageClassifier classifier = ImageClassifier.load(
                            Path.of(model), RuntimeOptions.latency().withThreads(1))) {
                        for (Iterator<Row> left = partition; left.hasNext(); ) {
                            verdicts.add(classifier
                                    .classify(
                                            "row",
                                            new ByteArrayInputStream(left.next().<byte[]>getAs("content")))
                                    .label());
                        }
                    }
                    return verdicts.iterator();
                },
                Encoders.STRING());
    }

    private static Dataset<Row> rows(SparkSession spark, List<byte[]> images) {
        List<Row> rows = IntStream.range(0, ROWS)
                .mapToObj(i -> RowFactory.create((Object) images.get(i % images.size())))
                .toList();
        Dataset<Row> data = spark.createDataFrame(rows, new StructType().add("content", DataTypes.BinaryType))
                .repartition(PARTITIONS)
                .cache();
        data.count();
        return data;
    }

    /** Rows per second, the first round being left out. */
    private static double median(Runnable work) {
        work.run();
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            work.run();
            seconds[round] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        return ROWS / seconds[ROUNDS / 2];
    }

    private static String line(String name, double rate, double reference) {
        return String.format(Locale.ROOT, "%-55s %7.0f rows/s  %.2f", name, rate, rate / reference);
    }
}
