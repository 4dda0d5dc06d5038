package io.portolan.runtime;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads image files from people one does not know: the size is looked at before anything is decoded. */
final class ImageDecoder {
    /** JPEG's own limit, and far above any photograph. */
    static final int MAX_SIDE = 65_535;

    /** 8192 x 8192: a quarter of a gigabyte when it is decoded with 8 bits and alpha. */
    static final long MAX_PIXELS = 1L << 26;

    private ImageDecoder() {
    }

    /** @throws PreprocessingException if the file is missing, is no image, is damaged or is too large */
    static BufferedImage read(Path file) {
        if (Files.isDirectory(file)) {
            throw new PreprocessingException(file + ": is a folder, not an image");
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return read(file.toString(), bytes, MAX_PIXELS);
        } catch (NoSuchFileException missing) {
            throw new PreprocessingException(file + ": no such file", missing);
        } catch (IOException failure) {
            throw unreadable(file.toString(), failure);
        }
    }

    /**
     * @param source what messages call the image
     * @param maxPixels that are decoded
     * @throws PreprocessingException if this is no image, is damaged or is too large
     */
    static BufferedImage read(String source, InputStream bytes, long maxPixels) {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(bytes)) {
            return decode(source, stream, maxPixels);
        } catch (IOException failure) {
            throw unreadable(source, failure);
        }
    }

    private static PreprocessingException unreadable(String source, IOException failure) {
        return new PreprocessingException(source + ": cannot be read as an image: " + failure.getMessage(), failure);
    }

    private static BufferedImage decode(String source, ImageInputStream stream, long maxPixels) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
        if (!readers.hasNext()) {
            throw new PreprocessingException(source + ": not an image that Java can read; give one of "
                    + String.join(", ", ImageIO.getReaderFileSuffixes()));
        }
        ImageReader reader = readers.next();
        try {
            // Metadata is not asked for: some of its chunks inflate to any size.
            reader.setInput(stream, true, true);
            requireSize(source, reader.getWidth(0), reader.getHeight(0), maxPixels);
            return reader.read(0);
        } catch (PreprocessingException refused) {
            throw refused;
        } catch (RuntimeException damaged) {
            // The JDK's decoders answer some damaged files with index and argument errors.
            throw new PreprocessingException(source + ": damaged image: " + damaged, damaged);
        } finally {
            reader.dispose();
        }
    }

    private static void requireSize(String source, int width, int height, long maxPixels) {
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > maxPixels) {
            throw new PreprocessingException(source + ": " + width + "x" + height + " pixels are too many; at most "
                    + maxPixels / 1_000_000 + " million, and " + MAX_SIDE + " a side");
        }
    }
}
