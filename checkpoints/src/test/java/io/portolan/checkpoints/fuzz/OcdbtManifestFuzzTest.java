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
 * Any bytes as the body of a manifest, with the checksum that they need. A replay of the samples normally; a search
 * for worse with the profile "fuzz".
 */
@Tag("fuzz")
class OcdbtManifestFuzzTest {
    private static final String FILE = "d/0123456789abcdef";

    @MethodSource("manifests")
    @FuzzTest(maxDuration = "10m")
    void anyManifestIsReadOrRefused(byte[] body) {
        if (body != null) {
            byte[] manifest = new OcdbtBytes().raw(body).enveloped(OcdbtBytes.MANIFEST, false);
            Refusals.only(() -> OcdbtDatabase.open(MemoryFolder.of(Map.of("manifest.ocdbt", manifest, FILE, body))));
        }
    }

    static List<byte[]> manifests() {
        return List.of(body(files(1 << 20).get("manifest.ocdbt")), body(files(2).get("manifest.ocdbt")));
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
