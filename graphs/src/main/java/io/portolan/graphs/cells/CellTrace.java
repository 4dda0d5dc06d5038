package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The intermediate tensors of a cell, looked up among a model's recorded outputs. Both plans record gates and kernels;
 * the fused plan also records the rest.
 */
public final class CellTrace {
    static final String INPUT = "input";
    static final String CONTEXT = "context";
    /** Below a gate that acts in space, {@code (B, T or 1, H or 1, W or 1, C or 1)}, rather than at frequencies. */
    static final String IN_SPACE = "in_space";

    static final String ATTENTION = "attention";
    static final String ATTENTION_OVER_TIME = "attention_over_time";

    private final Ops tf;
    private final Map<String, Operand<TFloat32>> outputs;
    private final String path;

    /**
     * @param outputs the recorded outputs of the whole model
     * @param path the cell's path, such as {@code cssm_0}
     */
    public CellTrace(Ops tf, Map<String, Operand<TFloat32>> outputs, String path) {
        this.tf = tf;
        this.outputs = outputs;
        this.path = path;
    }

    /** The cell's input, {@code (B, T, H, W, C)}, or {@code (B, H, W, C)} if it is the same at every step. */
    public Operand<TFloat32> input() {
        return found(INPUT);
    }

    /** The input of the gates, {@code (B, T, C)}. */
    public Operand<TFloat32> context() {
        return found(CONTEXT);
    }

    /** Whether a gate acts at spatial frequencies; others act in space. */
    public boolean hasGate(String name) {
        return outputs.containsKey(path + "/" + name);
    }

    /** Whether a gate acts in space. */
    public boolean hasGateInSpace(String name) {
        return outputs.containsKey(path + "/" + name + "/" + IN_SPACE);
    }

    /** The values of a gate that acts in space, {@code (B, T or 1, H or 1, W or 1, C or 1)}. */
    public Operand<TFloat32> gateInSpace(String name) {
        return found(name + "/" + IN_SPACE);
    }

    /** The weights of an attention among places {@code (B·T, heads, H·W, H·W)}; empty if the cell has none. */
    public Optional<Operand<TFloat32>> attention() {
        return Optional.ofNullable(outputs.get(path + "/" + ATTENTION));
    }

    /** The weights of an attention among frames {@code (B·H·W, heads, T, T)}; empty if the cell has none. */
    public Optional<Operand<TFloat32>> attentionOverTime() {
        return Optional.ofNullable(outputs.get(path + "/" + ATTENTION_OVER_TIME));
    }

    /** A gate's values, {@code (B, T or 1, C or 1, H or 1, F or 1)}. */
    public Operand<TFloat32> gate(String name) {
        return found(name);
    }

    /** A kernel's spectrum before the squash, {@code (C, H, F)}. */
    public ComplexTensor kernel(String name) {
        return complex(spectrum(name));
    }

    /** A kernel's spectrum after the squash, which multiplies the states, {@code (C, H, F)}. */
    public ComplexTensor squashedKernel(String name) {
        return complex(squashed(name));
    }

    static String spectrum(String kernel) {
        return kernel + "/spectrum";
    }

    static String squashed(String kernel) {
        return kernel + "/squashed";
    }

    private ComplexTensor complex(String name) {
        return new ComplexTensor(tf, found(name + "/real"), found(name + "/imaginary"));
    }

    private Operand<TFloat32> found(String name) {
        Operand<TFloat32> output = outputs.get(path + "/" + name);
        if (output == null) {
            throw new NoSuchElementException("the model has recorded no " + path + "/" + name);
        }
        return output;
    }
}
