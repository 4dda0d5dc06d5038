package io.portolan.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The supported image formats, detected by a file's first bytes, independent of its name or declared type. */
enum ImageFormat {
    PNG("png", PngFile::of),
    JPEG("jpeg", JpegFile::of);

    private static final List<Signature> SIGNATURES = List.of(
            new Signature("PNG", 0, "\u0089PNG\r\n\u001a\n"),
            new Signature("JPEG", 0, "\u00ff\u00d8\u00ff"),
            new Signature("GIF", 0, "GIF8"),
            new Signature("BMP", 0, "BM"),
            new Signature("TIFF", 0, "II*\0"),
            new Signature("TIFF", 0, "MM\0*"),
            new Signature("BigTIFF", 0, "II+\0"),
            new Signature("BigTIFF", 0, "MM\0+"),
            new Signature("WebP", 8, "WEBP"),
            new Signature("AVIF", 4, "ftypavi"),
            new Signature("HEIF", 4, "ftyphei"),
            new Signature("HEIF", 4, "ftyphev"),
            new Signature("HEIF", 4, "ftypmif1"),
            new Signature("JPEG 2000", 4, "jP  \r\n"),
            new Signature("JPEG 2000", 0, "\u00ff\u004f\u00ff\u0051"),
            new Signature("JPEG XL", 0, "\u00ff\n"),
            new Signature("JPEG XL", 4, "JXL \r\n"),
            new Signature("Photoshop", 0, "8BPS"),
            new Signature("icon", 0, "\0\0\1\0"),
            new Signature("cursor", 0, "\0\0\2\0"),
            new Signature("DDS", 0, "DDS "),
            new Signature("QOI", 0, "qoif"),
            new Signature("SVG", 0, "<svg"),
            new Signature("MNG", 0, "\u008aMNG"),
            new Signature("PDF", 0, "%PDF"),
            new Signature("OpenEXR", 0, "v/1\1"),
            new Signature("Netpbm", 0, "P1"),
            new Signature("Netpbm", 0, "P2"),
            new Signature("Netpbm", 0, "P3"),
            new Signature("Netpbm", 0, "P4"),
            new Signature("Netpbm", 0, "P5"),
            new Signature("Netpbm", 0, "P6"));

    private final String readerName;
    private final Parser parser;

    ImageFormat(String readerName, Parser parser) {
        this.readerName = readerName;
        this.parser = parser;
    }

    /** Inspects a file without decoding it. */
    @FunctionalInterface
    private interface Parser {
        EncodedImage parse(String source, long maxPixels, byte... file);
    }

    private record Signature(String format, int offset, byte[] bytes) {
        Signature(String format, int offset, String latin1) {
            this(format, offset, latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        boolean isIn(byte... file) {
            int end = offset + bytes.length;
            return file.length >= end && Arrays.equals(file, offset, end, bytes, 0, bytes.length);
        }
    }

    /**
     * Inspects a whole file.
     *
     * @param source the name of the file in messages
     * @throws UnsupportedImageException if it is an image of another format
     * @throws PreprocessingException if it is not an image, is truncated or damaged, or has more pixels
     */
    static EncodedImage parse(String source, long maxPixels, byte... file) {
        String found = SIGNATURES.stream()
                .filter(signature -> signature.isIn(file))
                .map(Signature::format)
                .findFirst()
                .orElseThrow(() -> new PreprocessingException(source + ": not an image; give a PNG or JPEG file"));
        ImageFormat format = Stream.of(values())
                .filter(candidate -> candidate.name().equals(found))
                .findFirst()
                .orElseThrow(() -> new UnsupportedImageException(
                        source + ": " + found + " is not supported; save the image as PNG or JPEG"));
        return format.parser.parse(source, maxPixels, file);
    }

    /** A reader of the JDK itself, never one from the class path. */
    ImageReader newReader() {
        Iterable<ImageReaderSpi> own = () -> IIORegistry.getDefaultInstance()
                .getServiceProviders(
                        ImageReaderSpi.class,
                        spi -> spi.getClass().getModule() == ImageIO.class.getModule()
                                && List.of(((ImageReaderSpi) spi).getFormatNames())
                                        .contains(readerName),
                        true);
        try {
            return own.iterator().next().createReaderInstance();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
