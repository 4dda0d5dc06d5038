package io.portolan.graphs.cells;

import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The intermediate tensors of a cell, looked up among a model's recorded outputs. Both plans record gates and kernels;
 * the fused plan also records the rest, but the states only in the unrolled form.
 */
public final class CellTrace {
    static final String INPUT = "input";
    static final String CONTEXT = "context";
    /** Below a gate that acts in space, {@code (B, T, H, W, C)}, rather than at frequencies. */
    static final String IN_SPACE = "in_space";

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

    /** A gate's values, {@code (B, T or 1, C or 1, H or 1, F or 1)}. */
    public Operand<TFloat32> gate(String name) {
        return found(name);
    }

    /** Whether that many states are recorded. */
    public boolean hasStates(int count) {
        return count > 0 && outputs.containsKey(path + "/" + state(0) + (count - 1) + "/real");
    }

    /** A kernel's spectrum before the squash, {@code (C, H, F)}. */
    public ComplexTensor kernel(String name) {
        return complex(spectrum(name));
    }

    /** A kernel's spectrum after the squash, which multiplies the states, {@code (C, H, F)}. */
    public ComplexTensor squashedKernel(String name) {
        return complex(squashed(name));
    }

    /** A state's spectrum after a step, {@code (B, C, H·F)} or {@code (B, C, H, F)}, before the output gate. */
    public ComplexTensor state(int step, int state) {
        return complex(state(step) + state);
    }

    static String spectrum(String kernel) {
        return kernel + "/spectrum";
    }

    static String squashed(String kernel) {
        return kernel + "/squashed";
    }

    /**
     * @param states the states of every step, by step and then by state
     * @param first the number of the first of them among all of the cell
     */
    static void record(ModuleScope scope, List<List<ComplexTensor>> states, int first) {
        for (int t = 0; t < states.size(); t++) {
            for (int i = 0; i < states.get(t).size(); i++) {
                scope.output(state(t) + (first + i), states.get(t).get(i));
            }
        }
    }

    private static String state(int step) {
        return "states/" + step + "/";
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
