package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.List;

/** Type inference of recurrent layers. */
final class RecurrentInference {
    private RecurrentInference() {}

    /**
     * Inputs are x (T,N,I), the weights of x (D,gates*H,I) and of the hidden state (D,gates*H,H), then possibly biases, lengths and
     * initial states; D is the number of directions. Outputs are the hidden states (T,D,N,H) and the last one (D,N,H), and with four
     * gates the last cell state.
     */
    static List<TensorType> layer(int gates, List<Value> inputs, Attributes attributes) {
        sameElement(inputs.subList(0, 3));
        Value x = inputs.get(0);
        Value weights = inputs.get(1);
        Value recurrent = inputs.get(2);
        Dim units = Dim.of(attributes.integer("hidden_size"));
        require(x.rank() == 3, "x of rank 3", x);
        require(weights.rank() == 3 && weights.shape().dim(2).canEqual(x.shape().dim(2)), "weights of " + x, weights);
        require(
                recurrent.rank() == 3
                        && recurrent.shape().dim(1).canEqual(units.times(Dim.of(gates)))
                        && recurrent.shape().dim(2).canEqual(units),
                "weights of " + gates + " gates of " + units + " units",
                recurrent);
        Dim directions = weights.shape().dim(0);
        Dim batch = x.shape().dim(1);
        TensorType last = x.type().withShape(new TensorShape(List.of(directions, batch, units)));
        TensorType all = x.type().withShape(new TensorShape(List.of(x.shape().dim(0), directions, batch, units)));
        return gates == 4 ? List.of(all, last, last) : List.of(all, last);
    }
}
