package io.portolan.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A buffer for the bytes of an answer, with a size limit and a reservation in the memory budget for answers. */
public final class AnswerText extends ByteArrayOutputStream {
    /** Smallest number of bytes reserved at a time. */
    private static final int STEP = 1 << 16;

    private final long most;
    private final MemoryBudget.Reservation space;
    private long taken;

    /**
     * @param most largest number of bytes
     * @param space grows with the buffer
     */
    public AnswerText(long most, MemoryBudget.Reservation space) {
        this.most = most;
        this.space = space;
    }

    @Override
    public void write(int octet) {
        require(1);
        super.write(octet);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        require(length);
        super.write(bytes, offset, length);
    }

    /**
     * Reserves memory for bytes that will be written.
     *
     * @throws HttpError if {@code more} bytes exceed the limit
     */
    public void require(long more) {
        if (count + more > most) {
            throw HttpError.answerTooLarge(most);
        }
        if (count + more > taken) {
            // The array doubles its size.
            long size = Math.max(STEP, Math.min(most, 2 * (count + more)));
            space.grow(size - taken);
            taken = size;
        }
    }

    /** Appends bytes. */
    public void put(ByteBuffer bytes) {
        byte[] chunk = new byte[Math.min(STEP, bytes.remaining())];
        while (bytes.hasRemaining()) {
            int length = Math.min(chunk.length, bytes.remaining());
            bytes.get(chunk, 0, length);
            write(chunk, 0, length);
        }
    }

    /** The written bytes, not copied. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(buf, 0, count);
    }
}
