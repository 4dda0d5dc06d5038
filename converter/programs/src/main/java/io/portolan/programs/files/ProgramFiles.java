package io.portolan.programs.files;

import io.portolan.programs.Program;
import io.portolan.programs.ProgramException;
import io.portolan.programs.bytecode.MlirBytecode;
import io.portolan.programs.exported.JaxExport;
import io.portolan.programs.text.StableHloText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Reads programs in any form: files of {@code jax.export}, MLIR bytecode, StableHLO text. Nothing in them is executed. */
public final class ProgramFiles {
    private static final int SNIFFED = 64;

    private ProgramFiles() {}

    /**
     * Reads a file. Constants stay in the file, which is mapped into memory and must not change while the program is in use.
     *
     * @throws ProgramException if it is not a program that is supported; the message is one line that begins with the file's name
     * @throws IOException if it cannot be read
     */
    public static Program read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new ProgramException(file + ": has " + channel.size() + " bytes, expected at most 2 GB");
            }
            return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), file.toString());
        }
    }

    /**
     * Reads a file that is in memory. Constants stay in the given bytes, which must not change.
     *
     * @param name the name of the file, for messages
     * @throws ProgramException if it is not a program that is supported; the message is one line that begins with the name
     */
    public static Program read(byte[] bytes, String name) throws ProgramException {
        return read(ByteBuffer.wrap(bytes), name);
    }

    private static Program read(ByteBuffer bytes, String name) throws ProgramException {
        try {
            if (MlirBytecode.matches(bytes)) {
                MlirBytecode code = MlirBytecode.read(bytes, 0);
                return ProgramOf.module(code.module(), "MLIR bytecode, " + code.form());
            }
            if (isText(bytes)) {
                byte[] text = new byte[bytes.remaining()];
                bytes.duplicate().get(text);
                return ProgramOf.module(StableHloText.read(text), "StableHLO text");
            }
            return JaxExport.read(bytes).program();
        } catch (ProgramException refused) {
            throw new ProgramException(name + ": " + refused.getMessage(), refused);
        }
    }

    /**
     * Whether a file looks like a program in any of these forms; files of other kinds are not damaged programs.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean matches(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                return false;
            }
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return MlirBytecode.matches(bytes) || beginsModule(bytes) || JaxExport.matches(bytes);
        }
    }

    private static boolean beginsModule(ByteBuffer bytes) {
        byte[] head = new byte[Math.min(SNIFFED, bytes.remaining())];
        bytes.duplicate().get(head);
        String text = new String(head, StandardCharsets.ISO_8859_1).stripLeading();
        return isText(bytes)
                && Stream.of("module", "#loc", "\"builtin.module\"", "//").anyMatch(text::startsWith);
    }

    /** Text has no zero bytes; the offset that a file of jax.export begins with has. */
    private static boolean isText(ByteBuffer bytes) {
        for (int i = 0; i < Math.min(SNIFFED, bytes.remaining()); i++) {
            if (bytes.get(bytes.position() + i) == 0) {
                return false;
            }
        }
        return true;
    }
}
