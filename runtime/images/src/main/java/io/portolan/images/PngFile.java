package io.portolan.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Validates a PNG file: its chunks are complete and in order, and the compressed data contain every row. A file that is
 * truncated after its last row is accepted, as by Pillow.
 */
final class PngFile {
    private static final int SIGNATURE_BYTES = 8;
    private static final int HEADER_BYTES = 13;

    /** Bytes of length, type and checksum. */
    private static final int CHUNK_OVERHEAD = 12;

    /** The bit in a chunk's first letter that marks it as ancillary; other chunks must be understood. */
    private static final int ANCILLARY = 0x20;

    private static final int PALETTE = 3;

    private static final Map<Integer, Colour> COLOURS = Map.of(
            0,
            new Colour(1, Set.of(1, 2, 4, 8, 16)),
            2,
            new Colour(3, Set.of(8, 16)),
            PALETTE,
            new Colour(1, Set.of(1, 2, 4, 8)),
            4,
            new Colour(2, Set.of(8, 16)),
            6,
            new Colour(4, Set.of(8, 16)));

    /** Adam7: first column, first row, and the steps between columns and rows of each pass. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private final String source;
    private final long maxPixels;
    private final ByteBuffer file;
    private Header header;
    private byte[] palette = new byte[0];
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private PngFile(String source, long maxPixels, byte... file) {
        this.source = source;
        this.maxPixels = maxPixels;
        this.file = ByteBuffer.wrap(file).position(SIGNATURE_BYTES);
    }

    private record Colour(int samples, Set<Integer> depths) {}

    private record Header(byte[] bytes, int width, int height, int bitsOfPixel, int colour, boolean interlaced) {
        long rawBytes() {
            long total = 0;
            for (int[] pass : interlaced ? PASSES : ONE_PASS) {
                long columns = (width - pass[0] + pass[2] - 1L) / pass[2];
                long rows = (height - pass[1] + pass[3] - 1L) / pass[3];
                total += columns <= 0 || rows <= 0 ? 0 : rows * (1 + (columns * bitsOfPixel + 7) / 8);
            }
            return total;
        }
    }

    private enum Part {
        BEFORE_DATA,
        DATA,
        AFTER_DATA
    }

    /** @throws PreprocessingException if it is truncated or damaged, or has more pixels */
    static EncodedImage of(String source, long maxPixels, byte... file) {
        PngFile png = new PngFile(source, maxPixels, file);
        png.readChunks();
        png.requireRows();
        return new EncodedImage(ImageFormat.PNG, png.header.width(), png.header.height(), png.withoutExtras(file));
    }

    private void readChunks() {
        Part part = Part.BEFORE_DATA;
        String type = "";
        while (!type.equals("IEND")) {
            int length = file.remaining() < CHUNK_OVERHEAD ? -1 : file.getInt();
            if (length < 0 || length > file.remaining() - Integer.BYTES - Integer.BYTES) {
                // Missing rows are detected when they are inflated.
                if (part != Part.BEFORE_DATA) {
                    break;
                }
                throw cutOff();
            }
            type = type();
            part = next(part, type);
            take(type, checkedContent(type, length, part));
        }
        if (header == null || data.size() == 0) {
            throw cutOff();
        }
        if (header.colour() == PALETTE && palette.length == 0) {
            throw damaged("it has no palette");
        }
    }

    private String type() {
        byte[] letters = new byte[Integer.BYTES];
        file.get(letters);
        String type = new String(letters, StandardCharsets.ISO_8859_1);
        if (!type.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')) {
            throw damaged("a chunk has no name");
        }
        return type;
    }

    private Part next(Part part, String type) {
        if ((header == null) != type.equals("IHDR")) {
            throw damaged("its chunk " + type + " is in the wrong place");
        }
        if (!type.equals("IDAT")) {
            return part == Part.BEFORE_DATA ? part : Part.AFTER_DATA;
        }
        if (part == Part.AFTER_DATA) {
            throw damaged("its pixels are interrupted by another chunk");
        }
        return Part.DATA;
    }

