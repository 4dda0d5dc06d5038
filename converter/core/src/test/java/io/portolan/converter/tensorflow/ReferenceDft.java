package io.portolan.converter.tensorflow;

/**
 * A tensor of complex numbers in double precision, and the definition of the transforms on it: plain sums, one axis after the
 * other. Angles are reduced in integers.
 *
 * @param re real parts, row-major
 * @param im imaginary parts
 */
record ReferenceDft(double[] re, double[] im, int... shape) {
    /** The complex transform along the last axes. */
    ReferenceDft transformed(int axes, boolean inverse) {
        return alongAxes(shape.length - axes, shape.length, inverse);
    }

    /** The first half of the spectrum of real points. */
    ReferenceDft halfSpectrum(int axes) {
        return transformed(axes, false).withLast(shape[shape.length - 1] / 2 + 1, false);
    }

    /**
     * The real points of half a spectrum that need not be Hermitian: complex along all axes but the last, then the other half of
     * the last one is taken to be the mirror image, and imaginary parts of columns that are their own mirror images count for nothing.
     */
    double[] realPoints(int axes, int width) {
        ReferenceDft rows =
                alongAxes(shape.length - axes, shape.length - 1, true).withLast(width, true);
        return rows.alongAxes(shape.length - 1, shape.length, true).re;
    }

    private ReferenceDft alongAxes(int from, int to, boolean inverse) {
        ReferenceDft result = this;
        for (int axis = from; axis < to; axis++) {
            result = result.alongAxis(axis, inverse);
        }
        return result;
    }

    private ReferenceDft alongAxis(int axis, boolean inverse) {
        int n = shape[axis];
        int stride = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            stride *= shape[i];
        }
        double[] cos = new double[n];
        double[] sin = new double[n];
        for (int i = 0; i < n; i++) {
            cos[i] = Math.cos(2 * Math.PI * i / n);
            sin[i] = Math.sin((inverse ? 2 : -2) * Math.PI * i / n);
        }
        double[] newRe = new double[re.length];
        double[] newIm = new double[re.length];
        for (int i = 0; i < re.length; i++) {
            int k = i / stride % n;
            int start = i - k * stride;
            for (int j = 0; j < n; j++) {
                int turn = (int) ((long) j * k % n);
                double a = re[start + j * stride];
                double b = im[start + j * stride];
                newRe[i] += a * cos[turn] - b * sin[turn];
                newIm[i] += a * sin[turn] + b * cos[turn];
            }
            newRe[i] /= inverse ? n : 1;
            newIm[i] /= inverse ? n : 1;
        }
        return new ReferenceDft(newRe, newIm, shape);
    }

    /** Rows cut to a size, or completed to it by their mirror images. */
    private ReferenceDft withLast(int size, boolean mirrored) {
        int old = shape[shape.length - 1];
        int rows = re.length / old;
        double[] newRe = new double[rows * size];
        double[] newIm = new double[rows * size];
        for (int i = 0; i < newRe.length; i++) {
            int column = i % size;
            boolean isImage = column >= old;
            int source = i / size * old + (isImage ? size - column : column);
            newRe[i] = re[source];
            boolean isOwnImage = column == 0 || 2 * column == size;
            newIm[i] = mirrored && isOwnImage ? 0 : isImage ? -im[source] : im[source];
        }
        int[] newShape = shape.clone();
        newShape[shape.length - 1] = size;
        return new ReferenceDft(newRe, newIm, newShape);
    }
}
