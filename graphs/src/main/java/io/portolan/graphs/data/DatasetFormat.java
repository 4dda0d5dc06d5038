package io.portolan.graphs.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A format for writing data sets. */
public enum DatasetFormat {
    /** A folder {@code curv_contour_length_D/imgs/{neg,pos}} of 8-bit grey images, where D is the difficulty. */
    PNG(PngFolderWriter::write),

    /** A folder {@code difficulty_D/{train,val,test}} of shards, and {@code metadata.json}. */
    TFRECORD(TfRecordFolderWriter::write),

    /** An archive of {@code images}, uint8 (N,H,W), and {@code labels}, int32 (N). */
    NPZ(NpzWriter::write);

    private final Writer writer;

    DatasetFormat(Writer writer) {
        this.writer = writer;
    }

    /** The name on the command line, such as {@code tfrecord}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Writes a data set.
     *
     * @param target folder or file that does not exist yet; after a failure, a partial result remains there
     * @param progress called after each sample
     * @throws IOException if a sample cannot be read or written, or this format cannot represent it
     */
    public void write(DatasetSplits data, Path target, Runnable progress) throws IOException {
        writer.write(data, target, progress);
    }

    @FunctionalInterface
    private interface Writer {
        void write(DatasetSplits data, Path target, Runnable progress) throws IOException;
    }
}
