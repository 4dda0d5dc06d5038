package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps files, so that arrays can be views of them. A file must not be modified or truncated while its bytes or an array
 * of them are in use.
 */
public final class MappedFile {
    /**
     * A file above 2 GiB is mapped in pieces that start at every multiple of this and are twice as long, so that any array of
     * up to 1 GiB lies within one piece. Mapping takes addresses, not memory.
     */
    private static final long STRIDE = (1L << 30) - (1L << 16);

    private MappedFile() {}

    /**
     * Maps a file of any length.
     *
     * @throws IOException if it cannot be read, or is a pipe or device
     */
    public static ByteRegion region(Path file) throws IOException {
        try (FileChannel channel = open(file)) {
            long size = channel.size();
            List<ByteBuffer> pieces = new ArrayList<>();
            long start = 0;
            do {
                pieces.add(channel.map(
                        FileChannel.MapMode.READ_ONLY, start, Math.min(ByteRegion.LONGEST_BUFFER, size - start)));
                start += STRIDE;
            } while (start + ByteRegion.LONGEST_BUFFER - STRIDE < size);
            return ByteRegion.overlapping(pieces, STRIDE);
        }
    }

    /**
     * Maps a file that has to fit one buffer.
     *
     * @throws CheckpointException if it has 2 GiB or more
     * @throws IOException if it cannot be read, or is a pipe or device
     */
    public static ByteBuffer map(Path file) throws IOException {
        ByteRegion region = region(file);
        if (!region.fitsBuffer()) {
            throw new CheckpointException(
                    file + ": the file has " + region.size() + " bytes: expected fewer than 2 GiB of such a file");
        }
        return region.buffer();
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(InputFile.require(file), StandardOpenOption.READ);
    }
}
