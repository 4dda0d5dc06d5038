package io.portolan.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GreyConversionTest {
    private static final int ORANGE = 0xff8000;
    private static final int GREY_OF_ORANGE = (255 * 19595 + 128 * 38470 + 0x8000) >> 16;

    @Test
    void takesGreySamplesUnchanged() {
        for (int level = 0; level < 256; level++) {
            assertThat(firstPixel(TestImages.uniform(level, 1, 1))).isEqualTo(level);
        }
    }

    @Test
    void takesTheHighByteOf16BitGrey() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 0xabcd);

        assertThat(firstPixel(image)).isEqualTo(0xab);
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR, BufferedImage.TYPE_3BYTE_BGR})
    void weighsColoursAsPillowDoes(int type) {
        BufferedImage image = new BufferedImage(1, 1, type);
        image.setRGB(0, 0, ORANGE);

        assertThat(firstPixel(image)).isEqualTo(GREY_OF_ORANGE).isEqualTo(151);
    }

    @Test
    void mapsEqualChannelsToThemselves() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        for (int level = 0; level < 256; level++) {
            image.setRGB(0, 0, level * 0x010101);

            assertThat(firstPixel(image)).isEqualTo(level);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR})
    void ignoresAlpha(int type) {
        BufferedImage image = new BufferedImage(1, 1, type);
        image.setRGB(0, 0, ORANGE);

        assertThat(image.getRGB(0, 0) >>> 24).isZero();
        assertThat(firstPixel(image)).isEqualTo(GREY_OF_ORANGE);
    }

    @Test
    void ignoresAlphaBesideGrey() {
        BufferedImage image = components(ColorSpace.CS_GRAY, DataBuffer.TYPE_BYTE, true);
        image.getRaster().setPixel(0, 0, new int[] {77, 0});

        assertThat(firstPixel(image)).isEqualTo(77);
    }

    @Test
    void takesTheHighByteOf16BitColour() {
        BufferedImage image = components(ColorSpace.CS_sRGB, DataBuffer.TYPE_USHORT, false);
        image.getRaster().setPixel(0, 0, new int[] {0xffff, 0x80ff, 0x00ff});

        assertThat(firstPixel(image)).isEqualTo(GREY_OF_ORANGE);
    }

    @Test
    void convertsPaletteEntriesAsColours() {
        byte[] red = {0, (byte) 0xff};
        byte[] green = {0, (byte) 0x80};
        byte[] blue = {0, 0};
        IndexColorModel palette = new IndexColorModel(1, 2, red, green, blue);
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        image.getRaster().setSample(0, 0, 0, 1);

        assertThat(firstPixel(image)).isEqualTo(GREY_OF_ORANGE);
    }

    @Test
    void readsPartOfALargerImage() {
        BufferedImage whole = TestImages.uniform(10, 4, 4);
        whole.getRaster().setSample(2, 1, 0, 200);

        assertThat(GreyConversion.convert(whole.getSubimage(2, 1, 2, 1)).pixels())
                .containsExactly(200, 10);
    }

    @Test
    void refusesSamplesThatAreNoIntegers() {
        BufferedImage image = components(ColorSpace.CS_GRAY, DataBuffer.TYPE_FLOAT, false);

        assertThatThrownBy(() -> GreyConversion.convert(image))
                .isInstanceOf(PreprocessingException.class)
                .hasMessageContaining("neither grey nor RGB");
    }

    private static BufferedImage components(int space, int sampleType, boolean alpha) {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(space),
                alpha,
                false,
                alpha ? ComponentColorModel.TRANSLUCENT : ComponentColorModel.OPAQUE,
                sampleType);
        WritableRaster raster = Raster.createWritableRaster(model.createCompatibleSampleModel(1, 1), new Point());
        return new BufferedImage(model, raster, false, null);
    }

    private static int firstPixel(BufferedImage image) {
        return GreyConversion.convert(image).pixels()[0] & 0xff;
    }
}
