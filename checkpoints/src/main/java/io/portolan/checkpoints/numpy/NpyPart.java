package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.TextArray;
import java.util.Arrays;
import java.util.List;

/** An array in the format {@code .npy} at the start of some bytes, which may hold more after it. */
public final class NpyPart {
    private final String name;
    private final NpyHeader header;
    private final ByteRegion bytes;
    private final int headerLength;

    NpyPart(String name, NpyHeader header, ByteRegion bytes, int headerLength) {
        this.name = name;
        this.header = header;
        this.bytes = bytes;
        this.headerLength = headerLength;
    }

    /** Whether the elements are objects, which follow the header as a pickle. */
    public boolean holdsObjects() {
        return header.holdsObjects();
    }

    /** Whether the elements are texts. */
    public boolean holdsTexts() {
        return header.texts().isPresent();
    }

    /**
     * The array of texts, if nothing follows it.
     *
     * @throws CheckpointException if the elements are no texts in Unicode or UTF-8, or not as many as the shape has
     */
    public TextArray texts() throws CheckpointException {
        TextType type = header.texts()
                .orElseThrow(() -> new CheckpointException(name + ": an array without texts: expected texts here"));
        return type.read(name, behindHeader(), header.shape(), header.isFortranOrder());
    }

    /** The sizes of the axes. */
    public List<Long> shape() {
        return Arrays.stream(header.shape()).boxed().toList();
    }

    /** The bytes behind the header: the elements, and whatever follows. */
    public ByteRegion behindHeader() {
        return bytes.slice(headerLength);
    }

    /**
     * The length in bytes of header and elements.
     *
     * @throws CheckpointException if the elements are objects or texts, or not all there
     */
    public long length() throws CheckpointException {
        if (header.holdsObjects() || holdsTexts()) {
            throw new CheckpointException(
                    name + ": an array of " + (holdsTexts() ? "texts" : "objects") + ": expected numbers here");
        }
        long expected = NpyFile.byteCount(header, name);
        if (expected > bytes.size() - headerLength) {
            throw new CheckpointException(
                    name + ": shape " + Arrays.toString(header.shape()) + " takes " + expected + " bytes of a file of "
                            + bytes.size() + " from byte " + headerLength + ": expected the whole array");
        }
        return headerLength + expected;
    }

    /**
     * The array, which may be a view of the bytes.
     *
     * @throws CheckpointException as {@link #length}
     */
    public ArrayData array() throws CheckpointException {
        long end = length();
        return header.layout().read(header.dtype(), bytes.slice(headerLength, end - headerLength));
    }

    /**
     * The array, if nothing follows it.
     *
     * @throws CheckpointException as {@link #length}, or if bytes follow
     */
    public ArrayData onlyArray() throws CheckpointException {
        if (length() < bytes.size()) {
            throw new CheckpointException(name + ": bytes follow the array: expected the end at byte " + length());
        }
        return array();
    }
}
