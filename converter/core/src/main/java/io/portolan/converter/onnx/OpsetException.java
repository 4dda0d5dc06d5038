package io.portolan.converter.onnx;

import io.portolan.converter.ir.Opset;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;

/** Thrown when a graph cannot be written in the requested opset; names all operators that are too new. */
public final class OpsetException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 10;

    private final int neededOpset;

    /** @param firstOpsets what cannot be written, at least one, and the oldest opset that has it */
    public OpsetException(Opset opset, Map<String, Integer> firstOpsets) {
        super("The model cannot be written in " + opset + ":\n"
                + firstOpsets.entrySet().stream()
                        .limit(SHOWN)
                        .map(entry -> "  " + entry.getKey() + " needs opset " + entry.getValue())
                        .collect(Collectors.joining("\n"))
                + (firstOpsets.size() > SHOWN ? "\n  and " + (firstOpsets.size() - SHOWN) + " more" : ""));
        this.neededOpset = Collections.max(firstOpsets.values());
    }

    /** The oldest opset that has all operators of the model. */
    public int neededOpset() {
        return neededOpset;
    }
}
