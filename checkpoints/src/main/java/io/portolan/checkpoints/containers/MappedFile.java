package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps files, so that arrays can be views of them. */
public final class MappedFile {
    private MappedFile() {}

    /**
     * Maps a file as a read-only buffer. The file must not be modified or truncated while the buffer or an array of it
     * is in use.
     *
     * @throws CheckpointException if it has 2 GiB or more
     * @throws IOException if it cannot be read, or is a pipe or device
     */
    public static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(InputFile.require(file), StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw new CheckpointException(file + ": the file has " + size
                        + " bytes: expected fewer than 2 GiB; larger models are read as sharded .safetensors files");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }
}
