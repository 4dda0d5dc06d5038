package io.portolan.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;

/** The process's standard output; records write errors, which Java's {@link System#out} swallows. */
final class StandardOutput extends PrintStream {
    /** The exit code of tools that are ended by a closed pipe: 128 plus the number of the signal. */
    static final int CLOSED_PIPE = 141;

    private final Watched watched;

    private StandardOutput(Watched watched) {
        super(new BufferedOutputStream(watched), true);
        this.watched = watched;
    }

    /** Replaces {@link System#out}. */
    static void install() {
        System.setOut(new StandardOutput(new Watched(new FileOutputStream(FileDescriptor.out))));
    }

    /** The reason why output was lost; empty if none was. */
    static Optional<String> failure() {
        if (!System.out.checkError()) {
            return Optional.empty();
        }
        return Optional.of(
                System.out instanceof StandardOutput own && own.watched.failure != null
                        ? own.watched.failure.getMessage()
                        : "cannot be written");
    }

    /** Whether the reason is that the reader closed the pipe, as after {@code | head}. */
    static boolean isClosedPipe(String failure) {
        return failure.contains("Broken pipe");
    }

    private static final class Watched extends FilterOutputStream {
        private IOException failure;

        private Watched(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException failed) {
                failure = failed;
                throw failed;
            }
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }
    }
}
