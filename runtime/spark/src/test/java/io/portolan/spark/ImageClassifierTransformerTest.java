package io.portolan.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.images.ImageInput;
import io.portolan.images.TestImages;
import io.portolan.runtime.TinyModels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images in the two forms that Spark reads. */
class ImageClassifierTransformerTest {
    private static SparkSession spark;

    @TempDir
    private static Path folder;

    private static Path images;

    @BeforeAll
    static void start() throws IOException {
        spark = LocalSpark.inProcess();
        images = Files.createDirectory(folder.resolve("images"));
        write("black.png", TestImages.uniform(0, 20, 20));
        write("white.png", TestImages.uniform(255, 20, 20));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static void write(String name, BufferedImage image) throws IOException {
        ImageIO.write(image, "png", images.resolve(name).toFile());
    }

    private static ImageClassifierTransformer transformer() {
        return new ImageClassifierTransformer()
                .setModel(TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(4, 8))
                        .toString());
    }

    @Test
    void filesAndStructuresGiveTheSameVerdicts() {
        Dataset<Row> ofFiles =
                transformer().transform(spark.read().format("binaryFile").load(images.toString()));
        Dataset<Row> ofStructures = transformer()
                .setInputCol("image")
                .transform(spark.read().format("image").load(images.toString()));
        assertThat(ofFiles.orderBy("path")
                        .select("verdict", "prediction", "logits")
                        .collectAsList())
                .hasSize(2)
                .isEqualTo(ofStructures
                        .orderBy("image.origin")
                        .select("verdict", "prediction", "logits")
                        .collectAsList());
        assertThat(ofFiles.orderBy("path").select("verdict").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly("disconnected", "connected");
    }

    @Test
    void sparksEvaluatorsReadItsColumns() {
        Dataset<Row> labelled = transformer()
                .transform(spark.read().format("binaryFile").load(images.toString()))
                .withColumn("label", functions.col("path").contains("white").cast("double"));
        assertThat(new MulticlassClassificationEvaluator()
                        .setMetricName("accuracy")
                        .evaluate(labelled))
                .isEqualTo(1);
    }

    @Test
    void whatIsNoImageIsNamed() throws IOException {
        Path mixed = Files.createDirectory(folder.resolve("mixed"));
        Files.copy(images.resolve("white.png"), mixed.resolve("a.png"));
        Files.writeString(mixed.resolve("b.png"), "no image");
        Dataset<Row> files = spark.read().format("binaryFile").load(mixed.toString());
        assertThatThrownBy(() -> transformer().transform(files).collectAsList())
                .hasMessageContaining("b.png: the image: not an image");
        List<Row> rows = transformer()
                .setErrorCol("error")
                .transform(files)
                .orderBy("path")
                .collectAsList();
        assertThat(rows.get(0).<String>getAs("verdict")).isEqualTo("connected");
        assertThat(rows.get(0).<String>getAs("error")).isNull();
        assertThat(rows.get(1).<String>getAs("verdict")).isNull();
        assertThat(rows.get(1).<String>getAs("error")).contains("b.png: the image: not an image");
    }

    @Test
    void otherColumnsAreRefusedBeforeTheJob() {
        Dataset<Row> files = spark.read().format("binaryFile").load(images.toString());
        assertThatThrownBy(() -> transformer().setInputCol("path").transform(files))
                .hasMessageContaining("column 'path' holds string; expected the bytes of image files");
        assertThatThrownBy(() -> new ImageClassifierTransformer()
                        .setModel(TinyModels.save(folder, TinyModels.lookup()).toString())
                        .transform(files))
                .hasMessageContaining("metadata");
    }
}
