package io.portolan.cli.report;

import io.portolan.graphs.attribution.Plane;
import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Renders numbers as pictures, one pixel each. */
final class Pictures {
    private static final float VEIL = 0.3f;

    private Pictures() {}

    /** A plane in its scale's colours. */
    static BufferedImage of(Plane plane, Scale scale) {
        BufferedImage image = new BufferedImage(
                plane.width(),
                plane.height(),
                BufferedImage.TYPE_BYTE_INDEXED,
                scale.colors().palette());
        for (int row = 0; row < plane.height(); row++) {
            for (int column = 0; column < plane.width(); column++) {
                double share = Math.min(1, Math.max(0, scale.share(plane.at(row, column))));
                int level = (int) Math.round(share * (ColorMap.LEVELS - 1));
                image.getRaster().setSample(column, row, 0, level);
            }
        }
        return image;
    }

    /** A frame of a model's input as the grey image that it was prepared from; a still image is the same in every frame. */
    static BufferedImage ofFrame(float[] input, int frame, int height, int width) {
        Normalization norm = Normalization.IMAGENET;
        float[] grey = new float[height * width];
        int size = grey.length * ImageInput.CHANNELS;
        int start = Math.min(frame, input.length / size - 1) * size;
        for (int i = 0; i < size; i++) {
            int channel = i % ImageInput.CHANNELS;
            float value =
                    input[start + i] * norm.std().get(channel) + norm.mean().get(channel);
            grey[i / ImageInput.CHANNELS] += value / ImageInput.CHANNELS;
        }
        return of(new Plane(height, width, grey), new Scale(ColorMap.GREY, 0, 1));
    }

    /** A picture blended with another of the same size. */
    static BufferedImage over(BufferedImage below, BufferedImage above) {
        BufferedImage both = new BufferedImage(above.getWidth(), above.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = both.createGraphics();
        graphics.drawImage(above, 0, 0, null);
        graphics.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, VEIL));
        graphics.drawImage(below, 0, 0, null);
        graphics.dispose();
        return both;
    }

    /** A picture enlarged by an integer factor, with sharp pixels. */
    static BufferedImage enlarged(BufferedImage image, int atLeast) {
        int factor = Math.max(1, (atLeast + image.getWidth() - 1) / image.getWidth());
        BufferedImage large =
                new BufferedImage(image.getWidth() * factor, image.getHeight() * factor, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = large.createGraphics();
        graphics.drawImage(image, 0, 0, large.getWidth(), large.getHeight(), null);
        graphics.dispose();
        return large;
    }

    static byte[] png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** A data URI for the {@code src} of an image. */
    static String dataUri(BufferedImage image) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png(image));
    }
}
