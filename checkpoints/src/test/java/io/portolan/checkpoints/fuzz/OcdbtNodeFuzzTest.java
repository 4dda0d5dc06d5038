package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.ocdbt.OcdbtBytes;
import io.portolan.checkpoints.ocdbt.OcdbtDatabase;
import io.portolan.checkpoints.ocdbt.OcdbtWriter;
import io.portolan.checkpoints.stores.MemoryFolder;
import io.portolan.checkpoints.zarr.ZarrWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as the body of a node, with the checksum that they need. A replay of the samples normally; a search
 * for worse with the profile "fuzz".
 */
@Tag("fuzz")
class OcdbtNodeFuzzTest {
    private static final String FILE = "d/0123456789abcdef";

    @MethodSource("nodes")
    @FuzzTest(maxDuration = "10m")
    void anyNodeIsReadOrRefused(byte[] body) {
        if (body != null) {
            byte[] node = new OcdbtBytes().raw(body).enveloped(OcdbtBytes.NODE, false);
            int height = body.length == 0 ? 0 : Math.min(64, Byte.toUnsignedInt(body[0]));
            byte[] manifest = OcdbtWriter.config(0)
                    .table("", FILE)
                    .varints(1, 1)
                    .bytes(height)
                    .varints(0, 0, node.length, 1, 0, 0)
                    .zeros(Long.BYTES)
                    .varints(0)
                    .enveloped(OcdbtBytes.MANIFEST, false);
            Refusals.only(() -> OcdbtDatabase.open(MemoryFolder.of(Map.of("manifest.ocdbt", manifest, FILE, node))));
        }
    }

    static List<byte[]> nodes() {
        byte[] leaf = files(1 << 20).get(FILE);
        return List.of(
                body(leaf),
                new OcdbtBytes()
                        .bytes(1)
                        .table("", FILE)
                        .varints(1, 1, 0, 'a', 0, 0, 9)
                        .toBytes());
    }

    private static Map<String, byte[]> files(int fanOut) {
        Map<String, byte[]> values = new TreeMap<>(ZarrWriter.whole("w", new byte[16], 2, 2, true));
        values.putAll(ZarrWriter.whole("v", new byte[16], 2, 2, false));
        return new OcdbtWriter(fanOut, 1024, false, false, "").files(values);
    }

    /** What is within an uncompressed envelope. */
    private static byte[] body(byte[] enveloped) {
        return Arrays.copyOfRange(enveloped, 14, enveloped.length - Integer.BYTES);
    }
}
