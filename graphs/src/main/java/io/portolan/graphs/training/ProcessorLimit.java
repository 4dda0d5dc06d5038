package io.portolan.graphs.training;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The instructions that oneDNN, which computes TensorFlow's products on processors, is limited to by environment variables.
 */
final class ProcessorLimit {
    /** The variable's present and its former name. */
    private static final Set<String> VARIABLES = Set.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA");

    /** Those for which oneDNN has no bfloat16 products. */
    private static final Set<String> WITHOUT_BFLOAT16 = Set.of("SSE41", "AVX", "AVX2", "AVX2_VNNI");

    private ProcessorLimit() {}

    /**
     * Why bfloat16 products cannot be had; empty if no such limit is set. TensorFlow does not know the limit: it asks oneDNN for
     * what the processor has, and ends the process when that fails.
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
