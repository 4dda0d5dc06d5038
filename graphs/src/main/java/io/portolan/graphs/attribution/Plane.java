package io.portolan.graphs.attribution;

import io.portolan.images.ImageInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A two-dimensional array of values.
 *
 * @param values row-major; not copied
 */
public record Plane(int height, int width, float[] values) {
    /** @throws IllegalArgumentException if the number of values does not match */
    public Plane {
        if (values.length != height * width) {
            throw new IllegalArgumentException(values.length + " values are not a plane of " + height + "x" + width);
        }
    }

    public float at(int row, int column) {
        return values[row * width + column];
    }

    /** The largest magnitude. */
    public double largest() {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i]))
                .max()
                .orElse(0);
    }

    public double sum() {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum();
    }

    public double mean() {
        return sum() / values.length;
    }

    /** The elementwise mean of planes of the same size. */
    public static Plane mean(List<Plane> planes) {
        return combine(planes, values -> values.average().orElseThrow());
    }

    /** The elementwise sum of planes of the same size. */
    public static Plane sum(List<Plane> planes) {
        return combine(planes, DoubleStream::sum);
    }

    /** This plane minus another of the same size. */
    public Plane minus(Plane that) {
        float[] difference = new float[values.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = values[i] - that.values[i];
        }
        return new Plane(height, width, difference);
    }

    /** The values row by row, for JSON. */
    public List<List<Float>> rows() {
        return IntStream.range(0, height)
                .mapToObj(row -> IntStream.range(0, width)
                        .mapToObj(column -> at(row, column))
                        .toList())
                .toList();
    }

    /** The values of planes of the same size, one plane after the other. */
    public static float[] joined(List<Plane> planes) {
        int size = planes.get(0).values.length;
        float[] all = new float[Math.multiplyExact(size, planes.size())];
        for (int i = 0; i < planes.size(); i++) {
            System.arraycopy(planes.get(i).values, 0, all, i * size, size);
        }
        return all;
    }

    private static Plane combine(List<Plane> planes, ToDoubleFunction<DoubleStream> function) {
        Plane first = planes.get(0);
        float[] combined = new float[first.values.length];
        for (int i = 0; i < combined.length; i++) {
            int index = i;
            combined[i] = (float) function.applyAsDouble(planes.stream().mapToDouble(plane -> plane.values[index]));
        }
        return new Plane(first.height, first.width, combined);
    }

    /** Splits concatenated planes. */
    static List<Plane> split(float[] values, int height, int width) {
        int size = height * width;
        List<Plane> planes = new ArrayList<>();
        for (int start = 0; start < values.length; start += size) {
            planes.add(new Plane(height, width, Arrays.copyOfRange(values, start, start + size)));
        }
        return planes;
    }

    /** The mean over pairs of channels of a convolution's weights {@code (side, side, channels, channels)}. */
    static Plane meanOfPairs(float[] weights, int side) {
        int pairs = weights.length / (side * side);
        float[] means = new float[side * side];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (int pair = 0; pair < pairs; pair++) {
                sum += weights[i * pairs + pair];
            }
            means[i] = (float) (sum / pairs);
        }
        return new Plane(side, side, means);
    }

    /**
     * For each frame of an input, or of a tensor with the input's shape, the magnitudes of each pixel summed over
     * colours.
     */
    public static List<Plane> ofPixels(float[] values, ImageInput input) {
        float[] sums = new float[values.length / input.channels()];
        for (int i = 0; i < values.length; i++) {
            sums[i / input.channels()] += Math.abs(values[i]);
        }
        return split(sums, input.height(), input.width());
    }
}
