package io.portolan.checkpoints.values;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Immutable bytes of any length, also above the 2 GiB of a {@link ByteBuffer}: one buffer or several in a row. Nothing is
 * copied unless a method says so. All buffers that it returns are read-only and little-endian.
 */
public final class ByteRegion {
    /** The longest buffer that every Java runtime can allocate. */
    public static final int LONGEST_BUFFER = Integer.MAX_VALUE - 8;

    private static final ByteRegion EMPTY = of(ByteBuffer.allocate(0));
    private static final int CHUNK = 1 << 16;

    /** The pieces, each with the offset of its first byte; a piece may overlap the next one, and has the same bytes there. */
    private final ByteBuffer[] pieces;

    private final long[] starts;
    private final long size;

    private ByteRegion(ByteBuffer[] pieces, long[] starts) {
        this.pieces = pieces;
        this.starts = starts;
        int last = pieces.length - 1;
        this.size = starts[last] + pieces[last].capacity();
    }

    /** The remaining bytes of a buffer, which must not change afterwards. */
    public static ByteRegion of(ByteBuffer bytes) {
        return new ByteRegion(new ByteBuffer[] {view(bytes.slice())}, new long[1]);
    }

    /** The remaining bytes of several buffers, one after the other; they must not change afterwards. */
    public static ByteRegion joined(List<ByteBuffer> buffers) {
        List<ByteBuffer> filled =
                buffers.stream().filter(ByteBuffer::hasRemaining).toList();
        if (filled.isEmpty()) {
            return EMPTY;
        }
        long[] starts = new long[filled.size()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + filled.get(i - 1).remaining();
        }
        return new ByteRegion(
                filled.stream().map(buffer -> view(buffer.slice())).toArray(ByteBuffer[]::new), starts);
    }

    /**
     * Buffers that start at multiples of a stride and may be longer than it, so that each slice of at most the surplus is
     * a view of one of them. Where two overlap, they must have the same bytes.
     */
    public static ByteRegion overlapping(List<ByteBuffer> buffers, long stride) {
        long[] starts = new long[buffers.size()];
        Arrays.setAll(starts, i -> i * stride);
        for (int i = 0; i < starts.length - 1; i++) {
            if (buffers.get(i).remaining() < stride) {
                throw new IllegalArgumentException("a gap after buffer " + i);
            }
        }
        return new ByteRegion(
                buffers.stream().map(buffer -> view(buffer.slice())).toArray(ByteBuffer[]::new), starts);
    }

    /** Number of bytes. */
    public long size() {
        return size;
    }

    public byte get(long offset) {
        Objects.checkIndex(offset, size);
        int piece = pieceAt(offset);
        return pieces[piece].get((int) (offset - starts[piece]));
    }

    /**
     * A view of a part.
     *
     * @throws IndexOutOfBoundsException if it does not lie within the region
     */
    public ByteRegion slice(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, size);
        if (length == 0) {
            return EMPTY;
        }
        int first = pieceAt(offset);
        int last = first;
        while (end(last) < offset + length) {
            last++;
        }
        ByteBuffer[] parts = new ByteBuffer[last - first + 1];
        long[] partStarts = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            long from = Math.max(offset, starts[first + i]);
            long to = Math.min(offset + length, end(first + i));
            parts[i] = view(pieces[first + i].slice((int) (from - starts[first + i]), (int) (to - from)));
            partStarts[i] = from - offset;
        }
        return new ByteRegion(parts, partStarts);
    }

    /** A view of everything from an offset on. */
    public ByteRegion slice(long offset) {
        return slice(offset, size - offset);
    }

    /** A view of the first bytes, at most {@code most}. */
    public ByteBuffer head(int most) {
        return slice(0, Math.min(most, size)).buffer();
    }

    /** Whether {@link #buffer()} can return the region. */
    public boolean fitsBuffer() {
        return size <= LONGEST_BUFFER;
    }

    /**
     * The region as one buffer: a new view, or a copy of a region that consists of several buffers.
     *
     * @throws IllegalStateException if it is longer than {@value #LONGEST_BUFFER} bytes
     */
    public ByteBuffer buffer() {
        if (pieces.length == 1) {
            return view(pieces[0]);
        }
        if (!fitsBuffer()) {
            throw new IllegalStateException(size + " bytes are too many for one buffer");
        }
        ByteBuffer copy = ByteBuffer.allocate((int) size);
        buffers().forEach(copy::put);
        return view(copy.flip());
    }

    /** The region as views of consecutive buffers, for whoever reads it from start to end. */
    public List<ByteBuffer> buffers() {
        List<ByteBuffer> consecutive = new ArrayList<>();
        for (int i = 0; i < pieces.length; i++) {
            int length = i + 1 < pieces.length ? (int) (starts[i + 1] - starts[i]) : pieces[i].capacity();
            consecutive.add(view(pieces[i].slice(0, length)));
        }
        return consecutive;
    }

    /** Copies bytes from an offset into an array. */
    public void get(long offset, byte[] target, int start, int count) {
        Objects.checkFromIndexSize(offset, count, size);
        Objects.checkFromIndexSize(start, count, target.length);
        for (int done = 0; done < count; ) {
            int piece = pieceAt(offset + done);
            int length = (int) Math.min(count - done, end(piece) - (offset + done));
            pieces[piece].get((int) (offset + done - starts[piece]), target, start + done, length);
            done += length;
        }
    }

    public void writeTo(OutputStream out) throws IOException {
        byte[] chunk = new byte[(int) Math.min(size, CHUNK)];
        for (ByteBuffer buffer : buffers()) {
            while (buffer.hasRemaining()) {
                int count = Math.min(chunk.length, buffer.remaining());
                buffer.get(chunk, 0, count);
                out.write(chunk, 0, count);
            }
        }
    }

    /** Whether the bytes are equal. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof ByteRegion that) || size != that.size) {
            return false;
        }
        long offset = 0;
        for (ByteBuffer buffer : buffers()) {
            for (ByteBuffer opposite : that.slice(offset, buffer.remaining()).buffers()) {
                if (!buffer.slice(buffer.position(), opposite.remaining()).equals(opposite)) {
                    return false;
                }
                buffer.position(buffer.position() + opposite.remaining());
            }
            offset += buffer.limit();
        }
        return true;
    }

    @Override
    public int hashCode() {
        // Of the ends only, since equal regions may be divided differently and are large.
        int most = (int) Math.min(size, CHUNK);
        return 31 * (31 * Long.hashCode(size) + slice(0, most).buffer().hashCode())
                + slice(size - most).buffer().hashCode();
    }

    @Override
    public String toString() {
        return size + " bytes";
    }

    /** The last piece that starts at or before an offset, which holds the most of what follows. */
    private int pieceAt(long offset) {
        int found = Arrays.binarySearch(starts, offset);
        return found >= 0 ? found : -found - 2;
    }

    private long end(int piece) {
        return starts[piece] + pieces[piece].capacity();
    }

    private static ByteBuffer view(ByteBuffer buffer) {
        return buffer.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
