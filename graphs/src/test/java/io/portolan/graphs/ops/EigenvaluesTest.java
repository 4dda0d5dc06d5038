package io.portolan.graphs.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

/** Spectral radii of matrices whose eigenvalues are known. */
class EigenvaluesTest {
    /** A few ulps of float32. */
    private static final double TOLERANCE = 1e-6;

    @Test
    void theRadiusIsTheLargestMagnitudeOfAnEigenvalue() {
        float[] real = {
            0, -2, 2, 0, // ±2i
            0.5f, 7, 0, -0.25f, // its diagonal
            0, 0, 0, 0, // i/2 and 3 + 4i by the imaginary parts
        };
        float[] imaginary = new float[real.length];
        imaginary[8] = 0.5f;
        real[11] = 3;
        imaginary[11] = 4;
        List<float[]> radii = GraphFunction.evaluate(
                (tf, x) -> List.of(Eigenvalues.spectralRadius(tf, new ComplexTensor(tf, x.get(0), x.get(1)))),
                Shape.of(3, 2, 2),
                real,
                imaginary);
        float[] expected = {2, 0.5f, 5};
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) radii.get(0)[i]).isCloseTo(expected[i], within(TOLERANCE));
        }
    }
}
