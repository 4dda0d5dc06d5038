package io.portolan.converter.source.keras;

import static io.portolan.converter.source.keras.LayerTable.row;

import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.tensorflow.Output;

/** Pooling over windows, over all positions, and to a given number of positions. */
final class PoolingLayers {
    static final List<Row> ROWS = Stream.of(1, 2, 3)
            .flatMap(rank -> Stream.of(
                    row("MaxPooling" + rank + "D", (call, x) -> pool(call, x, rank, "Max")),
                    row("AveragePooling" + rank + "D", (call, x) -> pool(call, x, rank, "Avg")),
                    row("GlobalMaxPooling" + rank + "D", (call, x) -> global(call, x, rank, "Max")),
                    row("GlobalAveragePooling" + rank + "D", (call, x) -> average(call, x, rank)),
                    row("AdaptiveAveragePooling" + rank + "D", (call, x) -> adaptive(call, x, rank, "Mean")),
                    row("AdaptiveMaxPooling" + rank + "D", (call, x) -> adaptive(call, x, rank, "Max"))))
            .toList();

    /** More positions than anybody pools to, each of which is a node. */
    private static final int MOST_POSITIONS = 1024;

    private PoolingLayers() {}

    private static Output<?> pool(LayerCall call, Output<?> x, int rank, String kind) {
        ConvolutionLayers.requireRank(x, rank);
        LayerConfig config = call.config();
        GraphOps tf = call.tf();
        List<Long> sizes = config.integers("pool_size", rank);
        List<Long> strides = config.has("strides") ? config.integers("strides", rank) : sizes;
        config.ignore("strides");
        Map<String, Object> attributes = Map.of(
                "ksize",
                all(sizes),
                "strides",
                all(strides),
                "padding",
                config.among("padding", "valid", Set.of("valid", "same")).toUpperCase(Locale.ROOT));
        String op = kind + "Pool" + (rank == 3 ? "3D" : "");
        return Images.channelsLast(
                call,
                x,
                last -> rank == 1
                        ? tf.squeeze(tf.op(op, attributes, tf.expand(last, 1)), 1)
                        : tf.op(op, attributes, last));
    }

    private static long[] all(List<Long> spatial) {
        List<Long> all = new ArrayList<>(spatial.size() == 1 ? List.of(1L, 1L) : List.of(1L));
        all.addAll(spatial);
        all.add(1L);
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    private static long[] spatial(LayerCall call, int rank) {
        int first = call.config().channelsFirst() ? 2 : 1;
        return LongStream.range(first, first + rank).toArray();
    }

    private static Output<?> global(LayerCall call, Output<?> x, int rank, String op) {
        ConvolutionLayers.requireRank(x, rank);
        return call.tf().reduce(op, x, call.config().flag("keepdims", false), spatial(call, rank));
    }

    /** The mean; of sequences with a mask, that of the steps that count. */
    private static Output<?> average(LayerCall call, Output<?> x, int rank) {
        Optional<Output<?>> mask = rank == 1 ? call.input().mask() : Optional.empty();
        if (mask.isEmpty()) {
            return global(call, x, rank, "Mean");
        }
        GraphOps tf = call.tf();
        long[] steps = spatial(call, rank);
        boolean keeps = call.config().flag("keepdims", false);
        Output<?> counts = tf.expand(mask.get(), steps[0] == 1 ? 2 : 1);
        Output<?> sum = tf.reduce("Sum", tf.where(counts, x, tf.like(x, 0)), keeps, steps);
        return tf.div(sum, tf.reduce("Sum", tf.cast(counts, x.dataType()), keeps, steps));
    }

    /** Each position of the output pools positions from {@code ⌊i·n/m⌋} to {@code ⌈(i + 1)·n/m⌉}, axis by axis. */
    private static Output<?> adaptive(LayerCall call, Output<?> x, int rank, String op) {
        ConvolutionLayers.requireRank(x, rank);
        GraphOps tf = call.tf();
        List<Long> sizes = call.config().integers("output_size", rank);
        Output<?> y = x;
        long[] axes = spatial(call, rank);
        for (int i = 0; i < rank; i++) {
            int axis = (int) axes[i];
            long size = GraphOps.known(y, axis);
            long wanted = sizes.get(i);
            if (wanted < 1 || wanted > Math.min(size, MOST_POSITIONS)) {
                throw call.config()
                        .wrong("output_size", "at most the size of the input, " + size + ", and " + MOST_POSITIONS);
            }
            Output<?> before = y;
            List<Output<?>> parts = IntStream.range(0, (int) wanted)
                    .<Output<?>>mapToObj(place -> {
                        long from = place * size / wanted;
                        long to = ((place + 1) * size + wanted - 1) / wanted;
                        return tf.reduce(op, tf.slice(before, axis, from, to - from), true, axis);
                    })
                    .toList();
            y = tf.concat(parts, axis);
        }
        return y;
    }
}
