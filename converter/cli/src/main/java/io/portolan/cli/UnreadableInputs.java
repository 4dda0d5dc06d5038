package io.portolan.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/** Collects inputs that could not be read, so that the others are still processed; each is reported when it is found. */
final class UnreadableInputs {
    private final PrintWriter err;
    private final Map<String, String> messages = new LinkedHashMap<>();

    UnreadableInputs(PrintWriter err) {
        this.err = err;
    }

    /** The processing of one input. */
    @FunctionalInterface
    interface Use<T> {
        T of(Path input) throws IOException;
    }

    /** The result of the processing; empty if it failed, which is reported. */
    <T> Optional<T> tried(Path input, Use<T> use) {
        try {
            return Optional.of(use.of(input));
        } catch (IOException | RuntimeException failure) {
            // Image decoders throw arbitrary runtime exceptions.
            String message = Failures.describe(failure);
            err.println("portolan: " + message);
            messages.put(input.toString(), message);
            return Optional.empty();
        }
    }

    /** The message for each input that could not be read. */
    Map<String, String> messages() {
        return Collections.unmodifiableMap(messages);
    }

    /** The exit code: failed if any input could not be read. */
    int exitCode() {
        return messages.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
