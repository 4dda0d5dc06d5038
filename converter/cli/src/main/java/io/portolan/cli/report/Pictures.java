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
    static BufferedImage ofFrame(float[] values, int frame, ImageInput input) {
        Normalization norm = Normalization.of(input);
        int colours = input.channels();
        float[] grey = new float[input.height() * input.width()];
        int size = grey.length * colours;
        int start = Math.min(frame, values.length / size - 1) * size;
        for (int i = 0; i < size; i++) {
            int channel = i % colours;
            float value =
                    values[start + i] * norm.std().get(channel) + norm.mean().get(channel);
            grey[i / colours] += value / colours;
        }
        return of(new Plane(input.height(), input.width(), grey), new Scale(ColorMap.GREY, 0, 1));
    }

    /** A picture stretched to a size, with sharp pixels. */
    static BufferedImage stretched(BufferedImage image, int height, int width) {
        BufferedImage large = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = large.createGraphics();
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return large;
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
        return stretched(image, image.getHeight() * factor, image.getWidth() * factor);
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
