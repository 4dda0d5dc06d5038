package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.ocdbt.OcdbtBytes;
import io.portolan.checkpoints.zarr.ZarrWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as a shard, with the checksum that its index needs. A replay of the samples
 * normally; a search for worse with the profile "fuzz".
 */
@Tag("fuzz")
class ShardFuzzTest {
    private static final String BYTES = "[{'name':'bytes','configuration':{'endian':'little'}}]";

    @MethodSource("shards")
    @FuzzTest(maxDuration = "10m")
    void anyShardIsReadOrRefused(byte[] shard) {
        if (shard != null && shard.length >= 32) {
            byte[] index = Arrays.copyOfRange(shard, shard.length - 32, shard.length);
            int crc = OcdbtBytes.crc(index, index.length);
            byte[] whole = new OcdbtBytes()
                    .raw(shard)
                    .bytes(crc, crc >> 8, crc >> 16, crc >> 24)
                    .toBytes();
            String json = ZarrWriter.version3("uint8", "[4]", "[4]", ZarrWriter.shards("[2]", BYTES, "end"));
            Refusals.only(
                    () -> ZarrMetadataFuzzTest.read(Map.of("a/zarr.json", ZarrWriter.json(json), "a/c/0", whole)));
        }
    }

    static List<byte[]> shards() {
        return List.of(ZarrWriter.shard(false, new byte[2], new byte[2]), ZarrWriter.shard(false, new byte[2], null));
    }
}
