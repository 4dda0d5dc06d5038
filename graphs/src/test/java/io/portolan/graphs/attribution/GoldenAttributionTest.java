package io.portolan.graphs.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributions match the reference: image 0 for class 1 ("positive"), image 1 for class 0 ("negative"). */
class GoldenAttributionTest {
    /** Relative. The reference's gradients include the floors and offsets of log space, and those here do not (see
     * {@code GoldenGradientTest}), but sums of magnitudes average most of that out. Seen: at most 4e-5.
     */
    private static final double TOLERANCE = 1e-4;

    /**
     * Near the baseline all features are almost equal, and layer normalisation, which takes its variance as a
     * difference of squares, is off by 2e-4. That decides which of four values is the largest in a pooling window, and
     * so where that window's gradient goes. Summing the same sixteen channels in another order moves the result by 2e-5
     * to 6e-3; with the statistics in double precision, which do not depend on the order, two of the four images are
     * within 3e-5 of the reference and two 2.5e-4 and 5.3e-4 from it, each by one window.
     */
    private static final double WITH_TIES = 1e-2;

    /**
     * The receptive field of one window of the second pooling, 10x10 pixels of 3 colours; all other values must agree.
     */
    private static final int NUMBERS_OF_A_WINDOW = 10 * 10 * 3;

    @Test
    void attributionsMatchTheReference() {
        compare(GoldenCase.named("hgru_bi_32"));
    }

