package io.portolan.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG files chunk by chunk, sound or not. */
public final class PngBuilder {
    private static final byte[] SIGNATURE =
            ByteBuffer.allocate(Long.BYTES).putLong(0x89504e470d0a1a0aL).array();

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    public PngBuilder() {
        file.writeBytes(SIGNATURE);
    }

    /** @param colour 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha */
    public PngBuilder header(int width, int height, int depth, int colour, boolean interlaced) {
        return chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) depth)
                        .put((byte) colour)
                        .put((byte) 0)
                        .put((byte) 0)
                        .put((byte) (interlaced ? 1 : 0))
                        .array());
    }

    /** Rows of zeros, as many bytes as there are. */
    public PngBuilder zeros(long bytes) {
        return chunk("IDAT", deflatedZeros(bytes));
    }

    public PngBuilder chunk(String type, byte... content) {
        return chunk(type, 0, content);
    }

    /** @param error added to the checksum */
    public PngBuilder chunk(String type, int error, byte... content) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        file.writeBytes(ByteBuffer.allocate(content.length + 12)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) sum.getValue() ^ error)
                .array());
        return this;
    }

    public byte[] end() {
        return chunk("IEND").bytes();
    }

    public byte[] bytes() {
        return file.toByteArray();
    }

    public static byte[] deflatedZeros(long bytes) {
        return deflated(bytes, new byte[1 << 16]);
    }

    public static byte[] deflated(byte... content) {
        return deflated(content.length, content);
    }

    private static byte[] deflated(long bytes, byte... block) {
        Deflater deflater = new Deflater(9);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (long left = bytes; left > 0; left -= block.length) {
            deflater.setInput(block, 0, (int) Math.min(block.length, left));
            while (!deflater.needsInput()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        deflater.finish();
        while (!deflater.finished()) {
            packed.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return packed.toByteArray();
    }
}
