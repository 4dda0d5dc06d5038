package io.portolan.converter.source.keras;

import static io.portolan.converter.source.keras.LayerTable.row;

import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.Output;

/** Layers that move, repeat, cut and pad elements. */
final class ReshapingLayers {
    static final List<Row> ROWS = Stream.concat(
                    Stream.of(
                            row("Flatten", ReshapingLayers::flatten),
                            row("Reshape", ReshapingLayers::reshape),
                            row("Permute", ReshapingLayers::permute),
                            row("RepeatVector", ReshapingLayers::repeat)),
                    Stream.of(1, 2, 3)
                            .flatMap(rank -> Stream.of(
                                    row("Cropping" + rank + "D", (call, x) -> crop(call, x, rank)),
                                    row("ZeroPadding" + rank + "D", (call, x) -> pad(call, x, rank)),
                                    row("UpSampling" + rank + "D", (call, x) -> enlarge(call, x, rank)))))
            .toList();

    private static final Map<String, String> RESIZES = Map.of(
            "bilinear", "ResizeBilinear",
            "bicubic", "ResizeBicubic");

    private ReshapingLayers() {}

    private static Output<?> flatten(LayerCall call, Output<?> input) {
        GraphOps tf = call.tf();
        Output<?> x = input;
        int rank = GraphOps.rank(x);
        if (call.config().channelsFirst() && rank > 2) {
            x = tf.transpose(x, io.portolan.converter.lowering.Shapes.channelsLast(rank));
        }
        if (rank < 2) {
            return tf.expand(x, 1);
        }
        long known = 1;
        for (int axis = 1; axis < rank; axis++) {
            long size = GraphOps.size(x, axis);
            known = size < 0 || known < 0 ? -1 : Math.multiplyExact(known, size);
        }
        return known < 0
                ? tf.reshape(x, new ArrayList<>(List.of(tf.dimension(x, 0), -1L)))
                : tf.reshape(x, new ArrayList<>(List.of(-1L, known)));
    }

    private static Output<?> reshape(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        Object target = call.config().value("target_shape");
        List<Object> sizes = new ArrayList<>();
        sizes.add(tf.dimension(x, 0));
        for (Object size : target instanceof List<?> list ? list : Arrays.asList(target)) {
            sizes.add(size == null ? Long.valueOf(-1) : size);
        }
        if (sizes.subList(1, sizes.size()).stream().anyMatch(size -> !(size instanceof Long number) || number < -1)) {
            throw call.config().wrong("target_shape", "sizes, one of them possibly -1");
        }
        long open = sizes.indexOf(-1L);
        long known = 1;
        for (int axis = 1; axis < GraphOps.rank(x); axis++) {
            known = GraphOps.size(x, axis) < 0 ? -1 : Math.multiplyExact(known, GraphOps.size(x, axis));
            if (known < 0) {
                break;
            }
        }
        if (open >= 0 && known >= 0) {
            long others = 1;
            for (Object size : sizes.subList(1, sizes.size())) {
                others = size.equals(-1L) ? others : Math.multiplyExact(others, (Long) size);
            }
            if (others > 0 && known % others == 0) {
                sizes.set((int) open, known / others);
            }
        }
        return tf.reshape(x, sizes);
    }

    private static Output<?> permute(LayerCall call, Output<?> x) {
        List<Long> dims = call.config().integers("dims");
        long[] permutation = new long[dims.size() + 1];
        for (int i = 0; i < dims.size(); i++) {
            permutation[i + 1] = dims.get(i);
        }
        return call.tf().transpose(x, permutation);
    }

    private static Output<?> repeat(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        return tf.op("Tile", tf.expand(x, 1), tf.ints(1, call.config().count("n"), 1));
    }

    private static int first(LayerCall call, int rank) {
        // Layers of sequences have no such option in older files.
        return rank > 1 && call.config().channelsFirst() ? 2 : 1;
    }

