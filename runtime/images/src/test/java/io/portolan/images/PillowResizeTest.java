package io.portolan.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.values.ArrayData;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code pillow_resize.npz} holds what Pillow made of two images. */
class PillowResizeTest {
    @ParameterizedTest
    @CsvSource({
        "resize_input, resize_224",
        "resize_input, resize_128",
        "resize_input, resize_96",
        "resize_input, resize_64",
        "resize_input, resize_33",
        "resize_up_input, resize_up_224",
    })
    void equalsPillowInEveryPixel(String source, String expected) throws IOException {
        Map<String, ArrayData> arrays = TestImages.arrays("/pillow_resize.npz");
        GreyImage target = TestImages.grey(arrays.get(expected));

        GreyImage resized = PillowResize.bilinear(TestImages.grey(arrays.get(source)), target.width(), target.height());

        assertThat(resized.pixels()).isEqualTo(target.pixels());
    }

    @Test
    void changesNothingAtTheSameSize() throws IOException {
        GreyImage image =
                TestImages.grey(TestImages.arrays("/pillow_resize.npz").get("resize_up_input"));

        assertThat(PillowResize.bilinear(image, image.width(), image.height()).pixels())
                .isEqualTo(image.pixels());
    }

    @Test
    void keepsBlackAndWhite() {
        for (int level : new int[] {0, 255}) {
            GreyImage uniform = GreyConversion.convert(TestImages.uniform(level, 31, 7));

            assertThat(PillowResize.bilinear(uniform, 13, 40).pixels()).containsOnly((byte) level);
        }
    }

    @Test
    void weighsTheMiddleMostWhenShrinking() {
        GreyImage line = new GreyImage(4, 1, new byte[] {0, 100, 100, 0});

        // The triangle gives 5, 7, 7 and 5 of 24.
        assertThat(PillowResize.bilinear(line, 1, 1).pixels()).containsExactly(58);
    }

    @Test
    void refusesAnEmptyTarget() {
        GreyImage pixel = new GreyImage(1, 1, new byte[1]);

        assertThatThrownBy(() -> PillowResize.bilinear(pixel, 0, 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
