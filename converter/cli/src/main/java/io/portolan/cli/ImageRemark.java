package io.portolan.cli;

import io.portolan.images.ImageDecoder;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Remarks on how the preparation for a model changes an image. */
final class ImageRemark {
    private ImageRemark() {}

    /** The changes in words; empty if the image is not changed. */
    static String of(Path file, int height, int width) {
        BufferedImage image = ImageDecoder.read(file);
        List<String> remarks = new ArrayList<>();
        if (image.getColorModel().getNumColorComponents() > 1 && !isGrey(image)) {
            remarks.add("converted to grey");
        }
        if (image.getWidth() != width || image.getHeight() != height) {
            remarks.add("resized from " + image.getWidth() + "x" + image.getHeight() + " to " + width + "x" + height
                    + " (width x height)");
        }
        return String.join(", ", remarks);
    }

    private static boolean isGrey(BufferedImage image) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                if ((rgb >> 16 & 0xff) != (rgb & 0xff) || (rgb >> 8 & 0xff) != (rgb & 0xff)) {
                    return false;
                }
            }
        }
        return true;
    }
}
