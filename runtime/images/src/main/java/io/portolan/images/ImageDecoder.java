package io.portolan.images;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes untrusted PNG and JPEG files with the JDK's own decoders. A file is validated before anything is decoded: its
 * size is bounded, data that do not affect its pixels are removed, and a truncated file is refused. So is one from
 * which the decoder cannot recover all pixels.
 */
public final class ImageDecoder {
    /** Largest side in pixels: JPEG's own limit, far above any photograph. */
    static final int MAX_SIDE = 65_535;

    /** Largest number of pixels, 8192 x 8192: a quarter of a gigabyte when decoded with 8 bits and alpha. */
    static final long MAX_PIXELS = 1L << 26;

    /**
     * Largest size of a file, which is in memory while it is decoded. 67 million pixels of 24-bit noise take 200 MiB.
     */
    private static final int MAX_FILE_BYTES = 512 << 20;

    /** Largest decoding time, about a hundred times that of the largest photograph. */
    private static final Duration MOST_TIME = Duration.ofSeconds(30);

    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @throws UnsupportedImageException if it is an image that is neither PNG nor JPEG
     * @throws PreprocessingException if the file is missing, is not an image, is damaged or is too large
     */
    public static BufferedImage read(Path file) {
        return decode(file.toString(), look(file));
    }

    /**
     * The size of an image, in pixels.
     *
     * @throws PreprocessingException as {@link #read(Path)}
     */
    public static Dimension sizeOf(Path file) {
        EncodedImage image = look(file);
        return new Dimension(image.width(), image.height());
    }

    /**
     * Decodes an image from a stream.
     *
     * @param source the name of the image in messages
     * @param maxPixels largest number of pixels that are decoded
     * @throws PreprocessingException if it is not an image, is damaged or is too large
     */
    static BufferedImage read(String source, InputStream bytes, long maxPixels) {
        try {
            return decode(source, look(source, bytes, maxPixels));
        } catch (IOException failure) {
            throw unreadable(source, failure);
        }
    }

    private static EncodedImage look(Path file) {
        if (Files.isDirectory(file)) {
            throw new PreprocessingException(file + ": is a folder, not an image");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // Opening a pipe blocks until somebody writes to it, and reading a device may never end.
            throw new PreprocessingException(file + ": is a pipe, a socket or a device; expected a plain file");
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return look(file.toString(), bytes, MAX_PIXELS);
        } catch (NoSuchFileException missing) {
            throw new PreprocessingException(file + ": no such file", missing);
        } catch (IOException failure) {
            throw unreadable(file.toString(), failure);
        }
    }

    private static EncodedImage look(String source, InputStream bytes, long maxPixels) throws IOException {
        byte[] file = bytes.readNBytes(MAX_FILE_BYTES);
        if (file.length == MAX_FILE_BYTES) {
            throw new PreprocessingException(
                    source + ": more than " + (MAX_FILE_BYTES >> 20) + " MiB are too many for an image");
        }
        return ImageFormat.parse(source, maxPixels, file);
    }

    private static BufferedImage decode(String source, EncodedImage image) {
        ImageReader reader = image.format().newReader();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new TimedStream(image.bytes()))) {
            LostData lost = new LostData();
            reader.addIIOReadWarningListener(lost);
            reader.setInput(stream, true, true);
            BufferedImage pixels = reader.read(0);
            Optional<String> warning = lost.warning();
            if (warning.isPresent()) {
                throw new PreprocessingException(source + ": damaged image: " + warning.get());
            }
            return pixels;
        } catch (IOException failure) {
            throw unreadable(source, failure);
        } catch (PreprocessingException refused) {
            throw refused;
        } catch (RuntimeException damaged) {
            // The JDK's decoders throw index and argument exceptions for some damaged files.
            throw new PreprocessingException(source + ": damaged image; save it again", damaged);
        } finally {
            reader.dispose();
        }
    }

    /** @throws PreprocessingException if there are more pixels, or a side exceeds that of any photograph */
    static void requireSize(String source, int width, int height, long maxPixels) {
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > maxPixels) {
            throw new PreprocessingException(source + ": " + width + "x" + height + " pixels are too many; at most "
                    + maxPixels / 1_000_000 + " million, and " + MAX_SIDE + " a side");
        }
    }

    private static PreprocessingException unreadable(String source, IOException failure) {
        return new PreprocessingException(source + ": cannot be read as an image: " + failure.getMessage(), failure);
    }

    /** A stream that fails when decoding takes too long; decoders read from it every few kilobytes. */
    private static final class TimedStream extends FilterInputStream {
        private final long end = System.nanoTime() + MOST_TIME.toNanos();

        TimedStream(byte... bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (System.nanoTime() > end) {
                throw new IOException("decoding takes more than " + MOST_TIME.toSeconds() + " s");
            }
            return super.read(target, offset, length);
        }
    }
}
