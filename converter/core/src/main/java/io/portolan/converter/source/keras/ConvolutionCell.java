package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Output;

/** A step of a ConvLSTM: an LSTM whose inputs and states are images, and whose products are convolutions. */
final class ConvolutionCell extends RecurrentCell {
    private static final int GATES = 4;

    private final ConvolutionLayers.Window ofInput;
    private final ConvolutionLayers.Window ofState;
    private final Object activation;
    private final Object gate;
    private final boolean isBiased;
    private final List<Long> sizes;

    /**
     * @param input the sizes of an image: spatial ones, then its channels
     */
    ConvolutionCell(LayerCall call, List<Long> input) {
        super(call);
        LayerConfig config = call.config();
        int rank = input.size() - 1;
        if (!call.kind().equals("ConvLSTM" + rank + "D")) {
            throw new ConversionException("has images of " + rank + " axes as its input, " + input);
        }
        config.require("data_format", "channels_last");
        config.ignore("dropout", "recurrent_dropout", "unit_forget_bias");
        long filters = config.count("filters");
        ofInput = ConvolutionLayers.Window.of(config, rank);
        List<Long> ones = Collections.nCopies(rank, 1L);
        ofState = new ConvolutionLayers.Window(ofInput.sizes(), ones, ones, "SAME");
        activation = config.value("activation");
        gate = config.value("recurrent_activation");
        isBiased = config.flag("use_bias", true);
        sizes = Stream.concat(
                        IntStream.range(0, rank).mapToObj(i -> ofInput.positions(i, input.get(i))), Stream.of(filters))
                .toList();
        weight("kernel", ofInput.shape(input.get(rank), GATES * filters));
        weight("recurrent_kernel", ofState.shape(filters, GATES * filters));
        if (isBiased) {
            weight("bias", GATES * filters);
        }
    }

    @Override
    List<List<Long>> states() {
        return List.of(sizes, sizes);
    }

    @Override
    Step step(GraphOps tf, Output<?> x, List<Output<?>> states, List<Output<?>> weights) {
        Output<?> own = ConvolutionLayers.convolution(tf, x, weights.get(0), ofInput);
        Output<?> sum = tf.add(
                isBiased ? tf.add(own, weights.get(2)) : own,
                ConvolutionLayers.convolution(tf, states.get(0), weights.get(1), ofState));
        return lstm(tf, tf.split(sum, sizes.size(), GATES), states.get(1), activation, gate);
    }
}
