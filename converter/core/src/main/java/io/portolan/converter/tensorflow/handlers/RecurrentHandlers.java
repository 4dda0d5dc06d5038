package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.Stream;

/** Ops that compute one step of a recurrent cell. */
final class RecurrentHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("LSTMBlockCell", FLOAT_ONLY)
                    .reads("forget_bias", "cell_clip", "use_peephole")
                    .as(RecurrentHandlers::lstm),
            op("GRUBlockCell", FLOAT_ONLY).as(RecurrentHandlers::gru));

    private RecurrentHandlers() {}

    private static Value affine(GraphBuilder b, Value x, Value h, Value weights, Value bias) {
        return b.add(b.matMul(b.concat(1, x, h), weights), bias);
    }

    private static Value sigmoid(GraphBuilder b, Value x) {
        return b.apply(StandardOp.SIGMOID, x);
    }

    /** Inputs are x, the last cell state and output, weights, three peephole weights, and the bias; the order of gates is i, c, f, o. */
    private static List<TranslatedTensor> lstm(NodeContext node) {
        GraphBuilder b = node.builder();
        Value before = node.input(1);
        long units = Shapes.known(before, 1);
        Value gates = affine(b, node.input(0), node.input(2), node.input(3), node.input(7));
        List<Value> parts = b.split(gates, 1, List.of(units, units, units, units));
        boolean peeps = node.flag("use_peephole");
        Value i = sigmoid(b, peeps ? b.add(parts.get(0), b.mul(before, node.input(4))) : parts.get(0));
        Value ci = b.apply(StandardOp.TANH, parts.get(1));
        Value forget = b.add(parts.get(2), b.like(before, (float) node.real("forget_bias", 1)));
        Value f = sigmoid(b, peeps ? b.add(forget, b.mul(before, node.input(5))) : forget);
        Value state = b.add(b.mul(ci, i), b.mul(before, f));
        double clip = node.real("cell_clip", 3);
        Value cs = clip > 0 ? b.apply(StandardOp.CLIP, state, b.like(state, -clip), b.like(state, clip)) : state;
        Value o = sigmoid(b, peeps ? b.add(parts.get(3), b.mul(cs, node.input(6))) : parts.get(3));
        Value co = b.apply(StandardOp.TANH, cs);
        return outputs(i, cs, f, o, ci, co, b.mul(co, o));
    }

    /** Inputs are x, the last output, the weights of both gates and of the candidate, then the biases of both gates and of the candidate. */
    private static List<TranslatedTensor> gru(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value before = node.input(1);
        long units = Shapes.known(before, 1);
        List<Value> gates =
                b.split(sigmoid(b, affine(b, x, before, node.input(2), node.input(4))), 1, List.of(units, units));
        Value r = gates.get(0);
        Value u = gates.get(1);
        Value c = b.apply(StandardOp.TANH, affine(b, x, b.mul(before, r), node.input(3), node.input(5)));
        return outputs(r, u, c, b.add(b.mul(b.sub(b.like(u, 1), u), c), b.mul(u, before)));
    }

    private static List<TranslatedTensor> outputs(Value... values) {
        return Stream.of(values).<TranslatedTensor>map(RealValue::new).toList();
    }
}
