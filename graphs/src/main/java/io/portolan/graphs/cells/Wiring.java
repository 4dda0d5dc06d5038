package io.portolan.graphs.cells;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How a linear system is fed and read.
 *
 * @param inputProjection whether a projection {@code input_proj} makes each state's input; else the one state's input is
 *     the cell's
 * @param read the states that make the output
 * @param outputProjection whether a projection {@code output_proj} joins them; else the output is the one that is read
 * @param normalised whether a {@link StateNorm} comes before
 */
record Wiring(boolean inputProjection, List<Integer> read, boolean outputProjection, boolean normalised) {
    /** One state, fed with the cell's input, is its output. */
    static final Wiring DIRECT = new Wiring(false, List.of(0), false, false);

    /** All of that many states. */
    static Wiring ofAll(int states) {
        return new Wiring(true, IntStream.range(0, states).boxed().toList(), true, false);
    }
}
