package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.Kernels;
import java.util.Arrays;

/**
 * The half spectrum (H, F) of a real map, F = ⌊W/2⌋+1, in plain Java: kernels are small, so that looking at them needs
 * no TensorFlow. The convention is that of {@link io.portolan.graphs.ops.Fft}.
 */
final class HalfSpectrum {
    private final int height;
    private final int width;
    private final double[] real;
    private final double[] imaginary;

    private HalfSpectrum(int height, int width) {
        this(height, width, new double[height * columns(width)], new double[height * columns(width)]);
    }

    private HalfSpectrum(int height, int width, double[] real, double[] imaginary) {
        this.height = height;
        this.width = width;
        this.real = real;
        this.imaginary = imaginary;
    }

    /** The spectrum of a kernel that is centred on a map by cropping or zero padding. */
    static HalfSpectrum ofKernel(Plane kernel, int height, int width) {
        int side = kernel.height();
        boolean cropped = side > height || side > width;
        int fromRow = cropped ? (side - height) / 2 : 0;
        int fromColumn = cropped ? (side - width) / 2 : 0;
        int above = cropped ? 0 : (height - side) / 2;
        int left = cropped ? 0 : (width - side) / 2;
        int rows = cropped ? height : side;
        int columns = cropped ? width : side;
        int half = columns(width);
        double[] byRowReal = new double[rows * half];
        double[] byRowImaginary = new double[rows * half];
        for (int row = 0; row < rows; row++) {
            for (int f = 0; f < half; f++) {
                for (int column = 0; column < columns; column++) {
                    double angle = -angle(f, left + column, width);
                    float value = kernel.at(fromRow + row, fromColumn + column);
                    byRowReal[row * half + f] += value * Math.cos(angle);
                    byRowImaginary[row * half + f] += value * Math.sin(angle);
                }
            }
        }
        HalfSpectrum spectrum = new HalfSpectrum(height, width);
        for (int u = 0; u < height; u++) {
            for (int row = 0; row < rows; row++) {
                double angle = -angle(u, above + row, height);
                spectrum.addRow(u, byRowReal, byRowImaginary, row, Math.cos(angle), Math.sin(angle));
            }
        }
        return spectrum;
    }

    /** The map (H, W) of this spectrum. */
    double[] inverse() {
        int half = columns(width);
        HalfSpectrum byRow = new HalfSpectrum(height, width);
        for (int row = 0; row < height; row++) {
            for (int u = 0; u < height; u++) {
                double angle = angle(u, row, height);
                byRow.addRow(row, real, imaginary, u, Math.cos(angle), Math.sin(angle));
            }
        }
        double[] map = new double[height * width];
        for (int f = 0; f < half; f++) {
            // A column that is not its own mirror image stands for both.
            int count = f == 0 || 2 * f == width ? 1 : 2;
            for (int column = 0; column < width; column++) {
                double cos = count * Math.cos(angle(f, column, width)) / (height * width);
                double sin = count * Math.sin(angle(f, column, width)) / (height * width);
                for (int row = 0; row < height; row++) {
                    map[row * width + column] +=
                            byRow.real[row * half + f] * cos - byRow.imaginary[row * half + f] * sin;
                }
            }
        }
        return map;
    }

    private void addRow(int row, double[] fromReal, double[] fromImaginary, int from, double cos, double sin) {
        int half = columns(width);
        for (int f = 0; f < half; f++) {
            double a = fromReal[from * half + f];
            double b = fromImaginary[from * half + f];
            real[row * half + f] += a * cos - b * sin;
            imaginary[row * half + f] += a * sin + b * cos;
        }
    }

    /** Magnitudes below {@link Kernels#SPECTRAL_BOUND}, phases kept. */
    HalfSpectrum squashed() {
        double[] magnitude = magnitude();
        double[] factors = Arrays.stream(magnitude)
                .map(size -> Kernels.SPECTRAL_BOUND / (1 + size))
                .toArray();
        HalfSpectrum squashed = new HalfSpectrum(height, width, real.clone(), imaginary.clone());
        for (int i = 0; i < factors.length; i++) {
            squashed.real[i] *= factors[i];
            squashed.imaginary[i] *= factors[i];
        }
        return squashed;
    }

    HalfSpectrum times(HalfSpectrum that) {
        HalfSpectrum product = new HalfSpectrum(height, width);
        for (int i = 0; i < real.length; i++) {
            product.real[i] = real[i] * that.real[i] - imaginary[i] * that.imaginary[i];
            product.imaginary[i] = real[i] * that.imaginary[i] + imaginary[i] * that.real[i];
        }
        return product;
    }

    double[] magnitude() {
        double[] magnitude = new double[real.length];
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = Math.hypot(real[i], imaginary[i]);
        }
        return magnitude;
    }

    /** F, the number of columns of a half spectrum. */
    static int columns(int width) {
        return width / 2 + 1;
    }

    private static double angle(int frequency, int position, int size) {
        return 2 * Math.PI * ((long) frequency * position % size) / size;
    }
}
