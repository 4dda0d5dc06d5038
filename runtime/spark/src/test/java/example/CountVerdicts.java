package example;

import io.portolan.spark.ImageClassifierTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Counts verdicts on a folder of images, in any file system that Spark reads. */
public final class CountVerdicts {
    private CountVerdicts() {}

    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().appName("verdicts").getOrCreate();
        Dataset<Row> images = spark.read().format("binaryFile").load(arguments[1]);
        new ImageClassifierTransformer()
                .setModel(arguments[0])
                .setErrorCol("error")
                .transform(images)
                .groupBy("verdict", "error")
                .count()
                .show(false);
        spark.stop();
    }
}
