package io.portolan.graphs.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.config.HgruConfig;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The circuit of an hGRU by step is that of its equations ({@code docs/model.md}, section 8.1), transcribed in doubles. */
class HgruCircuitTest {
    /** Relative to the largest value. Seen: at most 4e-7. */
    private static final double TOLERANCE = 1e-6;

    private static final double EPSILON = 1e-3;

    @ParameterizedTest
    @ValueSource(strings = {"hgru_eta_16", "hgru_batch_20", "hgru_relu_18"})
    void everyVariableOfEveryStepFollowsTheEquations(String name) {
        GoldenCase golden = GoldenCase.named("baselines/" + name);
        HgruConfig config = (HgruConfig) GoldenModel.config(golden);
        float[] all = golden.tensor("input").toFloats();
        float[] image = Arrays.copyOf(all, config.imageHeight() * config.imageWidth());
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), config)) {
            StepTerms circuit = explainer.stepTerms("hgru", image, 1).orElseThrow();
            CellObservation observed = explainer.observe("hgru", image);
            Equations equations = new Equations(golden.checkpoint(), config);
            double[] drive = equations.drive(image);
            double[] h2 = new double[drive.length];
            for (int t = 0; t < config.frames(); t++) {
                Map<String, double[]> expected = equations.step(drive, h2, t);
                h2 = expected.get("H2");
                int step = t;
                assertThat(circuit.states())
                        .extracting(StepTerms.State::symbol)
                        .containsExactly("C1", "S1", "H1", "C2", "S2", "H2_new", "H2");
                circuit.states()
                        .forEach(variable -> assertClose(
                                variable.symbol() + " at " + step,
                                equations.ofStep(variable.maps(), step),
                                expected.get(variable.symbol())));
                assertThat(observed.gatesInSpace().get("gain").get(t).mean())
                        .isCloseTo(Arrays.stream(expected.get("G1")).average().orElseThrow(), within(TOLERANCE));
            }
        }
    }

    private static void assertClose(String what, double[] actual, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as(what)
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(largest, 1e-30));
        }
    }

    /** The equations, for maps (H, W, k) in row-major order. */
    private record Equations(Checkpoint checkpoint, HgruConfig config) {
        double[] drive(float[] image) {
            double[] pixels = new double[image.length];
            Arrays.setAll(pixels, i -> image[i]);
            double[] bias = weights("input/bias");
            double[] filtered = convolved(pixels, 1, "input/kernel");
            double[] drive = new double[filtered.length];
            Arrays.setAll(drive, i -> Math.pow(filtered[i] + bias[i % bias.length], 2));
            return drive;
        }

        Map<String, double[]> step(double[] x, double[] h2, int t) {
            boolean rectified = config.isRectified();
            DoubleUnaryOperator zeta = rectified ? value -> Math.max(0, value) : Math::tanh;
            Map<String, double[]> values = new LinkedHashMap<>();
            double[] g1 = map(
                    normed(biased(convolved(h2, config.channels(), "hgru/gain/kernel"), "hgru/gain/bias"), "g1", t),
                    Equations::sigmoid);
            double[] c1 = normed(
                    convolved(zip(g1, h2, (a, b) -> a * b), config.channels(), rectified ? "hgru/w_inh" : "hgru/w"),
                    "c1",
                    t);
            double[] alpha = weights("hgru/alpha");
            double[] mu = weights("hgru/mu");
            double[] s1 = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                int k = i % alpha.length;
                double inhibition = c1[i] * (alpha[k] * h2[i] + mu[k]);
                s1[i] = x[i] - (rectified ? Math.max(0, inhibition) : inhibition);
            }
            double[] h1 = map(s1, zeta);
            double[] g2 = map(
                    normed(biased(convolved(h1, config.channels(), "hgru/mix/kernel"), "hgru/mix/bias"), "g2", t),
                    Equations::sigmoid);
            double[] c2 = normed(convolved(h1, config.channels(), rectified ? "hgru/w_exc" : "hgru/w"), "c2", t);
            double[] gamma = weights("hgru/gamma");
            double[] kappa = weights("hgru/kappa");
            double[] omega = weights("hgru/omega");
            double[] s2 = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                int k = i % gamma.length;
                double excitation = gamma[k] * c2[i];
                s2[i] = kappa[k] * (h1[i] + excitation) + omega[k] * h1[i] * excitation;
            }
            double[] candidate = map(s2, zeta);
            double eta = config.hasBatchNorm() ? 1 : weights("hgru/eta")[t];
            double[] next = new double[x.length];
            Arrays.setAll(next, i -> eta * (g2[i] * h2[i] + (1 - g2[i]) * candidate[i]));
            values.put("G1", g1);
            values.put("C1", c1);
            values.put("S1", s1);
            values.put("H1", h1);
            values.put("C2", c2);
            values.put("S2", s2);
            values.put("H2_new", candidate);
            values.put("H2", next);
            return values;
        }

        private double[] normed(double[] x, String name, int t) {
            if (!config.hasBatchNorm()) {
                return x;
            }
            double[] scale = weights("hgru/bn_" + name + "_" + t + "/scale");
            double[] mean = statistics(name + "_" + t + "/mean");
            double[] variance = statistics(name + "_" + t + "/var");
            double[] normed = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                int k = i % scale.length;
                normed[i] = (x[i] - mean[k]) / Math.sqrt(variance[k] + EPSILON) * scale[k];
            }
            return normed;
        }

        private double[] biased(double[] x, String name) {
            double[] bias = weights(name);
            double[] sum = new double[x.length];
            Arrays.setAll(sum, i -> x[i] + bias[i % bias.length]);
            return sum;
        }

        /** With zeros outside; the kernel (s, s, in, out) is centred. */
        private double[] convolved(double[] x, int in, String name) {
            double[] kernel = weights(name);
            long[] shape = checkpoint.parameters().find(name).orElseThrow().shape();
            int side = (int) shape[0];
            int out = (int) shape[3];
            int height = config.imageHeight();
            int width = config.imageWidth();
            double[] y = new double[height * width * out];
            for (int place = 0; place < height * width; place++) {
                for (int tap = 0; tap < side * side; tap++) {
                    int row = place / width + tap / side - side / 2;
                    int column = place % width + tap % side - side / 2;
                    if (row >= 0 && row < height && column >= 0 && column < width) {
                        for (int from = 0; from < in; from++) {
                            for (int to = 0; to < out; to++) {
                                y[place * out + to] +=
                                        x[(row * width + column) * in + from] * kernel[(tap * in + from) * out + to];
                            }
                        }
                    }
                }
            }
            return y;
        }

        /** A step's maps (C, H, W) as (H, W, C). */
        double[] ofStep(StepTerms.Maps maps, int step) {
            int places = maps.height() * maps.width();
            double[] channelsLast = new double[places * maps.channels()];
            for (int i = 0; i < channelsLast.length; i++) {
                int at = (step * maps.channels() + i % maps.channels()) * places + i / maps.channels();
                channelsLast[i] = maps.values()[at];
            }
            return channelsLast;
        }

        private double[] weights(String path) {
            return doubles(checkpoint.parameters().find(path).orElseThrow().toFloats());
        }

        private double[] statistics(String path) {
            return doubles(checkpoint.batchStatistics().find(path).orElseThrow().toFloats());
        }

        private static double[] doubles(float[] values) {
            double[] exact = new double[values.length];
            Arrays.setAll(exact, i -> values[i]);
            return exact;
        }

        private static double sigmoid(double x) {
            return 1 / (1 + Math.exp(-x));
        }

        private static double[] map(double[] x, DoubleUnaryOperator function) {
            return Arrays.stream(x).map(function).toArray();
        }

        private static double[] zip(double[] x, double[] y, DoubleBinaryOperator function) {
            double[] both = new double[x.length];
            Arrays.setAll(both, i -> function.applyAsDouble(x[i], y[i]));
            return both;
        }
    }
}
