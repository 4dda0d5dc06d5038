package io.portolan.cli.compatibility;

import java.io.IOException;
import java.nio.file.Path;

/** A program that runs ONNX files. */
interface Engine extends AutoCloseable {
    /** Its name, and where a user gets it. */
    String name();

    /** The version that was found. */
    String version() throws IOException;

    /**
     * Runs a model on one sample.
     *
     * @throws RefusalException if the engine does not take the model
     * @throws IOException if the engine itself is not to be had
     */
    Answer run(Path model, Sample sample) throws IOException;

    @Override
    void close() throws IOException;

    /** A sample in a file: little-endian floats, row-major, and the shape of the model's input. */
    record Sample(Path file, long[] shape) {}

    /**
     * What an engine made of a sample.
     *
     * @param milliseconds the median of some runs after the first
     */
    record Answer(float[] logits, double milliseconds) {}

    /** An engine does not take a model; the message has the engine's words. */
    final class RefusalException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusalException(String message) {
            super(message);
        }
    }
}
