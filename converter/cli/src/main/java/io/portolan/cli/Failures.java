package io.portolan.cli;

import io.portolan.checkpoints.values.VisibleText;
import io.portolan.converter.TargetException;
import io.portolan.converter.onnx.OpsetException;
import io.portolan.converter.stablehlo.RefusedOperationsException;
import io.portolan.converter.tensorflow.UnsupportedOpsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats exceptions as the one-line message for the user. */
final class Failures {
    /** Portolan's own exceptions, whose messages are written for users. */
    private static final String OWN = "io.portolan.";

    /** Exceptions whose messages are lists, one item per line; their items are names of ops and nodes, without line breaks. */
    private static final List<Class<? extends Exception>> LISTS = List.of(
            UnsupportedOpsException.class,
            RefusedOperationsException.class,
            OpsetException.class,
            TargetException.class);

    private static final int MEBIBYTE_SHIFT = 20;

    private Failures() {}

    /** The message to show; only lists have several lines. */
    static String describe(Throwable failure) {
        String message = message(failure);
        Stream<String> lines =
                LISTS.stream().anyMatch(type -> type.isInstance(failure)) ? message.lines() : Stream.of(message);
        return lines.map(line -> VisibleText.line(line, Terminal.LONGEST_LINE)).collect(Collectors.joining("\n"));
    }

    private static String message(Throwable failure) {
        if (failure instanceof UncheckedIOException deferred) {
            // An array that is read when it is first needed.
            return message(deferred.getCause());
        }
        if (failure instanceof FileException named) {
            return named.getMessage() + ": " + message(named.getCause());
        }
        if (failure instanceof NoSuchFileException) {
            return failure.getMessage() + ": no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return failure.getMessage() + ": permission denied";
        }
        if (isExplained(failure)) {
            return failure.getMessage() + Remedies.of(failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return "out of memory (" + cause.getMessage() + "): Java may take " + heapMebibytes()
                        + " MiB; raise the limit with PORTOLAN_JAVA_OPTIONS=-Xmx" + 2 * heapMebibytes() + "m";
            }
            if (cause instanceof StackOverflowError) {
                return "stack overflow, something is nested too deep; raise the limit with PORTOLAN_JAVA_OPTIONS=-Xss64m"
                        + " (add --stacktrace to see where, and please report it)";
            }
        }
        return "internal error: " + failure + " (add --stacktrace to see where, and please report it)";
    }

    private static boolean isExplained(Throwable failure) {
        boolean known =
                failure instanceof IOException || failure.getClass().getName().startsWith(OWN);
        return known && failure.getMessage() != null;
    }

    private static long heapMebibytes() {
        return Runtime.getRuntime().maxMemory() >> MEBIBYTE_SHIFT;
    }
}
