package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.stores.Store;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An array in a store. Opening it reads its metadata and finds its chunks; these are read, decompressed and checked
 * each time that the elements are asked for.
 */
public final class ZarrArray {
    /** The versions of the format, newest last, with the keys of their metadata below that of the array. */
    private enum Version {
        V2("zarr v2", "/.zarray") {
            @Override
            ArrayMetadata parse(JsonDocument json, boolean isComplete) throws CheckpointException {
                return ZarrVersion2.parse(json, isComplete);
            }
        },
        V3("zarr v3", "/zarr.json") {
            @Override
            ArrayMetadata parse(JsonDocument json, boolean isComplete) throws CheckpointException {
                return ZarrVersion3.parse(json, isComplete);
            }
        };

        private final String label;
        private final String key;

        Version(String label, String key) {
            this.label = label;
            this.key = key;
        }

        abstract ArrayMetadata parse(JsonDocument json, boolean isComplete) throws CheckpointException;
    }

    private final Store store;
    private final String key;
    private final Version version;
    private final ArrayMetadata metadata;
    private final ChunkGrid grid;

    private ZarrArray(Store store, String key, Version version, ArrayMetadata metadata) throws CheckpointException {
        this.store = store;
        this.key = key;
        this.version = version;
        this.metadata = metadata;
        this.grid = ChunkGrid.of(metadata.name(), metadata.shape(), metadata.chunkShape());
    }

    /** Whether there is an array at a key. */
    public static boolean isAt(Store store, String key) throws IOException {
        for (Version version : Version.values()) {
            if (store.find(key + version.key).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Opens the array at a key; empty if there is none.
     *
     * @param key the key of the array, under which its metadata and chunks are
     * @param isComplete whether all chunks were written, so that one that is missing is an error instead of the fill value
     * @throws CheckpointException if the metadata is malformed or asks for what is not supported, or a chunk is missing
     */
    public static Optional<ZarrArray> open(Store store, String key, boolean isComplete) throws IOException {
        for (Version version : Version.values()) {
            Optional<StoredValue> json = store.find(key + version.key);
            if (json.isPresent()) {
                ZarrArray array =
                        new ZarrArray(store, key, version, version.parse(JsonDocument.parse(json.get()), isComplete));
                array.checkChunks();
                return Optional.of(array);
            }
        }
        return Optional.empty();
    }

    /** The version of the format, such as {@code zarr v2}. */
    public String format() {
        return version.label;
    }

    /** The size of the elements in bytes. */
    public long byteCount() {
        return ArrayData.byteCount(metadata.dtype().type(), metadata.shape());
    }

    /** The array, whose chunks are read when its elements are asked for. */
    public ArrayData data() {
        return ArrayData.deferred(metadata.dtype().type(), metadata.shape(), this::read);
    }

    /**
     * Reads all chunks.
     *
     * @throws CheckpointException if one is damaged
     */
    private ByteRegion read() throws IOException {
        Chunks chunks = new Chunks(metadata.name(), metadata.dtype().type(), grid, metadata.fill());
        return chunks.read(index -> {
            Optional<StoredValue> chunk = chunk(index);
            return chunk.isPresent()
                    ? Optional.of(metadata.codec().decode(chunk.get(), metadata.chunkShape(), grid.used(index)))
                    : Optional.empty();
        });
    }

    /** Requires the chunks that must be there, and those that are not compressed to have their size. */
    private void checkChunks() throws IOException {
        OptionalInt size = metadata.codec().storedBytes(metadata.chunkShape());
        for (long[] index : grid) {
            Optional<StoredValue> chunk = chunk(index);
            if (chunk.isEmpty()) {
                metadata.fill().requireAllowed(metadata.keys().key(index));
            } else if (size.isPresent() && chunk.get().size() != size.getAsInt()) {
                throw new CheckpointException(
                        chunk.get().name() + ": " + chunk.get().size() + " bytes: expected " + size.getAsInt()
                                + ", a whole chunk; the copy may be incomplete");
            }
        }
    }

    private Optional<StoredValue> chunk(long[] index) throws IOException {
        return store.find(key + "/" + metadata.keys().key(index));
    }
}
