package io.portolan.graphs.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.graphs.golden.Closeness;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

/** The transforms against their definitions in double precision. */
class FftTest {
    /** A float32 FFT of up to 3136 points keeps about 1e-7; the sums here are of at most 56 + 29 terms. */
    private static final double RELATIVE = 3e-7;

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "7,7", "8,8", "6,10", "9,4", "1,8", "8,1", "56,56"})
    void theForwardTransformIsThePlainSum(int height, int width) {
        float[] x = random(height * width);
        List<float[]> spectrum = GraphFunction.evaluate(
                (tf, in) -> {
                    ComplexTensor result = new Fft(tf, height, width).rfft2(in.get(0));
                    return List.of(result.real(), result.imaginary());
                },
                Shape.of(height, width),
                x);
        int half = width / 2 + 1;
        float[] real = new float[height * half];
        float[] imaginary = new float[height * half];
        for (int u = 0; u < height; u++) {
            for (int v = 0; v < half; v++) {
                double re = 0;
                double im = 0;
                for (int h = 0; h < height; h++) {
                    for (int w = 0; w < width; w++) {
                        double angle = 2 * Math.PI * ((double) u * h / height + (double) v * w / width);
                        re += x[h * width + w] * Math.cos(angle);
                        im -= x[h * width + w] * Math.sin(angle);
                    }
                }
                real[u * half + v] = (float) re;
                imaginary[u * half + v] = (float) im;
            }
        }
        assertThat(Closeness.between(join(spectrum.get(0), spectrum.get(1)), join(real, imaginary))
                        .relative())
                .isLessThan(RELATIVE);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "7,7", "8,8", "6,10", "9,4", "1,8", "8,1", "56,56"})
    void theInverseOfASpectrumThatIsNotHermitianGoesAlongHeightFirst(int height, int width) {
        int half = width / 2 + 1;
        float[] real = random(height * half);
        float[] imaginary = random(height * half);
        float[] actual = GraphFunction.evaluate(
                        (tf, in) ->
                                List.of(new Fft(tf, height, width).irfft2(new ComplexTensor(tf, in.get(0), in.get(1)))),
                        Shape.of(height, half),
                        real,
                        imaginary)
                .get(0);
        assertThat(Closeness.between(actual, inverse(real, imaginary, height, width))
                        .relative())
                .isLessThan(RELATIVE);
    }

    /**
     * numpy's definition: a complex inverse along height, then a real one along width that ignores the imaginary parts
     * of its first and middle columns.
     */
    private static float[] inverse(float[] real, float[] imaginary, int height, int width) {
        int half = width / 2 + 1;
        float[] x = new float[height * width];
        for (int h = 0; h < height; h++) {
            for (int v = 0; v < half; v++) {
                double re = 0;
                double im = 0;
                for (int u = 0; u < height; u++) {
                    double angle = 2 * Math.PI * ((u * h) % height) / height;
                    int at = u * half + v;
                    re += real[at] * Math.cos(angle) - imaginary[at] * Math.sin(angle);
                    im += real[at] * Math.sin(angle) + imaginary[at] * Math.cos(angle);
                }
                boolean alone = v == 0 || 2 * v == width;
                for (int w = 0; w < width; w++) {
                    double angle = 2 * Math.PI * ((v * w) % width) / width;
                    double term = alone ? re * Math.cos(angle) : 2 * (re * Math.cos(angle) - im * Math.sin(angle));
                    x[h * width + w] += (float) (term / (height * (double) width));
                }
            }
        }
        return x;
    }

    private static float[] random(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] join(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
