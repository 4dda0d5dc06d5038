package io.portolan.spark;

import java.awt.image.BufferedImage;
import java.util.Map;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/** The structure of Spark's source {@code image}: raw pixels in OpenCV's order of channels. */
final class SparkImage {
    /** OpenCV's numbers of types, and the channels of each: 8 bits, grey, blue-green-red, and with alpha. */
    private static final Map<Integer, Integer> CHANNELS = Map.of(0, 1, 16, 3, 24, 4);

    private SparkImage() {}

    static boolean isImage(DataType type) {
        return type.sameType(ImageSchema.columnSchema());
    }

    static String origin(Row image) {
        return ImageSchema.getOrigin(image);
    }

    /**
     * The image in Java's form. Alpha is left out, as it does not count.
     *
     * @throws RowException if the structure contradicts itself, or its type is unknown
     */
    static BufferedImage of(Row image) {
        int height = ImageSchema.getHeight(image);
        int width = ImageSchema.getWidth(image);
        int channels = ImageSchema.getNChannels(image);
        byte[] pixels = ImageSchema.getData(image);
        if (!Integer.valueOf(channels).equals(CHANNELS.get(ImageSchema.getMode(image)))) {
            throw new RowException("is of OpenCV's type " + ImageSchema.getMode(image) + " with " + channels
                    + " channels; expected 8 bits and 1, 3 or 4 channels");
        }
        if (height < 1 || width < 1 || (long) height * width * channels != pixels.length) {
            throw new RowException("has " + pixels.length + " bytes for " + height + " x " + width + " pixels of "
                    + channels + " channels");
        }
        BufferedImage picture = new BufferedImage(
                width, height, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        byte[] target = ((java.awt.image.DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        int kept = Math.min(channels, 3);
        for (int pixel = 0; pixel < height * width; pixel++) {
            System.arraycopy(pixels, pixel * channels, target, pixel * kept, kept);
        }
        return picture;
    }
}
