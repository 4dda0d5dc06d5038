package io.portolan.graphs.training;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The limit on CPU instructions that environment variables set for oneDNN, which computes TensorFlow's matrix products
 * on CPUs.
 */
final class ProcessorLimit {
    /** The variable's current and former names. */
    private static final Set<String> VARIABLES = Set.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA");

    /** The limits under which oneDNN has no bfloat16 products. */
    private static final Set<String> WITHOUT_BFLOAT16 = Set.of("SSE41", "AVX", "AVX2", "AVX2_VNNI");

    private ProcessorLimit() {}

    /**
     * The reason why bfloat16 products are not available; empty if no such limit is set. TensorFlow does not know the
     * limit: it requests what the processor supports from oneDNN, and aborts the process when that fails.
     */
    static Optional<String> objectionToBfloat16(Map<String, String> environment) {
        return VARIABLES.stream()
                .filter(name -> WITHOUT_BFLOAT16.contains(
                        environment.getOrDefault(name, "").toUpperCase(Locale.ROOT)))
                .map(name -> name + "=" + environment.get(name)
                        + " leaves TensorFlow without bfloat16 products; unset it to train in" + " mixed precision")
                .findFirst();
    }
}
