package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Initial weights have the reference's names, shapes, order and distributions. */
class InitializationTest {
    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#small")
    void theTreeIsTheReferences(GoldenCase golden) {
        Checkpoint fresh = Initialization.of(GoldenModel.config(golden), 1);
        assertSameTree(fresh.parameters(), golden.checkpoint().parameters());
        assertSameTree(fresh.batchStatistics(), golden.checkpoint().batchStatistics());
    }

    @Test
    void distributionsAreFlaxs() {
        Checkpoint fresh = Initialization.of(TinyRun.MODEL, 1);
        assertThat(values(fresh, "norm1/scale")).containsOnly(1);
        assertThat(values(fresh, "head/bias")).containsOnly(0);
        assertThat(fresh.batchStatistics().find("norm1/var").orElseThrow().toFloats())
                .containsOnly(1);
        assertThat(fresh.batchStatistics().find("norm1/mean").orElseThrow().toFloats())
                .containsOnly(0);
        // 576 and 200 numbers: their deviation is known to some percent.
        double convolution = Math.sqrt(1 / (3 * 3 * 8.0));
        assertThat(deviation(fresh, "conv2/kernel")).isCloseTo(convolution, within(0.1 * convolution));
        assertThat(largest(fresh, "conv2/kernel")).isLessThanOrEqualTo(2 * convolution / 0.8796);
        assertThat(deviation(fresh, "cssm_0/kernel")).isCloseTo(0.02, within(0.003));
    }

    @Test
    void spectralKernelsOfTheOtherCellsDependOnTheirSize() {
        Checkpoint fresh = Initialization.of(GoldenModel.config(GoldenCase.named("transformer_32")), 1);
        long[] shape = fresh.parameters().find("cssm_0/kernel").orElseThrow().shape();
        double expected = 1 / Math.sqrt(shape[0] * shape[1]);
        assertThat(deviation(fresh, "cssm_0/kernel")).isCloseTo(expected, within(0.15 * expected));
    }

    @Test
    void theSeedDecides() {
        assertThat(Initialization.of(TinyRun.MODEL, 1)).isEqualTo(Initialization.of(TinyRun.MODEL, 1));
        assertThat(values(Initialization.of(TinyRun.MODEL, 1), "head/kernel"))
                .isNotEqualTo(values(Initialization.of(TinyRun.MODEL, 2), "head/kernel"));
    }

    private static void assertSameTree(ParameterTree actual, ParameterTree expected) {
        assertThat(List.copyOf(actual.arrays().keySet()))
                .isEqualTo(List.copyOf(expected.arrays().keySet()));
        actual.arrays()
                .forEach((path, array) -> assertThat(array.shape())
                        .as(path)
                        .isEqualTo(expected.find(path).map(ArrayData::shape).orElseThrow()));
    }

    private static float[] values(Checkpoint checkpoint, String path) {
        return checkpoint.parameters().find(path).orElseThrow().toFloats();
    }

    private static double deviation(Checkpoint checkpoint, String path) {
        float[] values = values(checkpoint, path);
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / values.length);
    }

    private static double largest(Checkpoint checkpoint, String path) {
        float[] values = values(checkpoint, path);
        Arrays.sort(values);
        return Math.max(-values[0], values[values.length - 1]);
    }
}
