package io.portolan.converter.passes.recurrent;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.passes.recurrent.Affine.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recurrent layer of ONNX with its weights.
 *
 * @param op the layer
 * @param states its states in ONNX's order: the hidden state, which is its output, and possibly the cell state
 * @param gates in ONNX's order
 * @param activations in ONNX's order
 * @param attributes further attributes
 */
record Layer(
        StandardOp op,
        List<Recurrence.State> states,
        List<Gate> gates,
        List<Activation> activations,
        Attributes attributes) {
    /**
     * The weights of a gate.
     *
     * @param input the matrix (I,H) of the input
     * @param recurrent the matrix (H,H) of the hidden state
     * @param inputBias the vector (H) that is added to the product of the input
     * @param recurrentBias the vector (H) that is added to the product of the hidden state
     */
    record Gate(Matrix input, Matrix recurrent, double[] inputBias, double[] recurrentBias) {
        /** The gate whose argument is affine in the input and the hidden state. */
        static Gate of(Affine argument, Recurrence loop, Recurrence.State hidden) {
            int units = argument.columns();
            return new Gate(
                    argument.of(loop.step(), loop.features()),
                    argument.of(hidden.before(), units),
                    argument.bias(),
                    new double[units]);
        }
    }

    int units() {
        return gates.get(0).inputBias().length;
    }

    /** The matrices of the input (1,gates*H,I). */
    TensorData inputWeights() {
        return stacked(gates.stream().map(Gate::input).toList());
    }

    /** The matrices of the hidden state (1,gates*H,H). */
    TensorData recurrentWeights() {
        return stacked(gates.stream().map(Gate::recurrent).toList());
    }

    /** The biases (1,2*gates*H), those of the input first. */
    TensorData biases() {
        double[] all = new double[2 * gates.size() * units()];
        for (int i = 0; i < gates.size(); i++) {
            System.arraycopy(gates.get(i).inputBias(), 0, all, i * units(), units());
            System.arraycopy(gates.get(i).recurrentBias(), 0, all, (gates.size() + i) * units(), units());
        }
        return TensorData.ofDoubles(OnnxType.FLOAT, all, 1, all.length);
    }

    /** ONNX multiplies by the transposed matrices. */
    private TensorData stacked(List<Matrix> matrices) {
        int rows = matrices.get(0).rows();
        float[] all = new float[matrices.size() * units() * rows];
        int next = 0;
        for (Matrix matrix : matrices) {
            for (int column = 0; column < units(); column++) {
                for (int row = 0; row < rows; row++) {
                    all[next++] = (float) matrix.elements()[row * units() + column];
                }
            }
        }
        return TensorData.of(all, 1, matrices.size() * units(), rows);
    }

    /** All attributes of the node. */
    Attributes allAttributes(boolean isReversed) {
        Attributes all = attributes.with("hidden_size", units());
        if (isReversed) {
            all = all.with("direction", "reverse");
        }
        List<String> names = activations.stream().map(Activation::name).toList();
        if (names.equals(Arrays.asList("Sigmoid", "Tanh", "Tanh").subList(0, names.size())) && op != StandardOp.RNN) {
            return all;
        }
        all = all.with("activations", new Attribute.Texts(names));
        List<Activation> withParameters =
                activations.stream().filter(Activation::hasParameters).toList();
        if (withParameters.isEmpty()) {
            return all;
        }
        List<Float> alphas = new ArrayList<>();
        List<Float> betas = new ArrayList<>();
        withParameters.forEach(activation -> {
            alphas.add(activation.alpha());
            betas.add(activation.beta());
        });
        return all.with("activation_alpha", new Attribute.Reals(alphas))
                .with("activation_beta", new Attribute.Reals(betas));
    }
}
