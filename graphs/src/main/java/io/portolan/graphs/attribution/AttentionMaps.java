package io.portolan.graphs.attribution;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * One layer of attention for one sample.
 *
 * @param among what attends to what
 * @param weights what each query takes of each key, {@code (N, heads, queries, keys)}, N frames or N places; a row sums up to 1; empty if only
 *     means are kept
 * @param received for each head its planes. Among places: for each frame, the share of each place (H, W) in what all places take
 *     on average; a plane sums up to 1. Among frames: one plane, rows that take and columns that are taken of, averaged over places
 * @param distances for each head, the mean distance between a place and what it takes of, in places; none among frames
 */
public record AttentionMaps(
        Among among, float[] weights, int queries, int keys, List<List<Plane>> received, List<Double> distances) {
    /** The tokens of a layer. */
    public enum Among {
        PLACES("places"),
        FRAMES("frames");

        private final String label;

        Among(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * Among places.
     *
     * @param weights {@code (frames, heads, H·W, H·W)}
     */
    static AttentionMaps amongPlaces(float[] weights, int heads, int height, int width) {
        int places = height * width;
        int frames = weights.length / (heads * places * places);
        return new AttentionMaps(
                Among.PLACES,
                weights,
                places,
                places,
                byHead(
                        heads,
                        head -> IntStream.range(0, frames)
                                .mapToObj(frame -> meanRow(weights, frame * heads + head, height, width))
                                .toList()),
                distances(weights, heads, places, width));
    }

    /**
     * Among frames.
     *
     * @param weights {@code (places, heads, frames that take, frames)}
     */
    static AttentionMaps amongFrames(float[] weights, int heads, int queries, int frames) {
        int places = weights.length / (heads * queries * frames);
        return new AttentionMaps(
                Among.FRAMES,
                weights,
                queries,
                frames,
                byHead(
                        heads,
                        head -> List.of(Plane.mean(IntStream.range(0, places)
                                .mapToObj(place -> matrix(weights, place * heads + head, queries, frames))
                                .toList()))),
                List.of());
    }

    private static List<List<Plane>> byHead(int heads, IntFunction<List<Plane>> planes) {
        return IntStream.range(0, heads).mapToObj(planes).toList();
    }

    private static Plane matrix(float[] weights, int number, int rows, int columns) {
        int size = rows * columns;
        return new Plane(rows, columns, Arrays.copyOfRange(weights, number * size, (number + 1) * size));
    }

    /** The mean row of a matrix, as a map. */
    private static Plane meanRow(float[] weights, int number, int height, int width) {
        int places = height * width;
        double[] sums = new double[places];
        for (int i = 0; i < places * places; i++) {
            sums[i % places] += weights[number * places * places + i];
        }
        float[] mean = new float[places];
        for (int i = 0; i < places; i++) {
            mean[i] = (float) (sums[i] / places);
        }
        return new Plane(height, width, mean);
    }

    /** Number of heads. */
    public int heads() {
        return received.size();
    }

    /** The shape of {@link #weights}. */
    public long[] shape() {
        return new long[] {weights.length / ((long) heads() * queries * keys), heads(), queries, keys};
    }

    /** For each head, the mean distance between a place and what it takes of, in places. */
    private static List<Double> distances(float[] weights, int heads, int places, int width) {
        int size = places * places;
        double[] sums = new double[heads];
        for (int i = 0; i < weights.length; i++) {
            int query = i % size / places;
            int key = i % places;
            sums[i / size % heads] += weights[i] * Math.hypot(query / width - key / width, query % width - key % width);
        }
        double rows = (double) weights.length / (heads * places);
        return IntStream.range(0, heads).mapToObj(head -> sums[head] / rows).toList();
    }

    /** The same without the weights, which are many. */
    public AttentionMaps meansOnly() {
        return new AttentionMaps(among, new float[0], queries, keys, received, distances);
    }
}
