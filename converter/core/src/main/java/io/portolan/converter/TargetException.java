package io.portolan.converter;

import io.portolan.converter.ir.StandardOp;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Thrown when a graph needs operators that the target runtime does not support; names all of them. */
public final class TargetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Target target;
    private final transient List<StandardOp> unknown;

    TargetException(Target target, List<StandardOp> unknown) {
        super("The model needs operators that " + target.name().toLowerCase(Locale.ROOT) + " does not support:\n"
                + unknown.stream().map(op -> "  " + op.opName()).collect(Collectors.joining("\n")));
        this.target = target;
        this.unknown = List.copyOf(unknown);
    }

    /** The runtime that the model is exported for. */
    public Target target() {
        return target;
    }

    /** The operators that it does not support. */
    public List<StandardOp> unknown() {
        return unknown;
    }
}
