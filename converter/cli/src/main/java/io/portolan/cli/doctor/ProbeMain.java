package io.portolan.cli.doctor;

import io.portolan.cli.bundle.BundledModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The process of one probe. Its last line is {@value #DIFFERENCE} and the largest difference, {@value #FAILURE} and the reason, or
 * {@value #NOT_APPLICABLE}.
 */
final class ProbeMain {
    static final String DIFFERENCE = "difference ";
    static final String FAILURE = "failure ";
    static final String NOT_APPLICABLE = "not applicable";

    private ProbeMain() {}

    /**
     * Runs the probe.
     *
     * @param arguments the name of the probe, and a folder for its files
     */
    public static void main(String[] arguments) {
        String last;
        try {
            Probe probe = Probe.valueOf(arguments[0]);
            last = probe.applies() ? DIFFERENCE + difference(probe, Path.of(arguments[1])) : NOT_APPLICABLE;
        } catch (Exception | LinkageError | OutOfMemoryError failure) {
            last = FAILURE + Installation.reason(failure);
        }
        System.out.println(last.replace('\n', ' '));
    }

    /** The largest difference of two logits, relative to the largest logit that JAX computed. */
    private static double difference(Probe probe, Path folder) throws IOException {
        BundledModel bundled = BundledModel.unpack(folder);
        Map<Path, float[]> computed = probe.logits(bundled);
        double difference = 0;
        double largest = 0;
        for (Map.Entry<Path, float[]> row : bundled.logits().entrySet()) {
            float[] other = computed.get(row.getKey());
            for (int i = 0; i < row.getValue().length; i++) {
                // Math.max keeps a NaN.
                difference = Math.max(difference, Math.abs(row.getValue()[i] - other[i]));
                largest = Math.max(largest, Math.abs(row.getValue()[i]));
            }
        }
        return difference / largest;
    }
}
