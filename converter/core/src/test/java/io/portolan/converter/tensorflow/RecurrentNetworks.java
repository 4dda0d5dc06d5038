package io.portolan.converter.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;

/** Recurrent networks in the form in which Keras builds them: a While op over lists of tensors. */
final class RecurrentNetworks {
    private static final DataType FLOAT = DataType.DT_FLOAT;
    private static final FunctionDefs.Argument NUMBER = new FunctionDefs.Argument(DataType.DT_INT32, Shape.scalar());
    private static final FunctionDefs.Argument LIST = new FunctionDefs.Argument(DataType.DT_VARIANT, Shape.scalar());

    private RecurrentNetworks() {}

    /**
     * The size of a layer.
     *
     * @param features elements of an input
     * @param units elements of a state
     */
    record Size(int features, int units) {
        static final Size SMALL = new Size(6, 16);
    }

    private static FunctionDefs.Argument floats(long... shape) {
        return new FunctionDefs.Argument(FLOAT, Shape.of(shape));
    }

    /** All hidden states and the last, of sequences of any length. */
    static Network lstm() {
        return lstm(Size.SMALL);
    }

    static Network lstm(Size size) {
        int features = size.features();
        int units = size.units();
        List<FunctionDefs.Argument> variables = List.of(
                NUMBER,
                NUMBER,
                LIST,
                LIST,
                floats(-1, units),
                floats(-1, units),
                floats(features, 4 * units),
                floats(units, 4 * units),
                floats(4 * units));
        return recurrent(size, 4, 2, "StatelessWhile", variables, (tf, v) -> {
            Output<?> x = tf.op(
                    "TensorListGetItem", Map.of("element_dtype", FLOAT), v.get(2), v.get(0), tf.ints(-1, features));
            Output<?> sum = tf.op(
                    "BiasAdd",
                    tf.op("AddV2", tf.op("MatMul", x, v.get(6)), tf.op("MatMul", v.get(4), v.get(7))),
                    v.get(8));
            var gates = tf.operation("Split", Map.of("num_split", 4), tf.scalar(1), sum);
            Output<?> kept = tf.op("Mul", tf.op("Sigmoid", gates.output(1)), v.get(5));
            Output<?> cell = tf.op(
                    "AddV2", kept, tf.op("Mul", tf.op("Sigmoid", gates.output(0)), tf.op("Tanh", gates.output(2))));
            Output<?> hidden = tf.op("Mul", tf.op("Sigmoid", gates.output(3)), tf.op("Tanh", cell));
            return List.of(hidden, cell);
        });
    }

    static Network gru() {
        return gru(Size.SMALL);
    }

    static Network gru(Size size) {
        int features = size.features();
        int units = size.units();
        List<FunctionDefs.Argument> variables = List.of(
                NUMBER,
                NUMBER,
                LIST,
                LIST,
                floats(-1, units),
                floats(features, 3 * units),
                floats(units, 3 * units),
                floats(3 * units));
        return recurrent(size, 3, 1, "While", variables, (tf, v) -> {
            Output<?> x = tf.op(
                    "TensorListGetItem", Map.of("element_dtype", FLOAT), v.get(2), v.get(0), tf.ints(-1, features));
            var input = tf.operation(
                    "Split",
                    Map.of("num_split", 3),
                    tf.scalar(1),
                    tf.op("BiasAdd", tf.op("MatMul", x, v.get(5)), v.get(7)));
            var state =
                    tf.operation("Split", Map.of("num_split", 3), tf.scalar(1), tf.op("MatMul", v.get(4), v.get(6)));
            Output<?> update = tf.op("Sigmoid", tf.op("AddV2", input.output(0), state.output(0)));
            Output<?> reset = tf.op("Sigmoid", tf.op("AddV2", input.output(1), state.output(1)));
            Output<?> candidate = tf.op("Tanh", tf.op("AddV2", input.output(2), tf.op("Mul", reset, state.output(2))));
            Output<?> kept = tf.op("Mul", update, v.get(4));
            return List.of(tf.op("AddV2", kept, tf.op("Mul", tf.op("Sub", tf.scalar(1f), update), candidate)));
        });
    }

    /** Makes the states after a step from the loop's variables. */
    private interface Cell {
        List<Output<?>> step(RawOps tf, List<Output<?>> variables);
    }

    /** Variables are time, steps, the list of inputs, the list of outputs, states, and weights that stay as they are. */
    private static Network recurrent(
            Size size, int gates, int states, String loop, List<FunctionDefs.Argument> variables, Cell cell) {
        int features = size.features();
        int units = size.units();
        Network net = new Network();
        RawOps tf = net.ops();
        Output<?> x = net.input("sequence", FLOAT, -1, -1, features);
        Output<?> steps = net.op(
                "StridedSlice", Map.of("shrink_axis_mask", 1), net.op("Shape", x), tf.ints(1), tf.ints(2), tf.ints(1));
        Output<?> batch = net.op(
                "StridedSlice", Map.of("shrink_axis_mask", 1), net.op("Shape", x), tf.ints(0), tf.ints(1), tf.ints(1));
        Output<?> zeros = net.op("Fill", net.op("Pack", List.of(batch, tf.scalar(units))), net.number(0));
        Output<?> list =
                net.op("TensorListFromTensor", net.op("Transpose", x, tf.ints(1, 0, 2)), tf.ints(-1, features));
        Output<?> made = net.op("TensorListReserve", Map.of("element_dtype", FLOAT), tf.ints(-1, units), steps);
        List<Output<?>> initial = new ArrayList<>(List.of(tf.scalar(0), steps, list, made));
        for (int i = 0; i < states; i++) {
            initial.add(zeros);
        }
        initial.add(net.weight(1 / Math.sqrt(features), features, gates * units));
        initial.add(net.weight(1 / Math.sqrt(units), units, gates * units));
        initial.add(net.weight(.1, gates * units));

        FunctionDef condition = FunctionDefs.of("more", variables, (f, v) -> List.of(f.op("Less", v.get(0), v.get(1))));
        FunctionDef body = FunctionDefs.of("step", variables, (f, v) -> {
            List<Output<?>> after = new ArrayList<>(v);
            List<Output<?>> next = cell.step(f, v);
            for (int i = 0; i < next.size(); i++) {
                after.set(4 + i, next.get(i));
            }
            after.set(3, f.op("TensorListSetItem", v.get(3), v.get(0), next.get(0)));
            after.set(0, f.op("AddV2", v.get(0), f.scalar(1)));
            return after;
        });
        List<Output<?>> results = net.loop(loop, initial, condition, body);
        Output<?> stacked = net.op(
                "TensorListStack",
                Map.of("element_dtype", FLOAT),
                results.get(3),
                net.ops().ints(-1, units));
        return net.output("states", net.op("Transpose", stacked, net.ops().ints(1, 0, 2)))
                .output("last", net.dense(results.get(4), units, 4));
    }
}
