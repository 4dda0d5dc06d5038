package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Recurrent layers: loops over the steps of a sequence (N,T,F), or (N,T,…,F) of images, as Keras builds them. */
final class RecurrentLayers {
    static final List<Row> ROWS = Stream.of("SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
            .map(name -> new Row(name, false, RecurrentLayers::layer))
            .toList();

    /** The variables of the loop before the states: time, steps, inputs, outputs. */
    private static final int FIXED = 4;

    private RecurrentLayers() {}

    /** The names of the layers of this class. */
    static boolean isRecurrent(String kind) {
        return ROWS.stream().anyMatch(row -> row.name().equals(kind));
    }

    private static Object layer(LayerCall call) {
        LayerConfig config = call.config();
        config.ignore("unroll", "implementation", "input_dim", "input_length");
        config.require("stateful", false);
        config.require("time_major", false);
        List<KerasTensor> given = call.inputs();
        KerasTensor sequence = given.get(0);
        Optional<Output<?>> mask = call.mask().or(sequence::mask);
        Output<?> x = call.computed(sequence.tensor());
        if (GraphOps.rank(x) < 3 || GraphOps.rank(x) > 3 && !call.kind().startsWith("ConvLSTM")) {
            throw new ConversionException("has an input of rank " + GraphOps.rank(x) + "; expected 3");
        }
        RecurrentCell cell = cell(call, item(x));
        List<Output<?>> initial = initial(call, given.subList(1, given.size()), cell, x);
        boolean returnsAll = config.flag("return_sequences", false);
        boolean zeros = config.flag("zero_output_for_mask", false);
        Results results = loop(call.tf(), cell, x, initial, mask, config.flag("go_backwards", false), zeros);
        KerasTensor output = returnsAll ? new KerasTensor(results.all(), mask) : KerasTensor.of(results.last());
        if (!config.flag("return_state", false)) {
            return output;
        }
        List<Object> outputs = new ArrayList<>(List.of(output));
        results.states().forEach(state -> outputs.add(KerasTensor.of(state)));
        return outputs;
    }

    /** The sizes of an element of a sequence, without its batch. */
    private static List<Long> item(Output<?> x) {
        return IntStream.range(2, GraphOps.rank(x))
                .mapToObj(axis -> GraphOps.known(x, axis))
                .toList();
    }

    /** The cell, which an RNN has as an option; a {@code .keras} file has its weights apart. */
    private static RecurrentCell cell(LayerCall call, List<Long> input) {
        WeightSlots slots = call.weights().child("cell");
        if (!call.kind().equals("RNN")) {
            return RecurrentCell.of(
                    new LayerCall(call.context(), call.kind(), call.config(), slots, List.of(), Map.of()), input);
        }
        SavedLayer cell = SavedLayer.of(call.config().value("cell"));
        LayerCall inner =
                new LayerCall(call.context(), cell.kind(), new LayerConfig(cell.config()), slots, List.of(), Map.of());
        RecurrentCell made = RecurrentCell.of(inner, input);
        inner.config().finish();
        return made;
    }

    /** The states before the first step: those given, as further inputs or by name, or zeros. */
    private static List<Output<?>> initial(LayerCall call, List<KerasTensor> further, RecurrentCell cell, Output<?> x) {
        GraphOps tf = call.tf();
        List<Object> given =
                call.argument(1, "initial_state").map(LayeredModel::flat).orElse(new ArrayList<>(further));
        if (call.keyword("constants").isPresent()) {
            throw new ConversionException("is called with constants; expected none");
        }
        List<Output<?>> initial = new ArrayList<>();
        if (!given.isEmpty() && given.size() != cell.states().size()) {
            throw new ConversionException("is called with " + given.size() + " initial states; expected "
                    + cell.states().size());
        }
        for (int i = 0; i < cell.states().size(); i++) {
            if (given.isEmpty()) {
                initial.add(zeros(tf, x, cell.states().get(i)));
            } else if (given.get(i) instanceof KerasTensor state) {
                initial.add(tf.cast(state.tensor(), x.dataType()));
            } else {
                throw new ConversionException("is called with an initial state that is no tensor");
            }
        }
        return initial;
    }

    /**
     * What a loop gives.
     *
     * @param all the outputs of all steps, (N,T,U), in the order of the loop
     * @param last the output of the last step
     * @param states the states after it
     */
    private record Results(Output<?> all, Output<?> last, List<Output<?>> states) {}

    private static Results loop(
            GraphOps tf,
            RecurrentCell cell,
            Output<?> x,
            List<Output<?>> initial,
            Optional<Output<?>> mask,
            boolean isBackwards,
            boolean zeroOutputs) {
        DataType type = x.dataType();
        long[] element = open(item(x));
        long[] elementOfOutput = open(cell.output());
        long[] flags = open(Collections.nCopies(cell.output().size(), 1L));
        Output<?> steps = tf.sizeOf(x, 1);
        Output<?> list = list(tf, stepsFirst(tf, x), isBackwards, element);
        Output<?> made = tf.op("TensorListReserve", Map.of("element_dtype", type), tf.ints(elementOfOutput), steps);
        List<Output<?>> variables = new ArrayList<>(List.of(tf.integer(0), steps, list, made));
        variables.addAll(initial);
        int states = initial.size();
        int masks = FIXED + states;
        if (mask.isPresent()) {
            variables.add(list(tf, tf.expand(tf.transpose(mask.get(), 1, 0), 2), isBackwards, -1, 1));
            variables.add(zeros(tf, x, cell.output()));
        }
        int weights = variables.size();
        variables.addAll(cell.weights());
        List<Output<?>> results =
                Loop.add(tf, variables, (f, v) -> List.of(f.op("Less", v.get(0), v.get(1))), (f, v) -> {
                    List<Output<?>> after = new ArrayList<>(v);
                    List<Output<?>> before = v.subList(FIXED, masks);
                    Output<?> input = item(f, v.get(2), v.get(0), type, element);
                    RecurrentCell.Step step = cell.step(f, input, before, v.subList(weights, v.size()));
                    Output<?> output = step.output();
                    Output<?> counts = mask.isPresent()
                            ? broadcast(f, item(f, v.get(masks), v.get(0), DataType.DT_BOOL, -1, 1), flags)
                            : null;
                    for (int i = 0; i < states; i++) {
                        Output<?> state = step.states().get(i);
                        after.set(FIXED + i, counts == null ? state : f.where(counts, state, before.get(i)));
                    }
                    if (counts != null) {
                        Output<?> kept = zeroOutputs ? f.like(output, 0) : v.get(masks + 1);
                        output = f.where(counts, output, kept);
                        after.set(masks + 1, output);
                    }
                    after.set(3, f.op("TensorListSetItem", v.get(3), v.get(0), output));
                    after.set(0, f.add(v.get(0), f.integer(1)));
                    return after;
                });
        Output<?> stacked = tf.op(
                "TensorListStack",
                Map.of("element_dtype", type, "num_elements", Math.max(-1, GraphOps.size(x, 1))),
                results.get(3),
                tf.ints(elementOfOutput));
        List<Output<?>> after = results.subList(FIXED, masks);
        Output<?> last = mask.isPresent() ? results.get(masks + 1) : after.get(cell.outputState());
        return new Results(stepsFirst(tf, stacked), last, List.copyOf(after));
    }

    private static Output<?> zeros(GraphOps tf, Output<?> x, List<Long> sizes) {
        List<Object> shape = new ArrayList<>(List.of(tf.dimension(x, 0)));
        shape.addAll(sizes);
        return tf.op("Fill", tf.sizes(shape), tf.like(x, 0));
    }

    /** Sizes with an open one of the batch before them. */
    private static long[] open(List<Long> sizes) {
        return LongStream.concat(LongStream.of(-1), sizes.stream().mapToLong(Long::longValue))
                .toArray();
    }

    /** A column with as many axes as a shape. */
    private static Output<?> broadcast(GraphOps tf, Output<?> column, long[] shape) {
        return shape.length == 2 ? column : tf.reshape(column, shape);
    }

    /** The first two axes exchanged. */
    private static Output<?> stepsFirst(GraphOps tf, Output<?> x) {
        long[] order = LongStream.range(0, GraphOps.rank(x)).toArray();
        order[0] = 1;
        order[1] = 0;
        return tf.transpose(x, order);
    }

    /** The elements along the first axis as a list. */
    private static Output<?> list(GraphOps tf, Output<?> x, boolean isBackwards, long... element) {
        return tf.op("TensorListFromTensor", isBackwards ? tf.op("ReverseV2", x, tf.ints(0)) : x, tf.ints(element));
    }

    private static Output<?> item(GraphOps tf, Output<?> list, Output<?> index, DataType type, long... element) {
        return tf.op("TensorListGetItem", Map.of("element_dtype", type), list, index, tf.ints(element));
    }
}
