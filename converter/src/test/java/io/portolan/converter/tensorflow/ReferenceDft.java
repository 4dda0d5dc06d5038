package io.portolan.converter.tensorflow;

import java.util.List;

/** The definition of the transforms in double precision, as plain sums. */
final class ReferenceDft {
    private ReferenceDft() {}

    /** Real and imaginary part of the half spectrum of a plane. */
    static List<double[]> forward(double[] plane, int height, int width) {
        int columns = width / 2 + 1;
        double[] re = new double[height * columns];
        double[] im = new double[height * columns];
        for (int i = 0; i < re.length; i++) {
            for (int point = 0; point < plane.length; point++) {
                double angle = -2 * Math.PI * ((double) (i / columns * (point / width) % height) / height
                        + (double) (i % columns * (point % width) % width) / width);
                re[i] += plane[point] * Math.cos(angle);
                im[i] += plane[point] * Math.sin(angle);
            }
        }
        return List.of(re, im);
    }

    /** The plane of a half spectrum: complex along the columns, then complex to real along the rows. */
    static double[] inverse(double[] re, double[] im, int height, int width) {
        int columns = width / 2 + 1;
        double[] plane = new double[height * width];
        for (int row = 0; row < height; row++) {
            for (int k = 0; k < columns; k++) {
                double rowRe = 0;
                double rowIm = 0;
                for (int j = 0; j < height; j++) {
                    double angle = 2 * Math.PI * (row * j % height) / height;
                    double a = re[j * columns + k];
                    double b = im[j * columns + k];
                    rowRe += (a * Math.cos(angle) - b * Math.sin(angle)) / height;
                    rowIm += (a * Math.sin(angle) + b * Math.cos(angle)) / height;
                }
                boolean isOwnMirror = k == 0 || 2 * k == width;
                for (int n = 0; n < width; n++) {
                    double angle = 2 * Math.PI * (k * n % width) / width;
                    plane[row * width + n] += isOwnMirror ? rowRe * Math.cos(angle) / width
                            : 2 * (rowRe * Math.cos(angle) - rowIm * Math.sin(angle)) / width;
                }
            }
        }
        return plane;
    }
}
