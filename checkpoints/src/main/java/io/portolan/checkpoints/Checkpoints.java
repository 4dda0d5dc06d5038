package io.portolan.checkpoints;

import io.portolan.checkpoints.pickle.PickleReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The entry point: checkpoint files to {@link Checkpoint}. Nothing that a file holds is ever executed. */
public final class Checkpoints {
    private static final int PICKLE_START = 0x80;

    private Checkpoints() {
    }

    /**
     * Reads a checkpoint: a pickle of protocol 2 to 5 whose dictionary holds {@code params} and perhaps
     * {@code batch_stats}, {@code epoch} and {@code step}; every other entry becomes metadata. The file is mapped and its
     * arrays are views of it where possible, so it must not be changed while they are in use.
     *
     * @throws CheckpointException if the file is not such a checkpoint; the message says where and what was expected
     * @throws IOException if the file cannot be read
     */
    public static Checkpoint read(Path file) throws IOException {
        ByteBuffer bytes = map(file);
        if (bytes.hasRemaining() && Byte.toUnsignedInt(bytes.get(0)) != PICKLE_START) {
            Optional<FileFormat> other = FileFormat.sniff(bytes);
            if (other.isPresent()) {
                throw new CheckpointException(file + ": this is " + other.get().description()
                        + ", which is not yet supported: expected a pickle of protocol 2-5");
            }
        }
        return CheckpointAssembly.of(file.toString(), PickleReader.read(file.toString(), bytes));
    }

    /** The SHA-256 of a file, as 64 lower-case hexadecimal digits. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static ByteBuffer map(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new CheckpointException(
                    file + ": this is a directory (Orbax checkpoints are not yet supported): expected a pickle file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw new CheckpointException(
                        file + ": the file has " + size + " bytes: expected fewer than 2 GiB, the most that is supported yet");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }
}
