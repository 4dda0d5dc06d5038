package io.portolan.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/** Inputs that could not be used, which must not hide what the others gave: each is named as it is found. */
final class UnreadableInputs {
    private final PrintWriter err;
    private final Map<String, String> messages = new LinkedHashMap<>();

    UnreadableInputs(PrintWriter err) {
        this.err = err;
    }

    /** Work on one input. */
    @FunctionalInterface
    interface Use<T> {
        T of(Path input) throws IOException;
    }

    /** The result of such work; empty if it failed, which is told. */
    <T> Optional<T> tried(Path input, Use<T> use) {
        try {
            return Optional.of(use.of(input));
        } catch (IOException | RuntimeException failure) {
            // Decoders of images throw whatever their arithmetic runs into.
            String message = Failures.describe(failure);
            err.println("portolan: " + message);
            messages.put(input.toString(), message);
            return Optional.empty();
        }
    }

    /** What was wrong with each. */
    Map<String, String> messages() {
        return Collections.unmodifiableMap(messages);
    }

    /** Failed, if any input could not be used. */
    int exitCode() {
        return messages.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
