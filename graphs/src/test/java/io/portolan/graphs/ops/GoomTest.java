package io.portolan.graphs.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class GoomTest {
    private static final Offset<Float> ULPS = Offset.offset(4e-7f);

    @Test
    void aNumberIsItsLogarithmAndPhase() {
        float[][] z = toGoom(new float[] {1, -2, 0, 3}, new float[] {0, 0, 5, -4});
        assertClose(z[0], 0, Math.log(2), Math.log(5), Math.log(5));
        assertClose(z[1], 0, Math.PI, Math.PI / 2, Math.atan2(-4, 3));
    }

    @Test
    void belowTheFloorANumberIsTheFloorAndLosesItsPhase() {
        float[][] z = toGoom(new float[] {0, -9e-8f, 0, -2e-7f}, new float[] {0, 0, 9e-8f, 0});
        float floor = (float) Math.log(1e-7);
        assertClose(z[0], floor, floor, floor, Math.log(2e-7));
        assertClose(z[1], 0, 0, 0, Math.PI);
    }

    @Test
    void sumsOfLogarithmsAreLogarithmsOfSums() {
        // 3 + 4i, -1e20 + 1e20 and 1e30 + 1, whose plain squares would overflow
        float[] a = {(float) Math.log(3), (float) Math.log(1e20), (float) Math.log(1e30)};
        float[] aPhase = {0, (float) Math.PI, 0};
        float[] b = {(float) Math.log(4), (float) Math.log(1e20), 0};
        float[] bPhase = {(float) (Math.PI / 2), 0, 0};
        List<float[]> sum = GraphFunction.evaluate(
                (tf, in) -> {
                    ComplexTensor result = new Goom(tf)
                            .logAddExp(
                                    new ComplexTensor(tf, in.get(0), in.get(1)),
                                    new ComplexTensor(tf, in.get(2), in.get(3)));
                    return List.of(result.real(), result.imaginary());
                },
                Shape.of(3),
                a,
                aPhase,
                b,
                bPhase);
        assertThat(sum.get(0)[0]).isCloseTo((float) Math.log(5), ULPS);
        assertThat(sum.get(1)[0]).isCloseTo((float) Math.atan2(4, 3), ULPS);
        assertThat(sum.get(0)[1])
                .as("a cancelled sum is floored at its terms' size times 1e-7")
                .isCloseTo((float) (Math.log(1e20) + Math.log(1e-7)), Offset.offset(1e-5f));
        assertThat(sum.get(0)[2]).isEqualTo(a[2]);
    }

    private static float[][] toGoom(float[] real, float[] imaginary) {
        return GraphFunction.evaluate(
                        (tf, in) -> {
                            ComplexTensor result = new Goom(tf).toGoom(new ComplexTensor(tf, in.get(0), in.get(1)));
                            return List.of(result.real(), result.imaginary());
                        },
                        Shape.of(real.length),
                        real,
                        imaginary)
                .toArray(float[][]::new);
    }

    private static void assertClose(float[] actual, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            // ln 1e-7 is -16.1, whose last place alone is 2e-6.
            assertThat(actual[i]).isCloseTo((float) expected[i], Offset.offset((float)
                    Math.max(4e-7, 1.5e-7 * Math.abs(expected[i]))));
        }
    }
}