    /** The content of a chunk after its checksum was verified; chunks after the pixels are not verified. */
    private ByteBuffer checkedContent(String type, int length, Part part) {
        CRC32 sum = new CRC32();
        sum.update(file.slice(file.position() - Integer.BYTES, length + Integer.BYTES));
        ByteBuffer content = file.slice(file.position(), length);
        file.position(file.position() + length);
        if (file.getInt() != (int) sum.getValue() && part != Part.AFTER_DATA) {
            throw damaged("the checksum of its chunk " + type + " is wrong");
        }
        return content;
    }

    private void take(String type, ByteBuffer content) {
        switch (type) {
            case "IHDR" -> header = header(bytes(content));
            case "PLTE" -> palette = bytes(content);
            case "IDAT" -> data.writeBytes(bytes(content));
            case "IEND" -> {}
            default -> {
                if ((type.charAt(0) & ANCILLARY) == 0) {
                    throw new UnsupportedImageException(source + ": this variant of PNG is not supported, with a chunk "
                            + type + "; save the image as an ordinary PNG");
                }
            }
        }
    }

    private static byte[] bytes(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    private Header header(byte... content) {
        if (content.length != HEADER_BYTES) {
            throw damaged("its header has " + content.length + " bytes, not " + HEADER_BYTES);
        }
        ByteBuffer fields = ByteBuffer.wrap(content);
        int width = fields.getInt();
        int height = fields.getInt();
        int depth = fields.get();
        int colour = fields.get();
        Colour known = COLOURS.get(colour);
        if (width <= 0 || height <= 0 || known == null || !known.depths().contains(depth)) {
            throw damaged("its header says " + width + "x" + height + " pixels of colour type " + colour + " and "
                    + depth + " bits, which is not valid");
        }
        ImageDecoder.requireSize(source, width, height, maxPixels);
        boolean interlaced = content[HEADER_BYTES - 1] != 0;
        return new Header(content, width, height, known.samples() * depth, colour, interlaced);
    }

    /** Inflates the rows without keeping them, and verifies their checksum. Nothing is inflated beyond them. */
    private void requireRows() {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(data.toByteArray());
            long missing = header.rawBytes();
            byte[] rows = new byte[1 << 16];
            while (missing > 0) {
                int count = inflater.inflate(rows, 0, (int) Math.min(rows.length, missing));
                if (count == 0 && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
                    throw cutOff();
                }
                missing -= count;
            }
            // Reads the checksum of the rows, if nothing precedes it.
            inflater.inflate(rows, 0, 1);
        } catch (DataFormatException damage) {
            throw damaged("its pixels cannot be decompressed (" + damage.getMessage() + ")");
        } finally {
            inflater.end();
        }
    }

    private byte[] withoutExtras(byte... original) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(data.size() + palette.length + 100);
        file.write(original, 0, SIGNATURE_BYTES);
        chunk("IHDR", header.bytes(), file);
        if (palette.length > 0) {
            chunk("PLTE", palette, file);
        }
        chunk("IDAT", data.toByteArray(), file);
        chunk("IEND", new byte[0], file);
        return file.toByteArray();
    }

    private static void chunk(String type, byte[] content, ByteArrayOutputStream file) {
        ByteBuffer chunk = ByteBuffer.allocate(content.length + CHUNK_OVERHEAD)
                .putInt(content.length)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .put(content);
        CRC32 sum = new CRC32();
        sum.update(chunk.array(), Integer.BYTES, content.length + Integer.BYTES);
        file.writeBytes(chunk.putInt((int) sum.getValue()).array());
    }

    private PreprocessingException cutOff() {
        return new PreprocessingException(source + ": the image is truncated; get the whole file");
    }

    private PreprocessingException damaged(String what) {
        return new PreprocessingException(source + ": damaged image: " + what);
    }
}
