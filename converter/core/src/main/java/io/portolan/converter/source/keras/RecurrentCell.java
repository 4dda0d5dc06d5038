package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Output;

/** One step of a recurrent layer. Weights are tensors of the graph outside the loop, and arguments of the function inside. */
abstract class RecurrentCell {
    /** Makes a cell from the options and the weights of the call of its layer, and the sizes of an input without its batch. */
    private interface Maker {
        RecurrentCell make(LayerCall call, List<Long> input);
    }

    private static final Map<String, Maker> MAKERS = new HashMap<>();

    static {
        for (String suffix : List.of("", "Cell")) {
            MAKERS.put("SimpleRNN" + suffix, Simple::new);
            MAKERS.put("LSTM" + suffix, Lstm::new);
            MAKERS.put("GRU" + suffix, Gru::new);
        }
        MAKERS.put("StackedRNNCells", Stacked::new);
        for (int rank = 1; rank <= 3; rank++) {
            MAKERS.put("ConvLSTM" + rank + "D", ConvolutionCell::new);
        }
    }

    /** What a step computes. */
    record Step(Output<?> output, List<Output<?>> states) {}

    /**
     * A cell by the class of the layer or of the cell itself.
     *
     * @param input the sizes of an input, without its batch
     * @throws ConversionException if it is not understood
     */
    static RecurrentCell of(LayerCall call, List<Long> input) {
        Maker maker = MAKERS.get(call.kind());
        if (maker == null) {
            throw new ConversionException("has a cell of the class " + GraphOps.safe(call.kind()) + "; expected one of "
                    + MAKERS.keySet().stream()
                            .filter(name -> name.contains("Cell"))
                            .sorted()
                            .toList());
        }
        return maker.make(call, input);
    }

    private final LayerCall call;
    private final List<Output<?>> weights = new ArrayList<>();

    RecurrentCell(LayerCall call) {
        this.call = call;
    }

    final Output<?> weight(String name, long... shape) {
        Output<?> weight = call.weight(name, shape);
        weights.add(weight);
        return weight;
    }

    /** The tensors that the step reads and the loop does not change. */
    List<Output<?>> weights() {
        return weights;
    }

    /** The sizes of each state, without its batch. */
    abstract List<List<Long>> states();

    /** The sizes of the output. */
    List<Long> output() {
        return states().get(0);
    }

    /** Which of the states is the output. */
    int outputState() {
        return 0;
    }

    /**
     * Writes a step.
     *
     * @param weights those of {@link #weights}, in the graph of the step
     */
    abstract Step step(GraphOps tf, Output<?> x, List<Output<?>> states, List<Output<?>> weights);

    final Output<?> activated(GraphOps tf, Object activation, Output<?> x) {
        return Activations.apply(call.in(tf), activation, x);
    }

    /**
     * The step of an LSTM.
     *
     * @param parts the sums of the input gate, the forget gate, the candidate and the output gate
     * @param before the state of the cell
     */
    final Step lstm(GraphOps tf, List<Output<?>> parts, Output<?> before, Object activation, Object gate) {
        Output<?> kept = tf.mul(activated(tf, gate, parts.get(1)), before);
        Output<?> added = tf.mul(activated(tf, gate, parts.get(0)), activated(tf, activation, parts.get(2)));
        Output<?> cell = tf.add(kept, added);
        Output<?> h = tf.mul(activated(tf, gate, parts.get(3)), activated(tf, activation, cell));
        return new Step(h, List.of(h, cell));
    }

    /** The weights of a cell with one kernel for the input, one for the state, and a bias. */
    private abstract static class Plain extends RecurrentCell {
        final long units;
        final boolean isBiased;
        final Object activation;

        Plain(LayerCall call, List<Long> input, int gates, int biases) {
            super(call);
            LayerConfig config = call.config();
            units = config.count("units");
            isBiased = config.flag("use_bias", true);
            activation = config.value("activation");
            config.ignore("dropout", "recurrent_dropout", "implementation", "unit_forget_bias");
            weight("kernel", input.get(0), gates * units);
            weight("recurrent_kernel", units, gates * units);
            if (isBiased) {
                if (biases == 1) {
                    weight("bias", gates * units);
                } else {
                    weight("bias", biases, gates * units);
                }
            }
        }

        @Override
        List<List<Long>> states() {
            return List.of(List.of(units));
        }
    }

    private static final class Simple extends Plain {
        Simple(LayerCall call, List<Long> input) {
            super(call, input, 1, 1);
        }

        @Override
        Step step(GraphOps tf, Output<?> x, List<Output<?>> states, List<Output<?>> weights) {
            Output<?> own = tf.op("MatMul", x, weights.get(0));
            Output<?> sum = tf.add(
                    isBiased ? tf.op("BiasAdd", own, weights.get(2)) : own,
                    tf.op("MatMul", states.get(0), weights.get(1)));
            Output<?> h = activated(tf, activation, sum);
            return new Step(h, List.of(h));
        }
    }

    private static final class Lstm extends Plain {
        private final Object gate;

