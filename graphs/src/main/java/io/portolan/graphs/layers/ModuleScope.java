package io.portolan.graphs.layers;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Precision;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A named module of the model under construction, as in Flax, with the ops, weights and recorded outputs below its
 * path.
 */
public final class ModuleScope {
    private final Ops tf;
    private final String path;
    private final Weights weights;
    private final Mode mode;
    private final Precision precision;
    private final Map<String, Operand<TFloat32>> outputs;
    private final Map<String, Operand<TFloat32>> newStatistics;

    private ModuleScope(
            Ops tf,
            String path,
            Weights weights,
            Mode mode,
            Precision precision,
            Map<String, Operand<TFloat32>> outputs,
            Map<String, Operand<TFloat32>> newStatistics) {
        this.tf = tf;
        this.path = path;
        this.weights = weights;
        this.mode = mode;
        this.precision = precision;
        this.outputs = outputs;
        this.newStatistics = newStatistics;
    }

    /** The scope of a whole model in single precision. */
    public static ModuleScope root(Ops tf, Weights weights, Mode mode) {
        return root(tf, weights, mode, Precision.SINGLE);
    }

    /** The scope of a whole model. */
    public static ModuleScope root(Ops tf, Weights weights, Mode mode, Precision precision) {
        return new ModuleScope(tf, "", weights, mode, precision, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** The submodule with a name. */
    public ModuleScope in(String name) {
        return new ModuleScope(tf.withSubScope(name), pathOf(name), weights, mode, precision, outputs, newStatistics);
    }

    /** This module with all matrix products and convolutions in float32. */
    public ModuleScope inSinglePrecision() {
        return new ModuleScope(tf, path, weights, mode, Precision.SINGLE, outputs, newStatistics);
    }

    /** The graph under construction; its ops are named after this module. */
    public Ops tf() {
        return tf;
    }

    /** Returns this module's weight with a name, which must have the given shape. */
    public Operand<TFloat32> parameter(String name, long... shape) {
        return parameter(name, Initializer.BY_NAME, shape);
    }

    /** Like {@link #parameter(String, long...)}, for a weight whose name does not tell what it is before training. */
    public Operand<TFloat32> parameter(String name, Initializer initializer, long... shape) {
        return weights.parameter(tf, pathOf(name), initializer, shape);
    }

    /** Returns this module's running statistic with a name, which must have the given shape. */
    public Operand<TFloat32> statistic(String name, long... shape) {
        return weights.statistic(tf, pathOf(name), shape);
    }

    /** Whether the model is built for training or for evaluation. */
    Mode mode() {
        return mode;
    }

    /** The precision of matrix products and convolutions. */
    public Precision precision() {
        return precision;
    }

    /** Records the value of this module's running statistic after the training step. */
    void newStatistic(String name, Operand<TFloat32> value) {
        newStatistics.put(pathOf(name), value);
    }

    /** The running statistics after the step, by path; empty unless built for training with batch normalisation. */
    public Map<String, Operand<TFloat32>> newStatistics() {
        return newStatistics;
    }

    /** Records a tensor as this module's output, and returns it. */
    public Operand<TFloat32> output(Operand<TFloat32> value) {
        outputs.put(path, value);
        return value;
    }

    /** Records an intermediate tensor below this module's path. */
    public void output(String name, Operand<TFloat32> value) {
        outputs.put(pathOf(name), value);
    }

    /** Records a complex tensor below this module's path, as two: {@code name/real} and {@code name/imaginary}. */
    public void output(String name, ComplexTensor value) {
        output(name + "/real", value.real());
        output(name + "/imaginary", value.imaginary());
    }

    /** The tensors that all modules have recorded so far, by path and in order of computation. */
    public Map<String, Operand<TFloat32>> outputs() {
        return outputs;
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }
}
