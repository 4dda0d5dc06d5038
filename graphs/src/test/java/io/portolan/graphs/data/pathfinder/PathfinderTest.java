package io.portolan.graphs.data.pathfinder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PathfinderTest {
    private static final double ROUNDING = 1e-9;

    @ParameterizedTest
    @EnumSource
    void everyCurveIsInsideAndKeepsItsDistance(Difficulty level) {
        Pathfinder options = level.options();
        for (int i = 0; i < 60; i++) {
            Scene scene = picture(options, 3, i).scene();
            List<Snake> snakes = snakes(scene);
            assertThat(scene.distractors()).hasSize(options.distractors());
            for (Snake snake : snakes) {
                assertThat(snake.bounds()).satisfies(bounds -> {
                    assertThat(Math.min(bounds.left(), bounds.top())).isGreaterThan(options.discRadius());
                    assertThat(Math.max(bounds.right(), bounds.bottom()))
                            .isLessThan(options.size() - options.discRadius());
                });
                for (Snake other : snakes) {
                    if (other != snake) {
                        assertThat(snake.distance(other) - options.thickness())
                                .isGreaterThan(options.clearance() - ROUNDING);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void discsSitOnTwoEndsOfOneCurveOrOnOneOfEach(Difficulty level) {
        Pathfinder options = level.options();
        for (int i = 0; i < 60; i++) {
            Picture picture = picture(options, 4, i);
            Scene scene = picture.scene();
            assertThat(picture.label()).isEqualTo(i % 2);
            List<Point> own = List.of(scene.target().head(), scene.target().tail());
            List<Point> rival = List.of(scene.rival().head(), scene.rival().tail());
            assertThat(scene.discs()).filteredOn(own::contains).hasSize(picture.label() == 1 ? 2 : 1);
            assertThat(scene.discs()).filteredOn(rival::contains).hasSize(picture.label() == 1 ? 0 : 1);
            for (Point disc : scene.discs()) {
                assertThat(pixel(picture, disc)).isEqualTo(255);
                for (Snake snake : snakes(scene)) {
                    if (!disc.equals(snake.head()) && !disc.equals(snake.tail())) {
                        assertThat(snake.distance(disc) - options.thickness() / 2 - options.discRadius())
                                .isGreaterThan(options.clearance() + options.gap() - ROUNDING);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void paddlesHaveTheirLengthGapAndBend(Difficulty level) {
        Pathfinder options = level.options();
        for (Snake snake : snakes(picture(options, 5, 8).scene())) {
            for (int i = 0; i < snake.paddles().size(); i++) {
                assertThat(snake.paddles().get(i).length()).isCloseTo(options.paddleLength(), within());
                if (i > 0) {
                    Paddle before = snake.paddles().get(i - 1);
                    Paddle after = snake.paddles().get(i);
                    assertThat(before.to().distance(after.from())).isCloseTo(options.gap(), within());
                    assertThat(turn(before, after)).isLessThan(options.curvature() + ROUNDING);
                }
            }
        }
    }

    @Test
    void theInkOfAContinuousCurveJoinsItsEndsAndNothingElse() {
        Pathfinder options = Difficulty.EASY.options();
        for (int i = 0; i < 200; i++) {
            Picture picture = picture(options, 6, i);
            List<Point> discs = picture.scene().discs();
            assertThat(joined(picture, discs.get(0), discs.get(1))).isEqualTo(picture.label() == 1);
        }
    }

    @Test
    void aPictureDependsOnOptionsSeedAndIndexAlone() {
        Pathfinder options = Difficulty.MEDIUM.options();
        byte[] pixels = picture(options, 1, 5).pixels();
        assertThat(picture(options, 1, 5).pixels()).isEqualTo(pixels);
        assertThat(picture(options, 2, 5).pixels()).isNotEqualTo(pixels);
        assertThat(picture(options, 1, 7).pixels()).isNotEqualTo(pixels);
    }

    /** If these checksums change, every seed gives other images than in previous releases. */
    @ParameterizedTest
    @CsvSource({"EASIEST, c1e284aa", "HARD, 703e2c26", "PATHFINDER_14, f1447adb"})
    void aSeedMeansTheSamePixelsEverywhere(Difficulty level, String checksum) {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < 10; i++) {
            crc.update(ByteBuffer.wrap(picture(level.options(), 1, i).pixels()));
        }
        assertThat(Long.toHexString(crc.getValue())).isEqualTo(checksum);
    }

    @Test
    void scalingKeepsTheForms() {
        Pathfinder twice = Difficulty.EASY.options().scaledTo(128);
        assertThat(twice.paddleLength()).isEqualTo(12);
        assertThat(twice.thickness()).isEqualTo(3);
        assertThat(twice.curvature()).isEqualTo(Difficulty.EASY.options().curvature());
        assertThat(picture(twice, 1, 0).pixels()).hasSize(128 * 128);
    }

    @Test
    void optionsWithoutRoomEndInNothingAndNotInALoop() {
        assertThat(new Pathfinder(64, 100, 16, 6, 2, 0, 0, 1, 3, 4).picture(1, 1))
                .isEmpty();
        assertThat(new Pathfinder(64, 4, 16, 6, 2, 0, 100, 3, 3, 4).picture(1, 1))
                .isEmpty();
    }

    @Test
    void anOptionOutOfItsRangeIsNamed() {
        assertThatThrownBy(() -> new Pathfinder(64, 4, 16, 6, 2, Double.NaN, 0, 1, 3, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gap is NaN");
        assertThatThrownBy(() -> new Pathfinder(64, 0, 16, 6, 2, 0, 0, 1, 3, 4)).hasMessageContaining("segments");
    }

    private static Picture picture(Pathfinder options, long seed, long index) {
        return options.picture(seed, index).orElseThrow();
    }

    private static List<Snake> snakes(Scene scene) {
        List<Snake> snakes = new ArrayList<>(List.of(scene.target(), scene.rival()));
        snakes.addAll(scene.distractors());
        return snakes;
    }

    private static int pixel(Picture picture, Point point) {
        return picture.pixels()[(int) point.y() * picture.size() + (int) point.x()] & 0xff;
    }

    private static double turn(Paddle before, Paddle after) {
        double difference = direction(after) - direction(before);
        return Math.abs(Math.toDegrees(Math.IEEEremainder(difference, 2 * Math.PI)));
    }

    private static double direction(Paddle paddle) {
        return Math.atan2(
                paddle.to().y() - paddle.from().y(),
                paddle.to().x() - paddle.from().x());
    }

    private static Offset<Double> within() {
        return Offset.offset(ROUNDING);
    }

    /** Flood-fills from one point and checks whether the other is reached. */
    private static boolean joined(Picture picture, Point from, Point to) {
        int size = picture.size();
        boolean[] wet = new boolean[size * size];
        List<Integer> front = new ArrayList<>(List.of((int) from.y() * size + (int) from.x()));
        while (!front.isEmpty()) {
            int at = front.remove(front.size() - 1);
            if (!wet[at] && picture.pixels()[at] != 0) {
                wet[at] = true;
                front.addAll(List.of(at - 1, at + 1, at - size, at + size));
            }
        }
        return wet[(int) to.y() * size + (int) to.x()];
    }
}
