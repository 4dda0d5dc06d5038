package io.portolan.checkpoints.ocdbt;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Puts together the bytes of manifests and nodes, right or wrong. */
public final class OcdbtBytes {
    public static final int MANIFEST = 0x0cdb3a2a;
    public static final int NODE = 0x0cdb20de;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Unsigned LEB128 numbers. */
    public OcdbtBytes varints(long... values) {
        for (long value : values) {
            long rest = value;
            while (Long.compareUnsigned(rest, 0x80) >= 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
        return this;
    }

    /** Single bytes. */
    public OcdbtBytes bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    public OcdbtBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Zero bytes. */
    public OcdbtBytes zeros(int count) {
        return raw(new byte[count]);
    }

    /** The columns of texts: shared lengths, own lengths, and after further columns the texts. */
    public OcdbtBytes texts(List<byte[]> texts, OcdbtBytes between) {
        int[] shared = new int[texts.size()];
        for (int i = 1; i < shared.length; i++) {
            int difference = Arrays.mismatch(texts.get(i - 1), texts.get(i));
            shared[i] = difference < 0 ? texts.get(i).length : difference;
            varints(shared[i]);
        }
        for (int i = 0; i < shared.length; i++) {
            varints(texts.get(i).length - shared[i]);
        }
        raw(between.toBytes());
        for (int i = 0; i < shared.length; i++) {
            raw(Arrays.copyOfRange(texts.get(i), shared[i], texts.get(i).length));
        }
        return this;
    }

    /** A table of one data file. */
    public OcdbtBytes table(String base, String path) {
        byte[] whole = utf8(base + path);
        return varints(1, whole.length, utf8(base).length).raw(whole);
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    /** The bytes in an envelope. */
    public byte[] enveloped(int magic, boolean compressed) {
        byte[] body = toBytes();
        if (compressed) {
            ZstdCompressor zstd = new ZstdCompressor();
            byte[] packed = new byte[zstd.maxCompressedLength(body.length)];
            body = Arrays.copyOf(packed, zstd.compress(body, 0, body.length, packed, 0, packed.length));
        }
        ByteBuffer whole = ByteBuffer.allocate(18 + body.length);
        whole.putInt(magic).order(ByteOrder.LITTLE_ENDIAN).putLong(whole.capacity());
        whole.put((byte) 0).put((byte) (compressed ? 1 : 0)).put(body);
        return whole.putInt(crc(whole.array(), whole.position())).array();
    }

    /** The CRC-32C of the first bytes. */
    public static int crc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
