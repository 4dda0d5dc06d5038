package io.portolan.images;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Validates a JPEG file: its segments are complete, every component has a scan, and the file is not truncated.
 * Entropy-coded data are not decoded here, but the number of scans is bounded.
 */
final class JpegFile {
    /**
     * Largest number of scans; progressive files have about ten. Each costs a pass over all coefficients, however few
     * bytes it has.
     */
    private static final int MOST_SCANS = 100;

    private static final int MARKER = 0xff;
    private static final int STUFFING = 0x00;
    private static final int TEM = 0x01;
    private static final int SOF0 = 0xc0;
    private static final int SOF2 = 0xc2;
    private static final int SOF15 = 0xcf;
    private static final int DHT = 0xc4;
    private static final int JPG = 0xc8;
    private static final int DAC = 0xcc;
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP2 = 0xe2;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COM = 0xfe;

    private static final int COMPONENT_BYTES = 3;
    private static final int FRAME_BYTES = 6;

    private final String source;
    private final long maxPixels;
    private final byte[] file;
    private final ByteArrayOutputStream kept;
    private int at = 2;
    private int width;
    private int height;
    private final Set<Integer> unseen = new HashSet<>();
    private int scans;

    private JpegFile(String source, long maxPixels, byte... file) {
        this.source = source;
        this.maxPixels = maxPixels;
        this.file = file;
        this.kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, at);
    }

    /** @throws PreprocessingException if it is truncated or damaged, or has more pixels */
    static EncodedImage of(String source, long maxPixels, byte... file) {
        JpegFile jpeg = new JpegFile(source, maxPixels, file);
        jpeg.readSegments();
        return new EncodedImage(ImageFormat.JPEG, jpeg.width, jpeg.height, jpeg.kept.toByteArray());
    }

    private void readSegments() {
        int marker = nextMarker();
        while (marker != EOI) {
            if (marker == SOI || marker == TEM || isRestart(marker)) {
                throw damaged("a marker is in the wrong place");
            }
            int start = at;
            int end = start + length();
            if (marker == SOS) {
                scan(start, end);
                end = endOfScan(end);
            } else if (marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC) {
                frame(marker, start, end);
            }
            if (!isExtra(marker, start, end)) {
                keep(marker, start, end);
            }
            at = end;
            marker = nextMarker();
        }
        keep(EOI, at, at);
        if (scans == 0 || !unseen.isEmpty()) {
            throw cutOff();
        }
    }

    /** Skips to the end of the next marker. After a scan, any bytes may precede it. */
    private int nextMarker() {
        if (at < file.length && octet(at) != MARKER && scans == 0) {
            throw damaged("bytes between its segments");
        }
        while (at < file.length && octet(at) != MARKER) {
            at++;
        }
        while (at < file.length && octet(at) == MARKER) {
            at++;
        }
        if (at == file.length) {
            throw cutOff();
        }
        return octet(at++);
    }

    private int length() {
        int length = at + 1 < file.length ? octet(at) << Byte.SIZE | octet(at + 1) : Integer.MAX_VALUE;
        if (length > file.length - at) {
            throw cutOff();
        }
        if (length < 2) {
            throw damaged("a segment without a length");
        }
        return length;
    }

    private void frame(int marker, int start, int end) {
        if (marker > SOF2) {
            throw new UnsupportedImageException(source + ": this variant of JPEG is not supported (process "
                    + (marker - SOF0) + "); save the image as baseline or progressive JPEG");
        }
        int fields = start + 2;
        int components = end - fields < FRAME_BYTES ? 0 : octet(fields + 5);
        if (components == 0 || end - fields != FRAME_BYTES + COMPONENT_BYTES * components || width > 0) {
            throw damaged("it has no frame, or several");
        }
        if (octet(fields) != Byte.SIZE) {
            throw new UnsupportedImageException(source + ": JPEG of " + octet(fields)
                    + " bits a sample is not supported; save the image with 8 bits");
        }
        height = octet(fields + 1) << Byte.SIZE | octet(fields + 2);
        width = octet(fields + 3) << Byte.SIZE | octet(fields + 4);
        if (height == 0 || width == 0) {
            throw damaged("its header says " + width + "x" + height + " pixels");
        }
        ImageDecoder.requireSize(source, width, height, maxPixels);
        for (int component = 0; component < components; component++) {
            unseen.add(octet(fields + FRAME_BYTES + COMPONENT_BYTES * component));
        }
    }

    private void scan(int start, int end) {
        int components = end - start < 3 ? 0 : octet(start + 2);
        if (width == 0 || components == 0 || end - start != 6 + 2 * components) {
            throw damaged("a scan without a frame or components");
        }
        if (++scans > MOST_SCANS) {
            throw new PreprocessingException(
                    source + ": the image has more than " + MOST_SCANS + " scans; save it again");
        }
        for (int component = 0; component < components; component++) {
            unseen.remove(octet(start + 3 + 2 * component));
        }
    }

    /** The position of the marker after entropy-coded data. */
    private int endOfScan(int from) {
        for (int i = from; i + 1 < file.length; i++) {
            if (octet(i) == MARKER && octet(i + 1) != STUFFING && octet(i + 1) != MARKER && !isRestart(octet(i + 1))) {
                return i;
            }
        }
        throw cutOff();
    }

    private static boolean isRestart(int marker) {
        return marker >= RST0 && marker <= RST7;
    }

    /**
     * Whether a segment is a profile, comment, thumbnail or the like; one that determines the colour encoding is not.
     */
    private boolean isExtra(int marker, int start, int end) {
        return switch (marker) {
            case APP0 -> !startsWith("JFIF", start, end);
            case APP1 -> !startsWith("Exif", start, end);
            case APP14 -> !startsWith("Adobe", start, end);
            default -> marker == COM || marker >= APP2 && marker <= APP15;
        };
    }

    private boolean startsWith(String name, int start, int end) {
        int from = start + 2;
        byte[] letters = name.getBytes(StandardCharsets.ISO_8859_1);
        return end - from >= letters.length
                && Arrays.equals(file, from, from + letters.length, letters, 0, letters.length);
    }

    private void keep(int marker, int start, int end) {
        kept.write(MARKER);
        kept.write(marker);
        kept.write(file, start, end - start);
    }

    private int octet(int index) {
        return file[index] & 0xff;
    }

    private PreprocessingException cutOff() {
        return new PreprocessingException(source + ": the image is truncated; get the whole file");
    }

    private PreprocessingException damaged(String what) {
        return new PreprocessingException(source + ": damaged image: " + what);
    }
}
