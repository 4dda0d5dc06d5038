package io.portolan.cli.doctor;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a class in a process of its own, with this process's class path and options, and says how it ended. */
final class ProbeProcess {
    /** What the Java VM prints before it gives up. */
    private static final Pattern CRASH = Pattern.compile("\\b(SIG[A-Z]+)\\b.*");

    /** How many characters of the output are kept: the end says why. */
    private static final int TAIL = 4000;

    /** What shells add to the number of the signal that ended a process. */
    private static final int SIGNALLED = 128;

    private static final Map<Integer, String> SIGNALS =
            Map.of(4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV");

    private static final Map<String, String> MEANINGS = Map.of(
            "SIGILL", "the library uses instructions that this processor lacks",
            "SIGABRT", "the library gave up",
            "SIGBUS", "memory or the disk is exhausted",
            "SIGFPE", "the library divides by zero on this processor",
            "SIGKILL", "the system stopped it, most likely for the memory it took",
            "SIGSEGV", "the library is faulty on this machine");

    private ProbeProcess() {}

    /** The last line of a process that ended by itself, or why it did not. */
    record End(boolean finished, String line) {}

    /**
     * Runs to the end.
     *
     * @param type a class with a main method
     * @param folder where the process may leave files, such as the report of a crash
     * @param limit after which the process is ended
     */
    static End run(Class<?> type, List<String> arguments, Path folder, Duration limit)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options());
        command.addAll(List.of(
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                type.getName()));
        command.addAll(arguments);
        Path output = Files.createTempFile(folder, "probe", ".log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile()))
                .start();
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return new End(false, "did not end within " + limit.toSeconds() + " s");
        }
        return end(process.exitValue(), Files.readString(output));
    }

    /** The options of this process, but for those that would make two processes collide. */
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
                .toList();
    }

    static End end(int code, String output) {
        String[] lines = output.strip().split("\\R");
        if (code == 0) {
            return new End(true, lines[lines.length - 1]);
        }
        Matcher crash = CRASH.matcher(output);
        String signal = crash.find() ? crash.group(1) : SIGNALS.get(code - SIGNALLED);
        if (signal != null) {
            return new End(false, "ended the process by " + signal + ": " + MEANINGS.getOrDefault(signal, "a crash"));
        }
        String tail = output.substring(Math.max(0, output.length() - TAIL)).strip();
        return new End(false, "ended the process with exit code " + code + (tail.isEmpty() ? "" : ": " + tail));
    }
}
