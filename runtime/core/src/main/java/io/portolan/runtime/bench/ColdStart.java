package io.portolan.runtime.bench;

import io.portolan.runtime.RuntimeOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The time from the start of a process to the first prediction, and its memory, measured from outside on new Java
 * processes with the class path and the options of this one.
 *
 * @param model the file
 * @param timings times from the start of a process to its first prediction, of one random sample
 * @param memory memory by batch size, in one process that ran them in this order; empty on systems other than Linux
 */
public record ColdStart(Path model, Timings timings, SortedMap<Integer, ProcessMemory> memory) {
    /**
     * @param options the options, of which device and threads are used
     * @param openAxes size for open axes other than the first
     * @param batches batch sizes whose memory is measured
     * @param starts number of processes to time, sequentially
     * @param progress called after each
     * @throws IOException if a process cannot be started or fails; the message contains its output
     */
    public static ColdStart measure(
            Path model,
            RuntimeOptions options,
            OptionalLong openAxes,
            List<Integer> batches,
            int starts,
            Runnable progress)
            throws IOException {
        List<String> arguments = List.of(
                model.toString(),
                options.device().name(),
                Integer.toString(options.threads()),
                Long.toString(openAxes.orElse(0)));
        SortedMap<Integer, ProcessMemory> memory = new TreeMap<>();
        long[] nanos = new long[starts];
        for (int i = 0; i < starts; i++) {
            List<String> command = command(arguments);
            if (i == 0) {
                batches.stream().sorted().map(batch -> Integer.toString(batch)).forEach(command::add);
            }
            nanos[i] = start(command, memory);
            progress.run();
        }
        return new ColdStart(model, new Timings(nanos), memory);
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstPrediction.class.getName()));
        command.addAll(arguments);
        return command;
    }

    /** Runs a process to its end; returns the nanoseconds until it was ready. */
    private static long start(List<String> command, SortedMap<Integer, ProcessMemory> memory) throws IOException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        long ready = 0;
        List<String> other = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(FirstPrediction.READY)) {
                    ready = System.nanoTime();
                } else if (line.startsWith(FirstPrediction.MEMORY + " ")) {
                    String[] words = line.split(" ");
                    memory.put(
                            Integer.valueOf(words[1]),
                            new ProcessMemory(Long.parseLong(words[2]), Long.parseLong(words[3])));
                } else {
                    other.add(line);
                }
            }
        } finally {
            process.destroy();
        }
        if (ready == 0 || process.onExit().join().exitValue() != 0) {
            throw new IOException("a new Java process failed before its first prediction; its output was: "
                    + String.join(" ", other.subList(0, Math.min(3, other.size()))));
        }
        return ready - start;
    }
}
