package io.portolan.images;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;

/** Images and arrays from the test resources. */
public final class TestImages {
    private TestImages() {
    }

    public static Map<String, ArrayData> arrays(String resource) throws IOException {
        try (InputStream in = TestImages.class.getResourceAsStream(resource)) {
            return NpzArchive.read(in, resource);
        }
    }

    public static Path file(String resource) {
        try {
            return Path.of(TestImages.class.getResource(resource).toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    public static GreyImage grey(ArrayData array) {
        byte[] pixels = new byte[Math.toIntExact(array.size())];
        array.bytes().get(pixels);
        return new GreyImage((int) array.shape()[1], (int) array.shape()[0], pixels);
    }

    /** A uniform 8-bit grey image. */
    public static BufferedImage uniform(int level, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, level);
            }
        }
        return image;
    }
}
