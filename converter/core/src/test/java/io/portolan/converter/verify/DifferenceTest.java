package io.portolan.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    @Test
    void measuresTheLargestDifferenceAndComparesRowsByTheirLargestElement() {
        double[] expected = {1, 2, -8, 4, 4, 0};
        double[] actual = {1, 2.5, -8, 4, 5, 0};
        assertThat(Difference.between(expected, actual, 3)).isEqualTo(new Difference(1, 8, true, 2, 1));
        assertThat(Difference.between(expected, actual, 3).relative()).isEqualTo(1.0 / 8);
    }

    @Test
    void equalInfinitiesAndPairsOfNaNDoNotDiffer() {
        double[] numbers = {Double.NaN, INFINITE, -INFINITE, 0.0, 3};
        double[] others = {Double.NaN, INFINITE, -INFINITE, -0.0, 3};
        assertThat(Difference.between(numbers, others, 5)).isEqualTo(new Difference(0, 3, false, 1, 1));
    }

    @Test
    void aNumberIsInfinitelyFarFromNone() {
        for (double none : new double[] {Double.NaN, INFINITE, -INFINITE}) {
            assertThat(Difference.between(new double[] {1}, new double[] {none}, 1)
                            .largest())
                    .isEqualTo(INFINITE);
            assertThat(Difference.between(new double[] {none}, new double[] {1}, 1)
                            .largest())
                    .isEqualTo(INFINITE);
        }
    }

    @Test
    void nothingHasNoDifference() {
        assertThat(Difference.between(new float[0], new float[0])).isEqualTo(new Difference(0, 0, true, 0, 0));
    }

    @Test
    void float32IsComparedInDouble() {
        float next = Math.nextUp(1f);
        assertThat(Difference.between(new float[] {1}, new float[] {next}).largest())
                .isEqualTo(0x1p-23);
    }
}