    @Tag("slow")
    @Test
    void attributionsOfATransformerMatchTheReference() {
        compare(GoldenCase.named("transformer_32"));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#full")
    void attributionsMatchTheReferenceAtThePublishedSize(GoldenCase golden) {
        compare(golden);
    }

    private static void compare(GoldenCase golden) {
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), GoldenModel.config(golden))) {
            float[] images = golden.tensor("input").toFloats();
            int size = images.length / Math.toIntExact(golden.tensor("input").shape()[0]);
            float[] first = Arrays.copyOfRange(images, 0, size);
            float[] second = Arrays.copyOfRange(images, size, 2 * size);
            compare(golden, "attribution/positive/", explainer, first, 1);
            compare(golden, "attribution/negative/", explainer, second, 0);

            Map<String, Float> summary = scalars(golden, "gate_summary/");
            assertThat(explainer.gateSummary("cssm_0").keySet()).containsExactlyInAnyOrderElementsOf(summary.keySet());
            explainer
                    .gateSummary("cssm_0")
                    .forEach((gate, value) -> assertClose(gate, value.recipe(), summary.get(gate)));
        }
    }

    private static void compare(
            GoldenCase golden, String prefix, ModelExplainer explainer, float[] image, int chosenClass) {
        TemporalGradients temporal = explainer.temporalGradients(image, chosenClass);
        float[] perFrame = golden.tensor(prefix + "temporal").toFloats();
        for (int t = 0; t < perFrame.length; t++) {
            assertClose("frame " + t, temporal.perFrame()[t], perFrame[t]);
        }
        assertThat(temporal.cumulative()[perFrame.length - 1]).isEqualTo(1);

        MechanismGradients gradients = explainer.mechanismGradients(image, chosenClass);
        Map<String, Float> mechanisms = scalars(golden, prefix + "mechanism/");
        assertThat(gradients.mechanisms().keySet().stream().map(GoldenAttributionTest::name))
                .containsExactlyInAnyOrderElementsOf(mechanisms.keySet());
        Map<String, Float> kernelsOnly = scalars(golden, prefix + "mechanism_kernel_only/");
        gradients.mechanisms().forEach((path, mechanism) -> {
            assertClose(path, mechanism.mean(), mechanisms.get(name(path)));
            assertClose(path, mechanism.ofKernel(), kernelsOnly.getOrDefault(name(path), mechanisms.get(name(path))));
        });
        gradients
                .kernels()
                .forEach(
                        (path, plane) -> assertSame(golden, prefix + "kernel_grad_mean/" + name(path), plane.values()));

        if (golden.tensors().containsKey(prefix + "integrated_gradients")) {
            IntegratedGradients integrated =
                    explainer.integratedGradients(image, chosenClass, IntegratedGradients.Path.REFERENCE);
            float[] expected = golden.tensor(prefix + "integrated_gradients").toFloats();
            assertThat(Closeness.between(integrated.values(), expected).relative())
                    .isLessThan(WITH_TIES);
            assertThat(withoutFarthest(NUMBERS_OF_A_WINDOW, integrated.values(), expected))
                    .isLessThan(TOLERANCE);
            for (int t = 0; t < perFrame.length; t++) {
                float[] map = temporal.maps().get(t).values();
                float[] maps = golden.tensor(prefix + "temporal_maps").toFloats();
                float[] frame = Arrays.copyOfRange(maps, t * map.length, (t + 1) * map.length);
                assertThat(Closeness.between(map, frame).relative())
                        .as("map " + t)
                        .isLessThan(TOLERANCE);
            }
        }
    }

    /**
     * With midpoints the baseline is no point of the path, so that the result is steady: the model's own noise, what the last bits of
     * the image change, is far below what the reference's points leave to chance. Printed beside it is how far fifty points are from a
     * hundred, and from the sum that they should have. Seen: noise of 7e-6.
     */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"transformer_32", "hgru_bi_32"})
    void theNoiseOfMidpointsIsSmall(String name) {
        GoldenCase golden = GoldenCase.named(name);
        float[] images = golden.tensor("input").toFloats();
        int size = images.length / Math.toIntExact(golden.tensor("input").shape()[0]);
        IntegratedGradients.Path fifty =
                new IntegratedGradients.Path(50, Baseline.ZERO, IntegratedGradients.Rule.MIDPOINTS);
        IntegratedGradients.Path hundred =
                new IntegratedGradients.Path(100, Baseline.ZERO, IntegratedGradients.Rule.MIDPOINTS);
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), GoldenModel.config(golden))) {
            float[] image = Arrays.copyOf(images, size);
            float[] moved = new float[size];
            IntStream.range(0, size)
                    .forEach(i -> moved[i] = i % 2 == 0 ? Math.nextUp(image[i]) : Math.nextDown(image[i]));
            IntegratedGradients integrated = explainer.integratedGradients(image, 1, fifty);
            double noise = Closeness.between(
                            explainer.integratedGradients(moved, 1, fifty).values(), integrated.values())
                    .relative();
            double distance = Closeness.between(
                            integrated.values(),
                            explainer.integratedGradients(image, 1, hundred).values())
                    .relative();
            System.out.printf(
                    "%s: integrated gradients with 50 midpoints, noise %.1e, to 100 midpoints %.1e, completeness error %.1e%n",
                    name, noise, distance, integrated.completenessError());
            assertThat(noise).isLessThan(TOLERANCE);
        }
    }

    /** The relative L2 distance without the values that differ most. */
    private static double withoutFarthest(int leftOut, float[] actual, float[] expected) {
        double[] squares = IntStream.range(0, actual.length)
                .mapToDouble(i -> Math.pow((double) actual[i] - expected[i], 2))
                .sorted()
                .limit(actual.length - leftOut)
                .toArray();
        double norm = IntStream.range(0, expected.length)
                .mapToDouble(i -> (double) expected[i] * expected[i])
                .sum();
        return Math.sqrt(Arrays.stream(squares).sum() / norm);
    }

    /** All scalars below a prefix by the rest of their names. */
    private static Map<String, Float> scalars(GoldenCase golden, String prefix) {
        return golden.tensors().keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .collect(Collectors.toMap(
                        key -> key.substring(prefix.length()),
                        key -> golden.tensor(key).toFloats()[0],
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static String name(String path) {
        return path.substring("cssm_0/".length());
    }

    private static void assertClose(String what, double actual, double expected) {
        assertThat(actual).as(what).isCloseTo(expected, Percentage.withPercentage(100 * TOLERANCE));
    }

    private static void assertSame(GoldenCase golden, String key, float[] actual) {
        assertThat(Closeness.between(actual, golden.tensor(key).toFloats()).relative())
                .as(key)
                .isLessThan(TOLERANCE);
    }
}
