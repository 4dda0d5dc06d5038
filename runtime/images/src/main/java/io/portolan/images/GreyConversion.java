package io.portolan.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;

/**
 * Converts an image to 8-bit grey as Pillow's {@code convert("L")} does.
 *
 * <ul>
 * <li>Grey samples are used unchanged, without gamma.
 * <li>Colour becomes {@code (19595 R + 38470 G + 7471 B + 32768) >> 16} of the stored values; profiles are ignored.
 * <li>Palette entries are converted as colours.
 * <li>Alpha is ignored: nothing is composited, and a transparent pixel has its stored colour.
 * <li>16-bit samples are reduced to their high byte. Pillow does the same for colour, but clips 16-bit grey at 255,
 * which turns almost every image white; this class deliberately differs.
 * </ul>
 */
final class GreyConversion {
    private GreyConversion() {}

    /** @throws PreprocessingException if the image is neither grey nor RGB with integer samples of at most 16 bits */
    static GreyImage convert(BufferedImage image) {
        RowReader reader = rowReader(image);
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] pixels = new byte[Shapes.elements(height, width)];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            reader.read(y, row);
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = (byte) row[x];
            }
        }
        return new GreyImage(width, height, pixels);
    }

    private static int luma(int red, int green, int blue) {
        return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    }

    /** Reads a row as grey values. */
    @FunctionalInterface
    private interface RowReader {
        void read(int y, int[] grey);
    }

    private static RowReader rowReader(BufferedImage image) {
        ColorModel model = image.getColorModel();
        int space = model.getColorSpace().getType();
        boolean samplesAreColours = model instanceof ComponentColorModel && !model.isAlphaPremultiplied();
        if (!hasIntegerSamples(image) || (space != ColorSpace.TYPE_GRAY && space != ColorSpace.TYPE_RGB)) {
            throw new PreprocessingException("pixels are neither grey nor RGB with at most 16 bits a sample ("
                    + model.getNumComponents() + " components); save the image as 8-bit PNG");
        }
        if (space == ColorSpace.TYPE_GRAY) {
            return greySamples(image);
        }
        return samplesAreColours ? colourSamples(image) : packedColours(image);
    }

    private static boolean hasIntegerSamples(BufferedImage image) {
        return switch (image.getRaster().getTransferType()) {
            case DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT, DataBuffer.TYPE_INT -> true;
            default -> false;
        };
    }

    private static RowReader greySamples(BufferedImage image) {
        // Not getRGB, which interprets grey samples as linear light and brightens them.
        Raster raster = image.getRaster();
        int shift = excessBits(image, 0);
        return (y, grey) -> {
            raster.getSamples(0, y, grey.length, 1, 0, grey);
            for (int x = 0; x < grey.length; x++) {
                grey[x] >>= shift;
            }
        };
    }

    private static RowReader colourSamples(BufferedImage image) {
        Raster raster = image.getRaster();
        int shift = excessBits(image, 0);
        int[] green = new int[image.getWidth()];
        int[] blue = new int[image.getWidth()];
        return (y, grey) -> {
            raster.getSamples(0, y, grey.length, 1, 0, grey);
            raster.getSamples(0, y, grey.length, 1, 1, green);
            raster.getSamples(0, y, grey.length, 1, 2, blue);
            for (int x = 0; x < grey.length; x++) {
                grey[x] = luma(grey[x] >> shift, green[x] >> shift, blue[x] >> shift);
            }
        };
    }

    /** Reads palettes, bit-packed pixels and premultiplied alpha, which the colour model unpacks. */
    private static RowReader packedColours(BufferedImage image) {
        return (y, grey) -> {
            image.getRGB(0, y, grey.length, 1, grey, 0, grey.length);
            for (int x = 0; x < grey.length; x++) {
                grey[x] = luma(grey[x] >> 16 & 0xff, grey[x] >> 8 & 0xff, grey[x] & 0xff);
            }
        };
    }

    private static int excessBits(BufferedImage image, int band) {
        int bits = image.getColorModel().getComponentSize(band);
        if (bits < Byte.SIZE || bits > Short.SIZE) {
            throw new PreprocessingException(bits + " bits a sample are not supported; save the image as 8-bit PNG");
        }
        return bits - Byte.SIZE;
    }
}
