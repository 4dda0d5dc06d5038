package io.portolan.checkpoints.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.portolan.checkpoints.containers.Containers;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ByteRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a compressed file. A replay of the samples normally; a search for worse with the profile "fuzz". */
@Tag("fuzz")
class CompressionFuzzTest {
    private static final UnpackingLimits SMALL = new UnpackingLimits(1 << 22, 200, 1 << 20);

    @MethodSource("samples")
    @FuzzTest(maxDuration = "5m")
    void anyBytesAreUnpackedOrRefused(byte[] bytes) {
        if (bytes != null) {
            Refusals.only(() -> new Containers(SMALL, head -> false, archive -> false)
                    .open("fuzz", ByteRegion.of(ByteBuffer.wrap(bytes))));
        }
    }

    static List<byte[]> samples() throws IOException {
        List<byte[]> samples = new ArrayList<>();
        for (String name : List.of("lz4", "lzma", "zlib", "gzip", "bz2", "xz")) {
            samples.add(Files.readAllBytes(FormatSample.file("joblib/" + name + ".joblib")));
        }
        return samples;
    }
}
