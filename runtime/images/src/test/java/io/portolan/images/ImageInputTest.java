package io.portolan.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageInputTest {
    @Test
    void aVideoShowsAnImageInEveryFrame() {
        float[] image = {1, 2, 3, 4, 5, 6};

        assertThat(ImageInput.video(3, 1, 2).inEveryFrame(image))
                .containsExactly(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6);
        assertThat(ImageInput.still(1, 2).inEveryFrame(image)).containsExactly(image);
    }
}
