package io.portolan.cli.doctor;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processor, memory, temporary files and GPU libraries of this machine. */
public final class Machine {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** Instruction sets that native kernels choose by, as Linux names them. */
    private static final List<String> FEATURES = List.of(
            "sse4_2",
            "avx",
            "fma",
            "avx2",
            "avx512f",
            "avx512_vnni",
            "avx512_bf16",
            "amx_bf16",
            "asimd",
            "sve",
            "bf16");

    /** What the GPU builds of TensorFlow 2.18 and ONNX Runtime 1.29 load. */
    private static final List<String> GPU_LIBRARIES =
            List.of("libcudart.so.12", "libcublas.so.12", "libcudnn.so.9", "libcufft.so.11");

    private static final double GIBIBYTE = 1 << 30;

    private Machine() {}

    /** Each property with its value in words. */
    public static Map<String, String> describe() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        features().ifPresent(features -> facts.put("instructions", features));
        facts.put("memory", memory());
        facts.put("temporary files", temporaryFiles());
        facts.put("GPU", gpu());
        return facts;
    }

    private static String processor() {
        return cpuinfo("model name").orElseGet(() -> System.getProperty("os.arch"));
    }

    private static Optional<String> features() {
        return cpuinfo("flags")
                .or(() -> cpuinfo("Features"))
                .map(flags -> Arrays.stream(flags.split(" ")).collect(Collectors.toSet()))
                .map(present -> FEATURES.stream().filter(present::contains).collect(Collectors.joining(" ")));
    }

    private static Optional<String> cpuinfo(String key) {
        if (!Files.isReadable(PROCESSORS)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(PROCESSORS, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static String memory() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "%.1f GiB, %.1f GiB of it free; Java objects may take %.1f GiB",
                system.getTotalMemorySize() / GIBIBYTE,
                system.getFreeMemorySize() / GIBIBYTE,
                Runtime.getRuntime().maxMemory() / GIBIBYTE);
    }

    private static String temporaryFiles() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return String.format(
                    Locale.ROOT,
                    "%s, %.1f GiB free",
                    folder,
                    Files.getFileStore(folder).getUsableSpace() / GIBIBYTE);
        } catch (IOException unusable) {
            return folder + " cannot be used: " + unusable;
        }
    }

    private static String gpu() {
        Optional<String> driver = CudaDriver.version();
        if (driver.isEmpty() || !Platform.isLinux()) {
            return driver.orElse("no NVIDIA driver");
        }
        String missing =
                GPU_LIBRARIES.stream().filter(library -> !canBeLoaded(library)).collect(Collectors.joining(", "));
        return driver.get() + (missing.isEmpty() ? ", all libraries of CUDA 12 found" : "; not found: " + missing);
    }

    private static boolean canBeLoaded(String library) {
        try (NativeLibrary opened = NativeLibrary.getInstance(library)) {
            return opened != null;
        } catch (UnsatisfiedLinkError absent) {
            return false;
        }
    }
}
