package io.portolan.images;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Images and arrays from the test resources. */
public final class TestImages {
    private static final Map<String, Path> FILES = new ConcurrentHashMap<>();

    private TestImages() {}

    public static Map<String, ArrayData> arrays(String resource) throws IOException {
        try (InputStream in = TestImages.class.getResourceAsStream(resource)) {
            return NpzArchive.read(in, resource);
        }
    }

    /** A resource as a file of the file system; one inside a jar is copied out, once. */
    public static Path file(String resource) {
        return FILES.computeIfAbsent(resource, TestImages::find);
    }

    private static Path find(String resource) {
        URL url = TestImages.class.getResource(resource);
        try {
            if (url.getProtocol().equals("file")) {
                return Path.of(url.toURI());
            }
            try (InputStream in = url.openStream()) {
                Path copy = Files.createTempFile(
                        "portolan-", "-" + Path.of(resource).getFileName());
                copy.toFile().deleteOnExit();
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return copy;
            }
        } catch (IOException | URISyntaxException impossible) {
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
