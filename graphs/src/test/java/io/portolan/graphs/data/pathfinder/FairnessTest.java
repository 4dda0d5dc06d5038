package io.portolan.graphs.data.pathfinder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Only connectivity distinguishes positives from negatives. A threshold on any of these quantities is the simplest
 * classifier; the Kolmogorov-Smirnov distance is twice the advantage of the best threshold over guessing.
 */
class FairnessTest {
    private static final int PICTURES = 6000;

    /** The distance that two samples of 3000 from one distribution exceed once in ten thousand times. */
    private static final double CHANCE = 0.057;

    private static final Map<String, ToDoubleFunction<Picture>> QUANTITIES = Map.of(
            "mean intensity", FairnessTest::intensity,
            "lit pixels", FairnessTest::litPixels,
            "distance between discs", picture -> apart(picture.scene().discs()),
            "distance between bare ends", picture -> apart(bareEnds(picture.scene())),
            "discs' middle to centre",
                    picture -> fromCentre(picture, picture.scene().discs()),
            "bare ends' middle to centre", picture -> fromCentre(picture, bareEnds(picture.scene())),
            "nearest disc to border",
                    picture -> toBorder(picture, picture.scene().discs()),
            "nearest bare end to border", picture -> toBorder(picture, bareEnds(picture.scene())),
            "disc to nearest bare end", picture -> nearest(picture.scene()));

    private static final List<Picture> DRAWN = new ArrayList<>();

    @BeforeAll
    static void draw() {
        for (int i = 0; i < PICTURES; i++) {
            DRAWN.add(Difficulty.EASIEST.options().picture(11, i).orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mean intensity",
                "lit pixels",
                "distance between discs",
                "distance between bare ends",
                "discs' middle to centre",
                "bare ends' middle to centre",
                "nearest disc to border",
                "nearest bare end to border",
                "disc to nearest bare end"
            })
    void noThresholdTellsTheLabel(String name) {
        ToDoubleFunction<Picture> quantity = QUANTITIES.get(name);
        double[] negatives = sorted(quantity, 0);
        double[] positives = sorted(quantity, 1);
        assertThat(negatives).hasSameSizeAs(positives);
        assertThat(kolmogorovSmirnov(negatives, positives)).isLessThan(CHANCE);
    }

    @Test
    void theLayoutIsOneThatBothLabelsCouldHave() {
        for (Picture picture : DRAWN.subList(0, 500)) {
            Scene scene = picture.scene();
            Scene other = new Scene(scene.target(), scene.rival(), scene.distractors(), !scene.connected());
            assertThat(apart(scene.discs())).isCloseTo(apart(other.discs()), Offset.offset(1e-9));
            assertThat(apart(bareEnds(scene))).isCloseTo(apart(bareEnds(other)), Offset.offset(1e-9));
        }
    }

    private static double[] sorted(ToDoubleFunction<Picture> quantity, int label) {
        return DRAWN.stream()
                .filter(picture -> picture.label() == label)
                .mapToDouble(quantity)
                .sorted()
                .toArray();
    }

    /** The largest difference between the cumulative shares of both samples. */
    private static double kolmogorovSmirnov(double[] one, double[] other) {
        double largest = 0;
        int i = 0;
        int j = 0;
        while (i < one.length && j < other.length) {
            double value = Math.min(one[i], other[j]);
            while (i < one.length && one[i] <= value) {
                i++;
            }
            while (j < other.length && other[j] <= value) {
                j++;
            }
            largest = Math.max(largest, Math.abs((double) i / one.length - (double) j / other.length));
        }
        return largest;
    }

    private static double intensity(Picture picture) {
        double sum = 0;
        for (byte pixel : picture.pixels()) {
            sum += pixel & 0xff;
        }
        return sum / picture.pixels().length;
    }

    private static double litPixels(Picture picture) {
        int lit = 0;
        for (byte pixel : picture.pixels()) {
            lit += pixel == 0 ? 0 : 1;
        }
        return lit;
    }

    private static List<Point> bareEnds(Scene scene) {
        return scene.ends().stream().filter(end -> !scene.discs().contains(end)).toList();
    }

    private static double apart(List<Point> two) {
        return two.get(0).distance(two.get(1));
    }

    private static double fromCentre(Picture picture, List<Point> two) {
        Point middle = new Point(
                (two.get(0).x() + two.get(1).x()) / 2,
                (two.get(0).y() + two.get(1).y()) / 2);
        return middle.distance(new Point(picture.size() / 2.0, picture.size() / 2.0));
    }

    private static double toBorder(Picture picture, List<Point> points) {
        double size = picture.size();
        return points.stream()
                .mapToDouble(
                        point -> Math.min(Math.min(point.x(), point.y()), Math.min(size - point.x(), size - point.y())))
                .min()
                .orElseThrow();
    }

    private static double nearest(Scene scene) {
        return scene.discs().stream()
                .flatMap(disc -> bareEnds(scene).stream().map(disc::distance))
                .min(Double::compare)
                .orElseThrow();
    }
}