        Lstm(LayerCall call, List<Long> input) {
            super(call, input, 4, 1);
            gate = call.config().value("recurrent_activation");
        }

        @Override
        List<List<Long>> states() {
            return List.of(List.of(units), List.of(units));
        }

        @Override
        Step step(GraphOps tf, Output<?> x, List<Output<?>> states, List<Output<?>> weights) {
            Output<?> sum = tf.add(tf.op("MatMul", x, weights.get(0)), tf.op("MatMul", states.get(0), weights.get(1)));
            List<Output<?>> parts = tf.split(isBiased ? tf.op("BiasAdd", sum, weights.get(2)) : sum, 1, 4);
            return lstm(tf, parts, states.get(1), activation, gate);
        }
    }

    private static final class Gru extends Plain {
        private final Object gate;
        private final boolean resetsAfter;

        Gru(LayerCall call, List<Long> input) {
            // Before TensorFlow 2, the option was not there, and false.
            super(call, input, 3, call.config().flag("reset_after", false) ? 2 : 1);
            gate = call.config().value("recurrent_activation");
            resetsAfter = call.config().flag("reset_after", false);
        }

        @Override
        Step step(GraphOps tf, Output<?> x, List<Output<?>> states, List<Output<?>> weights) {
            Output<?> before = states.get(0);
            Output<?> own = tf.op("MatMul", x, weights.get(0));
            Output<?> bias = isBiased ? weights.get(2) : null;
            if (isBiased) {
                own = tf.op("BiasAdd", own, resetsAfter ? tf.at(bias, 0, 0) : bias);
            }
            List<Output<?>> inputs = tf.split(own, 1, 3);
            List<Output<?>> recurrent;
            if (resetsAfter) {
                Output<?> product = tf.op("MatMul", before, weights.get(1));
                recurrent = tf.split(isBiased ? tf.op("BiasAdd", product, tf.at(bias, 0, 1)) : product, 1, 3);
            } else {
                List<Output<?>> kernels = tf.split(weights.get(1), 1, 3);
                recurrent = List.of(
                        tf.op("MatMul", before, kernels.get(0)),
                        tf.op("MatMul", before, kernels.get(1)),
                        kernels.get(2));
            }
            Output<?> update = activated(tf, gate, tf.add(inputs.get(0), recurrent.get(0)));
            Output<?> reset = activated(tf, gate, tf.add(inputs.get(1), recurrent.get(1)));
            Output<?> last = resetsAfter
                    ? tf.mul(reset, recurrent.get(2))
                    : tf.op("MatMul", tf.mul(reset, before), recurrent.get(2));
            Output<?> candidate = activated(tf, activation, tf.add(inputs.get(2), last));
            Output<?> h = tf.add(tf.mul(update, before), tf.mul(tf.sub(tf.like(update, 1), update), candidate));
            return new Step(h, List.of(h));
        }
    }

    /** Cells of which each reads what the one before computes. */
    private static final class Stacked extends RecurrentCell {
        private final List<RecurrentCell> cells = new ArrayList<>();

        Stacked(LayerCall call, List<Long> input) {
            super(call);
            if (!(call.config().value("cells") instanceof List<?> list) || list.isEmpty()) {
                throw call.config().wrong("cells", "a list of cells");
            }
            Map<String, Integer> used = new HashMap<>();
            List<Long> size = input;
            for (Object json : list) {
                SavedLayer cell = SavedLayer.of(json);
                String plain = SnakeCase.of(cell.kind());
                int before = used.merge(plain, 1, Integer::sum) - 1;
                WeightSlots slots = call.weights().child("cells").child(before == 0 ? plain : plain + "_" + before);
                LayerCall inner = new LayerCall(
                        call.context(), cell.kind(), new LayerConfig(cell.config()), slots, List.of(), Map.of());
                RecurrentCell made = of(inner, size);
                inner.config().finish();
                cells.add(made);
                size = made.output();
            }
        }

        @Override
        List<Output<?>> weights() {
            return cells.stream().flatMap(cell -> cell.weights().stream()).toList();
        }

        @Override
        List<List<Long>> states() {
            return cells.stream().flatMap(cell -> cell.states().stream()).toList();
        }

        @Override
        List<Long> output() {
            return cells.get(cells.size() - 1).output();
        }

        @Override
        int outputState() {
            RecurrentCell last = cells.get(cells.size() - 1);
            return states().size() - last.states().size() + last.outputState();
        }

        @Override
        Step step(GraphOps tf, Output<?> x, List<Output<?>> states, List<Output<?>> weights) {
            List<Output<?>> after = new ArrayList<>();
            Output<?> output = x;
            int state = 0;
            int weight = 0;
            for (RecurrentCell cell : cells) {
                int states1 = state + cell.states().size();
                int weights1 = weight + cell.weights().size();
                Step step = cell.step(tf, output, states.subList(state, states1), weights.subList(weight, weights1));
                after.addAll(step.states());
                output = step.output();
                state = states1;
                weight = weights1;
            }
            return new Step(output, after);
        }
    }
}
