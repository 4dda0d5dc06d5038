package io.portolan.graphs.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The simplified model against the notebook's equations, written out in double precision without transforms. */
class BilinearApproximationTest {
    private static final double TOLERANCE = 1e-6;

    @Test
    void everyTermAndStateIsThatOfTheNotebooksEquations() {
        GoldenCase golden = GoldenCase.named("hgru_bi_depth2_28");
        float[] inputs = golden.tensor("input").toFloats();
        float[] sample = Arrays.copyOf(
                inputs, inputs.length / Math.toIntExact(golden.tensor("input").shape()[0]));
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), GoldenModel.config(golden))) {
            BilinearApproximation.Run run = explainer.simplified("cssm_0", sample);
            Map<String, SpatialKernel> kernels = new LinkedHashMap<>();
            explainer.kernels("cssm_0").forEach(kernel -> kernels.put(kernel.name(), kernel));
            run.terms().forEach(StepTermsTest::assertTermsSumUp);
            compare(run, kernels);
        }
    }

    private static void compare(BilinearApproximation.Run run, Map<String, SpatialKernel> kernels) {
        StepTerms.Maps shape = run.terms().get(0).maps();
        Map<String, Double> g = run.gates();
        float[][] u = byStep(run, 0, StepTerms.INPUT);
        double[] x = new double[u[0].length];
        double[] y = new double[x.length];
        double[] z = new double[x.length];
        for (int t = 0; t < shape.steps(); t++) {
            double[] kx = convolved(kernels.get("k_exc"), x, shape);
            double[] ky = convolved(kernels.get("k_inh"), y, shape);
            double[] xz = new double[x.length];
            double[] nextX = new double[x.length];
            double[] nextY = new double[x.length];
            double[] nextZ = new double[x.length];
            double[] difference = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                xz[i] = x[i] * z[i];
                difference[i] = x[i] - y[i];
                nextX[i] = g.get("decay_x") * x[i]
                        + g.get("alpha_excit") * kx[i]
                        - g.get("alpha_inhib") * ky[i]
                        + g.get("gamma") * xz[i]
                        + u[t][i];
                nextY[i] = g.get("decay_y") * y[i] + g.get("mu_excit") * x[i] - g.get("mu_inhib") * y[i] + u[t][i];
                nextZ[i] = g.get("decay_z") * z[i] + g.get("delta") * difference[i] + u[t][i];
            }
            assertSame("k_exc_X", part(run.products().get("k_exc_X"), t), 1, kx);
            assertSame("k_inh_Y", part(run.products().get("k_inh_Y"), t), 1, ky);
            assertSame("X_Z", part(run.products().get("X_Z"), t), 1, xz);
            assertSame("d_x X", byStep(run, 0, "decay_x")[t], g.get("decay_x"), x);
            assertSame("α_E k_E*X", byStep(run, 0, "alpha_excit")[t], g.get("alpha_excit"), kx);
            assertSame("α_I k_I*Y", byStep(run, 0, "alpha_inhib")[t], -g.get("alpha_inhib"), ky);
            assertSame("γ XZ", byStep(run, 0, "gamma")[t], g.get("gamma"), xz);
            assertSame("d_y Y", byStep(run, 1, "decay_y")[t], g.get("decay_y"), y);
            assertSame("μ_E X", byStep(run, 1, "mu_excit")[t], g.get("mu_excit"), x);
            assertSame("μ_I Y", byStep(run, 1, "mu_inhib")[t], -g.get("mu_inhib"), y);
            assertSame("d_z Z", byStep(run, 2, "decay_z")[t], g.get("decay_z"), z);
            assertSame("δ (X − Y)", byStep(run, 2, "delta")[t], g.get("delta"), difference);
            x = nextX;
            y = nextY;
            z = nextZ;
            assertSame("X", part(run.terms().get(0).maps(), t), 1, x);
            assertSame("Y", part(run.terms().get(1).maps(), t), 1, y);
            assertSame("Z", part(run.terms().get(2).maps(), t), 1, z);
        }
    }

    /** The circular convolution of every channel with its kernel, which stands in the middle of the map. */
    private static double[] convolved(SpatialKernel kernel, double[] maps, StepTerms.Maps shape) {
        int height = shape.height();
        int width = shape.width();
        int side = kernel.channels().get(0).height();
        // The middle of a kernel that is larger than the map, or a map's that is larger than the kernel.
        int down = side > height ? -((side - height) / 2) : (height - side) / 2;
        int right = side > width ? -((side - width) / 2) : (width - side) / 2;
        double[] sums = new double[maps.length];
        for (int c = 0; c < shape.channels(); c++) {
            int start = c * height * width;
            for (int row = Math.max(0, down); row < Math.min(height, down + side); row++) {
                for (int column = Math.max(0, right); column < Math.min(width, right + side); column++) {
                    double weight = kernel.channels().get(c).at(row - down, column - right);
                    for (int i = 0; i < height * width; i++) {
                        int to = (i / width + row) % height * width + (i % width + column) % width;
                        sums[start + to] += weight * maps[start + i];
                    }
                }
            }
        }
        return sums;
    }

    private static float[][] byStep(BilinearApproximation.Run run, int state, String gate) {
        List<StepTerms.Term> terms = run.terms().get(state).terms();
        StepTerms.Maps maps = terms.stream()
                .filter(term -> term.source().equals(gate))
                .findFirst()
                .orElseThrow()
                .maps();
        float[][] steps = new float[maps.steps()][];
        for (int t = 0; t < steps.length; t++) {
            steps[t] = part(maps, t);
        }
        return steps;
    }

    private static float[] part(StepTerms.Maps maps, int step) {
        int size = maps.values().length / maps.steps();
        return Arrays.copyOfRange(maps.values(), step * size, (step + 1) * size);
    }

    /** Equal but for the tolerance times the root mean square of what is expected. */
    private static void assertSame(String what, float[] actual, double factor, double[] expected) {
        double differences = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            differences += Math.pow(actual[i] - factor * expected[i], 2);
            squares += Math.pow(factor * expected[i], 2);
        }
        assertThat(Math.sqrt(differences)).as(what).isLessThanOrEqualTo(TOLERANCE * Math.sqrt(squares));
    }
}
