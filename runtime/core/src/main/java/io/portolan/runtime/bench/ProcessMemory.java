package io.portolan.runtime.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The physical memory of a process, Java and native.
 *
 * @param resident current resident size in bytes
 * @param peak largest resident size so far in bytes
 */
public record ProcessMemory(long resident, long peak) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int BYTES_PER_KIB = 1024;

    /** The memory of this process; empty on systems other than Linux. */
    static Optional<ProcessMemory> now() {
        if (!Files.isReadable(STATUS)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(STATUS);
            return Optional.of(new ProcessMemory(bytes(lines, "VmRSS:"), bytes(lines, "VmHWM:")));
        } catch (IOException untold) {
            return Optional.empty();
        }
    }

    private static long bytes(List<String> lines, String field) throws IOException {
        String line = lines.stream()
                .filter(candidate -> candidate.startsWith(field))
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " has no " + field));
        return Long.parseLong(line.replaceAll("\\D+", "")) * BYTES_PER_KIB;
    }
}
