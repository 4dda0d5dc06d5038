package io.portolan.checkpoints.hdf5;

import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Undoes the filters of chunks: deflate and shuffle, in memory that does not exceed the chunk's size. */
final class ChunkFilters {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;

    private final List<PipelineFilterWithData> filters;

    /**
     * @param filters the filters in the order in which the writer applied them
     * @throws IllegalArgumentException if one is not known
     */
    ChunkFilters(List<PipelineFilterWithData> filters) {
        for (PipelineFilterWithData filter : filters) {
            if (filter.getId() != DEFLATE && filter.getId() != SHUFFLE) {
                throw new IllegalArgumentException("the filter " + filter.getName());
            }
        }
        this.filters = filters;
    }

    /**
     * The elements of a chunk.
     *
     * @param size how many bytes they take
     * @throws IllegalArgumentException if the chunk is damaged
     */
    byte[] undo(ByteBuffer packed, int size, int elementBytes) {
        byte[] bytes = new byte[packed.remaining()];
        packed.get(bytes);
        for (int i = filters.size() - 1; i >= 0; i--) {
            bytes = filters.get(i).getId() == DEFLATE ? inflate(bytes, size) : unshuffle(bytes, elementBytes);
        }
        if (bytes.length != size) {
            throw new IllegalArgumentException("a chunk of " + bytes.length + " bytes instead of " + size);
        }
        return bytes;
    }

    private static byte[] inflate(byte[] packed, int size) {
        byte[] bytes = new byte[size];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            int filled = 0;
            for (int count = -1; filled < size && count != 0; filled += count) {
                count = inflater.inflate(bytes, filled, size - filled);
            }
            if (filled < size || !inflater.finished() && inflater.inflate(new byte[1]) > 0) {
                throw new IllegalArgumentException("a chunk that does not unpack to " + size + " bytes");
            }
            return bytes;
        } catch (DataFormatException broken) {
            throw new IllegalArgumentException("a damaged chunk, " + broken.getMessage(), broken);
        } finally {
            inflater.end();
        }
    }

    /** Restores elements from a chunk that has the first bytes of all of them, then the second ones, and so on. */
    private static byte[] unshuffle(byte[] shuffled, int elementBytes) {
        byte[] bytes = new byte[shuffled.length];
        int elements = shuffled.length / elementBytes;
        for (int element = 0; element < elements; element++) {
            for (int part = 0; part < elementBytes; part++) {
                bytes[element * elementBytes + part] = shuffled[part * elements + element];
            }
        }
        return bytes;
    }
}
