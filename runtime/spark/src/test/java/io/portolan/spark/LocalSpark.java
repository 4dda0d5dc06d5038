package io.portolan.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Sessions of Spark on this machine. */
final class LocalSpark {
    private LocalSpark() {}

    /** Tasks as threads of this process. */
    static SparkSession inProcess() {
        return builder("local[2]").getOrCreate();
    }

    /** Executors as processes of their own, as in a cluster. */
    static SparkSession cluster(int executors, int cores) {
        try {
            // Spark's launcher wants the folder; the class path comes from here.
            Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return builder("local-cluster[" + executors + "," + cores + ",1024]")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.executor.memory", "1g")
                .config("spark.task.maxFailures", "8")
                .getOrCreate();
    }

    private static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "4")
                .config(
                        "spark.sql.warehouse.dir",
                        Path.of(System.getProperty("java.io.tmpdir"), "spark-warehouse")
                                .toString());
    }
}
