package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * A file within a zip archive, stored or deflated.
 *
 * @param label its name in errors: the archive and the entry
 * @param size its declared size in bytes
 * @param checksum the declared CRC-32 of its contents
 * @param data its bytes as stored in the archive
 * @param limits the limits for its decompression
 */
public record ZipMember(
        String label, String name, long size, long checksum, boolean deflated, ByteRegion data, UnpackingLimits limits)
        implements ArchiveEntry {
    /** In bytes. An archive may have ten thousands of small files. */
    private static final long LARGEST_BUFFER = 1 << 16;

    @Override
    public ByteBuffer head(int count) throws IOException {
        if (!deflated) {
            return data.head(count);
        }
        try (InputStream in = inflating()) {
            return ByteBuffer.wrap(in.readNBytes(count));
        } catch (IOException broken) {
            throw broken(broken);
        }
    }

    /**
     * The contents of the file; a slice of the archive if it is stored.
     *
     * @throws CheckpointException if the size or the checksum does not match the archive, or the limits are exceeded
     */
    @Override
    public ByteRegion contents() throws IOException {
        ByteRegion contents = deflated ? inflated() : data;
        if (contents.size() != size) {
            throw new CheckpointException(label + ": " + contents.size() + " bytes where " + size
                    + " are declared: expected an undamaged archive");
        }
        CRC32 actual = new CRC32();
        contents.buffers().forEach(actual::update);
        if (actual.getValue() != checksum) {
            throw new CheckpointException(label + ": the checksum does not match: expected an undamaged archive");
        }
        return contents;
    }

    private ByteRegion inflated() throws IOException {
        try (InputStream in = inflating()) {
            return Unpacked.all(in, label, data.size(), limits);
        } catch (CheckpointException refused) {
            throw refused;
        } catch (IOException broken) {
            throw broken(broken);
        }
    }

    private InputStream inflating() {
        Inflater inflater = new Inflater(true);
        int buffer = (int) Math.max(1, Math.min(LARGEST_BUFFER, data.size()));
        return new InflaterInputStream(new ByteRegionInputStream(data), inflater, buffer) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }

    private CheckpointException broken(IOException cause) {
        return new CheckpointException(
                label + ": broken deflate data (" + Quotation.of(String.valueOf(cause.getMessage()))
                        + "): expected an undamaged archive",
                cause);
    }
}
