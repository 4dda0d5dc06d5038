package io.portolan.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.graphs.attribution.Plane;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Equal steps of numbers look like equal steps, and zero is in the middle. */
class ColorMapTest {
    private static final int STEPS = 20;

    /** In steps of CIE lightness; anchors are rounded to 8 bits, and lie on a straight line to within that and a bit. */
    private static final double EVEN = 1.5;

    @Test
    void viridisGrowsLighterInEqualSteps() {
        double[] lightness = IntStream.rangeClosed(0, STEPS)
                .mapToDouble(i -> lightness(ColorMap.VIRIDIS.color((double) i / STEPS)))
                .toArray();
        double step = (lightness[STEPS] - lightness[0]) / STEPS;
        assertThat(step).isGreaterThan(3);
        for (int i = 1; i <= STEPS; i++) {
            assertThat(lightness[i] - lightness[i - 1]).as("step " + i).isCloseTo(step, within(EVEN));
        }
    }

    @Test
    void bothSidesOfZeroAreEquallyDark() {
        for (int i = 0; i <= STEPS; i++) {
            double share = (double) i / STEPS;
            assertThat(lightness(ColorMap.BLUE_RED.color(share)))
                    .isCloseTo(lightness(ColorMap.BLUE_RED.color(1 - share)), within(6.0));
        }
        Scale scale = Scale.symmetric(List.of(new Plane(1, 3, new float[] {-1, 0, 4})));
        assertThat(scale.low()).isEqualTo(-4);
        assertThat(scale.share(0)).isEqualTo(0.5);
    }

    @Test
    void aPictureHasTheScalesColours() {
        Plane plane = new Plane(1, 3, new float[] {-2, 0, 2});
        BufferedImage picture = Pictures.of(plane, Scale.symmetric(List.of(plane)));
        assertThat(new Color(picture.getRGB(0, 0))).isEqualTo(ColorMap.BLUE_RED.color(0));
        assertThat(new Color(picture.getRGB(2, 0))).isEqualTo(ColorMap.BLUE_RED.color(1));
        assertThat(Pictures.enlarged(picture, 256).getWidth()).isEqualTo(258);
    }

    @Test
    void aHeavyTailSharesTheLastColour() {
        float[] values = new float[1000];
        Arrays.fill(values, 1);
        values[7] = 100;
        assertThat(Scale.ofMostMagnitudes(List.of(new Plane(10, 100, values))).high())
                .isEqualTo(1);
        assertThat(Scale.ofMagnitudes(List.of(new Plane(10, 100, values))).high())
                .isEqualTo(100);
    }

    /** CIE L*, 0 to 100. */
    private static double lightness(Color color) {
        float luminance = color.getColorComponents(ColorSpace.getInstance(ColorSpace.CS_CIEXYZ), null)[1];
        return luminance > 0.008856 ? 116 * Math.cbrt(luminance) - 16 : 903.3 * luminance;
    }
}
