package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.stores.MemoryFolder;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.zarr.ZarrArray;
import io.portolan.checkpoints.zarr.ZarrWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as the metadata of an array. A replay of the samples
 * normally; a search for worse with the profile "fuzz".
 */
@Tag("fuzz")
class ZarrMetadataFuzzTest {
    private static final long LARGEST = 1 << 20;
    private static final byte[] CHUNK = new byte[16];
    private static final String BYTES = "[{'name':'bytes','configuration':{'endian':'little'}}]";

    @MethodSource("metadata")
    @FuzzTest(maxDuration = "10m")
    void anyMetadataIsReadOrRefused(byte[] json) {
        if (json != null) {
            for (String file : List.of("a/.zarray", "a/zarr.json")) {
                Refusals.only(() -> read(Map.of(file, json, "a/0", CHUNK, "a/0.0", CHUNK, "a/c/0", CHUNK)));
            }
        }
    }

    static List<byte[]> metadata() {
        return List.of(
                ZarrWriter.json(ZarrWriter.version2("<f4", "[4]", "[4]", "null", "C")),
                ZarrWriter.json(ZarrWriter.version2("bfloat16", "[2,2]", "[2,1]", "{'id':'zstd'}", "F")),
                ZarrWriter.json(ZarrWriter.version3("int16", "[8]", "[8]", BYTES)),
                ZarrWriter.json(ZarrWriter.version3("uint8", "[4]", "[4]", ZarrWriter.shards("[2]", BYTES, "start"))));
    }

    static void read(Map<String, byte[]> files) throws IOException {
        for (boolean isComplete : new boolean[] {true, false}) {
            Optional<ZarrArray> array = ZarrArray.open(MemoryFolder.of(files), "a", isComplete);
            if (array.isPresent() && array.get().byteCount() <= LARGEST) {
                elements(array.get().data());
            }
        }
    }

    /** Reads the elements; a refusal is thrown as it is when a file is opened. */
    static void elements(ArrayData array) throws IOException {
        try {
            array.region();
        } catch (UncheckedIOException late) {
            if (late.getCause() instanceof CheckpointException refused) {
                throw refused;
            }
            throw late;
        }
    }
}
