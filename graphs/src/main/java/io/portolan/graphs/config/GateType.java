package io.portolan.graphs.config;

import java.util.List;

/** The forms of a cell's gates ({@code docs/model.md}, section 2.4): which numbers of a map share a gate's value. */
public enum GateType implements Choice {
    /** A value for every frequency, shared by the channels. */
    DENSE,
    /** A value for every row joined with one for every column. */
    FACTORED,
    /** One value. */
    SCALAR,
    /** A value for every channel; input and output gates a 1×1 convolution, which acts in space. */
    CHANNEL,
    /** A 5×5 convolution, which acts in space; its mean over the map for decays and couplings. */
    CONV,
    /** Dense decays and couplings; input and output gates as {@link #CHANNEL}. */
    DENSE_DECAY,
    /** Dense input and output gates; decays and couplings as {@link #CHANNEL}. */
    DENSE_IO,
    /** A 5×5 convolution of the input's amplitudes at every frequency. */
    SPECTRAL_CONV,
    /** {@link #DENSE} through eight numbers. */
    LOW_RANK;

    /** Names of arrays that stand for a gate of that name. */
    static List<String> partsOf(String gate) {
        return List.of(gate + "_h", gate + "_w", gate + "_down", gate + "_up");
    }
}