    private static Output<?> crop(LayerCall call, Output<?> x, int rank) {
        ConvolutionLayers.requireRank(x, rank);
        List<List<Long>> cut = pairs(call, "cropping", rank);
        int first = first(call, rank);
        GraphOps tf = call.tf();
        long[] begin = new long[rank + 2];
        long[] end = new long[rank + 2];
        long whole = 0;
        for (int axis = 0; axis < rank + 2; axis++) {
            boolean isSpatial = axis >= first && axis < first + rank;
            long before = isSpatial ? cut.get(axis - first).get(0) : 0;
            long after = isSpatial ? cut.get(axis - first).get(1) : 0;
            long size = GraphOps.size(x, axis);
            if (size >= 0 && before + after >= size && isSpatial) {
                throw call.config().wrong("cropping", "less than the size of the input, " + size);
            }
            begin[axis] = before;
            end[axis] = -after;
            whole |= after == 0 ? 1L << axis : 0;
        }
        long[] steps = new long[rank + 2];
        Arrays.fill(steps, 1);
        return tf.op("StridedSlice", Map.of("end_mask", whole), x, tf.ints(begin), tf.ints(end), tf.ints(steps));
    }

    private static List<List<Long>> pairs(LayerCall call, String option, int rank) {
        List<List<Long>> pairs = rank == 1 && call.config().value(option) instanceof List<?> list && list.size() == 2
                ? List.of(call.config().integers(option, 2))
                : call.config().pairs(option, rank);
        if (pairs.stream().flatMap(List::stream).anyMatch(size -> size < 0)) {
            throw call.config().wrong(option, "sizes of at least 0");
        }
        return pairs;
    }

    private static Output<?> pad(LayerCall call, Output<?> x, int rank) {
        ConvolutionLayers.requireRank(x, rank);
        List<List<Long>> padding = pairs(call, "padding", rank);
        int first = first(call, rank);
        if (rank == 1) {
            call.config().require("data_format", "channels_last");
        }
        int[][] pairs = new int[rank + 2][2];
        for (int i = 0; i < rank; i++) {
            pairs[first + i][0] = Math.toIntExact(padding.get(i).get(0));
            pairs[first + i][1] = Math.toIntExact(padding.get(i).get(1));
        }
        return call.tf().op("Pad", x, call.tf().pairs(pairs));
    }

    private static Output<?> enlarge(LayerCall call, Output<?> x, int rank) {
        ConvolutionLayers.requireRank(x, rank);
        List<Long> factors = call.config().integers("size", rank);
        if (factors.stream().anyMatch(factor -> factor < 1)) {
            throw call.config().wrong("size", "integers above 0");
        }
        String how = rank == 2
                ? call.config().among("interpolation", "nearest", Set.of("nearest", "bilinear", "bicubic"))
                : "nearest";
        int first = first(call, rank);
        return how.equals("nearest")
                ? repeated(call.tf(), x, factors, first)
                : Images.channelsLast(call, x, last -> resized(call.tf(), last, factors, RESIZES.get(how)));
    }

    /** Each element as often as the factors say: as a tensor with axes for the repetitions. */
    private static Output<?> repeated(GraphOps tf, Output<?> x, List<Long> factors, int first) {
        if (first == 1 && factors.size() == 2) {
            return resized(tf, x, factors, "ResizeNearestNeighbor");
        }
        int rank = GraphOps.rank(x);
        Output<?> y = x;
        for (int i = 0; i < factors.size(); i++) {
            int axis = first + i;
            long[] tiles = new long[rank + 1];
            Arrays.fill(tiles, 1);
            tiles[axis + 1] = factors.get(i);
            List<Object> sizes = new ArrayList<>(tf.dimensions(y, 0, rank));
            sizes.set(axis, scaled(tf, y, axis, factors.get(i)));
            y = tf.reshape(tf.op("Tile", tf.expand(y, axis + 1), tf.ints(tiles)), sizes);
        }
        return y;
    }

    private static Object scaled(GraphOps tf, Output<?> x, int axis, long factor) {
        long size = GraphOps.size(x, axis);
        return size >= 0
                ? Long.valueOf(Math.multiplyExact(size, factor))
                : tf.mul(tf.sizeOf(x, axis), tf.integer(factor));
    }

    private static Output<?> resized(GraphOps tf, Output<?> x, List<Long> factors, String op) {
        Output<?> size = tf.sizes(List.of(scaled(tf, x, 1, factors.get(0)), scaled(tf, x, 2, factors.get(1))));
        Output<?> y = tf.op(op, Map.of("half_pixel_centers", true), x, size);
        return tf.cast(y, x.dataType());
    }
}
