package io.portolan.graphs.data.tfrecord;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes an uncompressed TFRecord file: for each record its length, the length's checksum, the bytes, their checksum.
 */
public final class TfRecordWriter implements Closeable {
    private final OutputStream out;

    private TfRecordWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Creates a new file.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the file exists
     */
    public static TfRecordWriter create(Path file) throws IOException {
        return new TfRecordWriter(new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)));
    }

    public void write(byte[] record) throws IOException {
        ByteBuffer length = little(Long.BYTES).putLong(0, record.length);
        out.write(length.array());
        out.write(checksum(length));
        out.write(record);
        out.write(checksum(ByteBuffer.wrap(record)));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private static byte[] checksum(ByteBuffer bytes) {
        return little(Integer.BYTES).putInt(0, MaskedCrc.of(bytes)).array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
