package io.portolan.spark;

import io.portolan.runtime.Device;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The file of a model, on its way to the executors.
 *
 * @param name what messages call the model
 * @param sha256 of the bytes; executors recognise models that they have by it
 * @param device the device to run it on
 */
record BroadcastModel(String name, String sha256, Device device, Broadcast<byte[]> bytes) implements Serializable {

    /**
     * Reads a file and broadcasts it.
     *
     * @param location a path or URI of any file system that Spark reads
     * @throws UncheckedIOException if the file cannot be read
     */
    static BroadcastModel of(SparkContext context, String location, Device device) {
        byte[] bytes = read(context, location);
        return new BroadcastModel(
                location,
                sha256(bytes),
                device,
                JavaSparkContext.fromSparkContext(context).broadcast(bytes));
    }

    /** The same model on the CPU. */
    BroadcastModel onProcessor() {
        return new BroadcastModel(name, sha256, Device.CPU, bytes);
    }

    private static byte[] read(SparkContext context, String location) {
        Path path = new Path(location);
        try {
            FileSystem files = path.getFileSystem(context.hadoopConfiguration());
            try (InputStream content = files.open(path)) {
                return content.readAllBytes();
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    location + ": the model cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
