package io.portolan.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the probes found on this machine. */
public record Diagnosis(List<Finding> findings) {
    /**
     * Processors add in another order than the one that computed the recorded logits: within 1.1e-5 on all that were tried, and on a GPU
     * and in browsers within 3.3e-5. Three times that may pass, as in the self-test of every exported file.
     */
    static final double TOLERANCE = 1e-4;

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What is known to cure a fault, by its words. */
    private static final Map<Pattern, String> REMEDIES = Map.of(
            Pattern.compile("failed to map segment|Operation not permitted|noexec"),
            "the folder for temporary files forbids running what lies in it; choose another:"
                    + " PORTOLAN_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER",
            Pattern.compile("No space left|Disk quota"),
            "make room in the folder for temporary files, or choose another: PORTOLAN_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER",
            Pattern.compile("Java heap space|OutOfMemory|SIGKILL"),
            "free memory, or let Java take more: PORTOLAN_JAVA_OPTIONS=-Xmx4g",
            Pattern.compile("GLIBC|libstdc\\+\\+|libc\\.musl"),
            "the system's C library is too old, or is not glibc: use a distribution with glibc 2.28 or newer",
            Pattern.compile("SIGILL|SIGFPE"),
            "TensorFlow's kernels can be told to use fewer instructions: ONEDNN_MAX_CPU_ISA=AVX2, or TF_ENABLE_ONEDNN_OPTS=0");

    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /**
     * The result of a probe.
     *
     * @param difference largest difference from the logits of JAX, relative to the largest of them; NaN without a result
     * @param seconds that the probe took, with the start of its process
     * @param failure why there is no result; empty if there is one
     */
    public record Finding(Probe probe, double difference, double seconds, Optional<String> failure) {
        /** Whether the result is that of JAX. */
        public boolean works() {
            return failure.isEmpty() && difference <= TOLERANCE;
        }

        /** The result in words. */
        public String result() {
            return failure.orElseGet(() -> String.format(
                    Locale.ROOT,
                    "%s (largest relative difference %.1e, tolerance %.0e)",
                    works() ? "computes what JAX computed" : "COMPUTES WRONGLY",
                    difference,
                    TOLERANCE));
        }

        /** What cures the fault, if it is known. */
        public Optional<String> remedy() {
            return REMEDIES.entrySet().stream()
                    .filter(known -> known.getKey().matcher(failure.orElse("")).find())
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    /** Runs all probes, each in a process of its own, and leaves out those that do not apply to this machine. */
    public static Diagnosis make() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("portolan-doctor");
        try {
            List<CompletableFuture<Optional<Finding>>> running = Stream.of(Probe.values())
                    .map(probe -> CompletableFuture.supplyAsync(() -> finding(probe, folder)))
                    .toList();
            List<Finding> findings = new ArrayList<>();
            for (CompletableFuture<Optional<Finding>> finding : running) {
                finding.join().ifPresent(findings::add);
            }
            return new Diagnosis(findings);
        } finally {
            deleteAll(folder);
        }
    }

    private static Optional<Finding> finding(Probe probe, Path folder) {
        long start = System.nanoTime();
        ProbeProcess.End end;
        try {
            Path own = Files.createDirectory(folder.resolve(probe.name()));
            end = ProbeProcess.run(ProbeMain.class, List.of(probe.name(), own.toString()), own, LIMIT);
        } catch (IOException unstarted) {
            end = new ProbeProcess.End(false, "cannot be started: " + unstarted.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            end = new ProbeProcess.End(false, "was interrupted");
        }
        return end.finished() && end.line().equals(ProbeMain.NOT_APPLICABLE)
                ? Optional.empty()
                : Optional.of(of(probe, end, (System.nanoTime() - start) / 1e9));
    }

    static Finding of(Probe probe, ProbeProcess.End end, double seconds) {
        if (end.finished() && end.line().startsWith(ProbeMain.DIFFERENCE)) {
            double difference = Double.parseDouble(end.line().substring(ProbeMain.DIFFERENCE.length()));
            return new Finding(probe, difference, seconds, Optional.empty());
        }
        String reason = end.line().startsWith(ProbeMain.FAILURE)
                ? end.line().substring(ProbeMain.FAILURE.length())
                : end.line();
        return new Finding(probe, Double.NaN, seconds, Optional.of(reason));
    }

    /** Whether everything works. */
    public boolean isHealthy() {
        return findings.stream().allMatch(Finding::works);
    }

    /** The conclusion: what can be done on this machine, and what cannot. */
    public String verdict() {
        if (isHealthy()) {
            return "Everything works: this machine converts, trains and runs models, and computes what JAX computed.";
        }
        String broken = findings.stream()
                .filter(finding -> !finding.works())
                .map(finding -> finding.probe().label() + " does not work here ("
                        + finding.probe().uses() + ")")
                .collect(Collectors.joining("; "));
        String working = findings.stream()
                .filter(Finding::works)
                .map(finding -> finding.probe().label())
                .collect(Collectors.joining(", "));
        return broken + "." + (working.isEmpty() ? "" : " What works: " + working + ".");
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
