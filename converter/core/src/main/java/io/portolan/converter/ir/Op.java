package io.portolan.converter.ir;

import java.util.List;

/** An operator of the graph: what it is called, what it takes, and which types it makes of which. */
public interface Op {
    /** The name of the operator in its domain. */
    String opName();

    /** The operator's domain; empty for ONNX's own. */
    String domain();

    /** The fewest inputs it takes. */
    int minInputs();

    /** The most inputs it takes. */
    int maxInputs();

    /**
     * The types of the outputs.
     *
     * @throws IllegalArgumentException with what is wrong, if the operator cannot take these inputs
     */
    List<TensorType> infer(List<Value> inputs, Attributes attributes);
}
