package io.portolan.samples;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that is started in a folder and waited for. */
final class Command {
    private static final long MINUTES = 15;

    private Command() {}

    /** What a run wrote: to its output, and to its error stream, where warnings go. */
    record Said(String output, String errors) {}

    /**
     * Runs a program to its end.
     *
     * @throws AssertionError with all that it wrote, if it fails or takes a quarter of an hour
     */
    static Said run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        Said said = new Said(Files.readString(output), Files.readString(errors));
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(
                    command + (ended ? " failed" : " does not end") + "\n" + said.output() + said.errors());
        }
        return said;
    }

    /** Where a program is, on the PATH. */
    static Optional<Path> find(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs the Java that runs the tests. */
    static Said java(Path folder, String... arguments) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return run(
                folder,
                Stream.concat(Stream.of(java.toString()), Stream.of(arguments)).toList());
    }
}
