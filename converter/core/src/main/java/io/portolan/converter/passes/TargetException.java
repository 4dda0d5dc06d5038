package io.portolan.converter.passes;

import io.portolan.converter.ir.StandardOp;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A graph needs operators that the runtime it is meant for does not have. Raised once, for all of them. */
public final class TargetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What writes a model without the operator, where something does. */
    private static final Map<StandardOp, String> WAYS_AROUND = new EnumMap<>(Map.of(
            StandardOp.DFT, " (leave out --fft dft)",
            StandardOp.SCAN, " (write the steps out: --scan unrolled)"));

    TargetException(Target target, List<StandardOp> unknown) {
        super("The model needs operators that --target " + target.name().toLowerCase(Locale.ROOT) + " does not have:\n"
                + unknown.stream().map(op -> "  " + op.opName() + WAYS_AROUND.getOrDefault(op, "")).collect(Collectors.joining("\n")));
    }
}
