package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.graphs.data.pathfinder.Difficulty;
import java.awt.image.BufferedImage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    @Test
    void theSheetGrowsWithTheSamplesAndNoFurther() throws IOException {
        Dataset dataset = GeneratedDataset.of(Difficulty.EASIEST.options(), 1, 6);
        BufferedImage six = ContactSheet.draw(dataset, 24);
        assertThat(six.getWidth()).isEqualTo(3 * (192 + 18) + 18);
        assertThat(six.getHeight()).isEqualTo(2 * (192 + 24 + 18) + 18);
    }

    @Test
    void levelsAreShownAsTheyAre() throws IOException {
        Dataset dataset = GeneratedDataset.of(Difficulty.EASIEST.options(), 1, 1);
        byte[] pixels = Difficulty.EASIEST.options().picture(1, 0).orElseThrow().pixels();
        BufferedImage sheet = ContactSheet.draw(dataset, 1);
        for (int i = 0; i < pixels.length; i++) {
            int shown = sheet.getRGB(18 + i % 64 * 3 + 1, 18 + i / 64 * 3 + 1) & 0xffffff;
            assertThat(shown).isEqualTo((pixels[i] & 0xff) * 0x010101);
        }
    }
}
