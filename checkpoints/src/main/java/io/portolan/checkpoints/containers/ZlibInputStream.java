package io.portolan.checkpoints.containers;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Decompresses one zlib stream, which must be the rest of its source. */
final class ZlibInputStream extends InflaterInputStream {
    private static final int BUFFER = 1 << 16;

    ZlibInputStream(InputStream packed) {
        super(packed, new Inflater(), BUFFER);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count < 0 && (inf.getRemaining() > 0 || in.read() >= 0)) {
            throw new IOException("bytes follow the stream");
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        super.close();
        inf.end();
    }
}
