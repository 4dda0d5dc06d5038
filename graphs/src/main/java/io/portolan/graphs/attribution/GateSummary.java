package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.GateRange;

/**
 * A gate by its weights only, for comparing checkpoints: without an image there is no context, so that no gate ever has
 * these values.
 *
 * @param symbol in the cell's equations
 * @param recipe {@code σ(mean kernel + mean bias)}, as the reference's notebooks print it for gates of any range
 * @param value what the gate's own activation makes of the same mean; for a decay it is in (0.1, 0.99)
 * @param range the values that the gate can take
 */
public record GateSummary(String symbol, double recipe, double value, GateRange range) {
    /** @param mean the mean of the kernel plus that of the bias */
    static GateSummary of(String symbol, double mean, GateRange range) {
        return new GateSummary(symbol, GateRange.sigmoid(mean), range.of(mean), range);
    }
}
